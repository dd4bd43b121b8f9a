"""BN-Inception, the network that TSN was published with.

Ioffe, Szegedy: "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift"
(ICML 2015, arXiv 1502.03167), figure 5. Names and numbers are those of Xiong's port from Caffe, with Cadene's
`last_linear`, so that either's weights load by key: convolutions have a bias although a norm follows, every
pooling rounds its size up, and only 5b pools by maximum among the blocks that keep their size.

Those weights want BGR in 0..255 less (104, 117, 128); NETWORKS says so for pixels in 0..1. Known deviation:
the last pooling takes whatever is left of the picture, where the ports want exactly 7x7.
"""

from typing import Literal

import torch
from torch import Tensor, nn

from training.ml.layers import Layers
from training.ml.models.contract import Network, Takes, WrongInput

FEATURES = 1024
MEAN = (104 / 255, 117 / 255, 128 / 255)
DEVIATION = (1 / 255,) * 3

_Pool = Literal["average", "max"]
_BLOCKS: dict[str, tuple[int, tuple[int, int], tuple[int, int], int, _Pool]] = {
    "3a": (64, (64, 64), (64, 96), 32, "average"),
    "3b": (64, (64, 96), (64, 96), 64, "average"),
    "3c": (0, (128, 160), (64, 96), 0, "max"),
    "4a": (224, (64, 96), (96, 128), 128, "average"),
    "4b": (192, (96, 128), (96, 128), 128, "average"),
    "4c": (160, (128, 160), (128, 160), 128, "average"),
    "4d": (96, (128, 192), (160, 192), 128, "average"),
    "4e": (0, (128, 192), (192, 256), 0, "max"),
    "5a": (352, (192, 320), (160, 224), 128, "average"),
    "5b": (352, (192, 320), (192, 224), 128, "max"),
}
"""Channels of 1x1, of 3x3 (reduced, out), of double 3x3 (reduced, out) and of the pool's projection, and how
it pools. A block without 1x1 and projection halves the picture, and lets its pool through as it is."""


class BNInception(nn.Module):
    """The network; `pooled` stops before the classifier `last_linear`.

    The layers lie flat on the network, as in the files, and are found by name.
    """

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self._add("conv1_7x7_s2", 3, 64, kernel=7, stride=2)
        self._add("conv2_3x3_reduce", 64, 64)
        self._add("conv2_3x3", 64, 192, kernel=3)
        self.halved = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.kept = nn.ModuleDict(
            {
                "average": nn.AvgPool2d(3, stride=1, padding=1, ceil_mode=True),
                "max": nn.MaxPool2d(3, stride=1, padding=1, ceil_mode=True),
            }
        )
        width = 192
        for block in _BLOCKS:
            width = self._add_block(block, width)
        self.last_linear = nn.Linear(width, num_classes)

    def forward(self, x_B3HW: Tensor) -> Tensor:
        """Logits (B, classes) of normalised pictures, blue first.

        Raises WrongInput unless each side is 32 k - 1 to 32 k + 6 px, as 224 is: with others, the blocks that
        halve an odd picture get one row or column less from their pool than from their convolutions.
        """
        logits_BC: Tensor = self.last_linear(self.pooled(x_B3HW))
        return logits_BC

    def pooled(self, x_B3HW: Tensor) -> Tensor:
        """The last features averaged over the picture, (B, 1024). Raises as `forward`."""
        height, width = x_B3HW.shape[2:]
        if min(height, width) < 31 or (height + 1) % 32 > 7 or (width + 1) % 32 > 7:
            raise WrongInput(
                f"BN-Inception cannot take pictures of {width} x {height} px; cut them to sides of 32 px "
                "times a whole number, such as 224."
            )
        x_BCHW = self.halved(self._through("conv1_7x7_s2", x_B3HW))
        x_BCHW = self.halved(self._through("conv2_3x3", self._through("conv2_3x3_reduce", x_BCHW)))
        for block in _BLOCKS:
            x_BCHW = self._block(block, x_BCHW)
        pooled_BD: Tensor = x_BCHW.mean((2, 3))
        return pooled_BD

    def layers(self) -> Layers:
        """The stem, then the blocks."""
        names = [name for name, _ in self.named_children()]
        starts = [("conv1", "conv2"), *((f"inception_{block}_",) for block in _BLOCKS)]
        stages = (tuple(name for name in names if name.startswith(start)) for start in starts)
        return Layers(tuple(stages), ("last_linear",))

    def _add(self, name: str, width: int, out: int, *, kernel: int = 1, stride: int = 1) -> None:
        self.add_module(name, nn.Conv2d(width, out, kernel, stride, padding=kernel // 2))
        self.add_module(f"{name}_bn", nn.BatchNorm2d(out))

    def _add_block(self, block: str, width: int) -> int:
        """The layers of one block; its number of channels out."""
        single, (reduce, out), (double_reduce, double_out), projected, _ = _BLOCKS[block]
        stride, name = 1 if projected else 2, f"inception_{block}"
        if single:
            self._add(f"{name}_1x1", width, single)
        self._add(f"{name}_3x3_reduce", width, reduce)
        self._add(f"{name}_3x3", reduce, out, kernel=3, stride=stride)
        self._add(f"{name}_double_3x3_reduce", width, double_reduce)
        self._add(f"{name}_double_3x3_1", double_reduce, double_out, kernel=3)
        self._add(f"{name}_double_3x3_2", double_out, double_out, kernel=3, stride=stride)
        if projected:
            self._add(f"{name}_pool_proj", width, projected)
        return single + out + double_out + (projected or width)

    def _block(self, block: str, x_BCHW: Tensor) -> Tensor:
        """The branches side by side: figure 5 of the paper, the pool last."""
        single, _, _, projected, pool = _BLOCKS[block]
        name = f"inception_{block}"
        branches = [self._through(f"{name}_1x1", x_BCHW)] if single else []
        branches.append(self._chain(x_BCHW, f"{name}_3x3_reduce", f"{name}_3x3"))
        double = (f"{name}_double_3x3_reduce", f"{name}_double_3x3_1", f"{name}_double_3x3_2")
        branches.append(self._chain(x_BCHW, *double))
        if projected:
            branches.append(self._through(f"{name}_pool_proj", self.kept[pool](x_BCHW)))
        else:
            branches.append(self.halved(x_BCHW))
        return torch.cat(branches, 1)

    def _chain(self, x_BCHW: Tensor, *names: str) -> Tensor:
        for name in names:
            x_BCHW = self._through(name, x_BCHW)
        return x_BCHW

    def _through(self, name: str, x_BCHW: Tensor) -> Tensor:
        conv, norm = self.get_submodule(name), self.get_submodule(f"{name}_bn")
        out_BCHW: Tensor = norm(conv(x_BCHW))
        return out_BCHW.relu_()


def create_bninception(*, num_classes: int = 1000) -> BNInception:
    """The network with random numbers, He-initialised; seed torch before."""
    net = BNInception(num_classes)
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return net


NETWORKS = (
    Network(
        name="bninception",
        title="BN-Inception",
        build=create_bninception,
        takes=Takes.PICTURE,
        classes=1000,
        parameters=11_295_240,
        source="Ioffe and Szegedy, ICML 2015; Xiong's or Cadene's port of the Caffe weights",
        mean=MEAN,
        deviation=DEVIATION,
        colours="BGR",
    ),
)

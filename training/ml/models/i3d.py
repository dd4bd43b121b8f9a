"""I3D, networks for pictures inflated to clips: Inception-v1 as published, and PyTorchVideo's ResNet-50.

Carreira, Zisserman: "Quo Vadis, Action Recognition? A New Model and the Kinetics Dataset" (CVPR 2017, arXiv
1705.07750), figure 3. Parameters have the names of piergiaj's weights, which are DeepMind's, or of
PyTorchVideo's. `in_channels=2` is the stream that sees optical flow, in -1..1 as the pixels are.

Known deviations of Inception-I3D: the logits are averaged over time, and over space where a crop leaves more
than one place; a window of the last pool that is larger than what comes in shrinks to it, so that clips below
9 frames and crops of 192 px or less are taken too; `dropout` is what is dropped (the public code gives what
is kept).
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.ml.checkpoints import Fit
from training.ml.errors import WrongClip
from training.ml.layers import Layers
from training.ml.models import resnet3d
from training.ml.models.contract import Network, Normalisation, Takes
from training.ml.models.i3d_inflation import learned_from_googlenet
from training.ml.models.resnet3d import Head, Sizes, Triple, creating
from training.ml.models.resnet_inflation import ResNetBlocks

_ONE: Triple = (1, 1, 1)
_WIDTH, _FEATURES = 192, 1024
_LAST_WINDOW: Triple = (2, 7, 7)
_R50_KERNELS = ((3,), (3, 1), (3, 1), (1, 3))
_MIXED: dict[str, tuple[int, int, int, int, int, int] | tuple[Triple, Triple]] = {
    "Mixed_3b": (64, 96, 128, 16, 32, 32),
    "Mixed_3c": (128, 128, 192, 32, 96, 64),
    "MaxPool3d_4a_3x3": ((3, 3, 3), (2, 2, 2)),
    "Mixed_4b": (192, 96, 208, 16, 48, 64),
    "Mixed_4c": (160, 112, 224, 24, 64, 64),
    "Mixed_4d": (128, 128, 256, 24, 64, 64),
    "Mixed_4e": (112, 144, 288, 32, 64, 64),
    "Mixed_4f": (256, 160, 320, 32, 128, 128),
    "MaxPool3d_5a_2x2": ((2, 2, 2), (2, 2, 2)),
    "Mixed_5b": (256, 160, 320, 32, 128, 128),
    "Mixed_5c": (384, 192, 384, 48, 128, 128),
}
"""What follows the first convolutions: the widths of a block's six, or a pool's kernel and stride."""


def create_i3d_inception(
    *, num_classes: int = 400, in_channels: int = 3, dropout: float = 0.5
) -> "InceptionI3D":
    """Inception-I3D with torch's own random numbers, as the public code has them; seed torch before."""
    return InceptionI3D(num_classes, in_channels, dropout)


def _r50(sizes: Sizes) -> ResNetBlocks:
    """Logits (B, classes) of x_BCTHW with two frames or more, and any H and W of 32 px or more."""
    first, *others = resnet3d.resnet_stages(50, _R50_KERNELS)
    head = Head(sizes.window, 2048, sizes.num_classes, sizes.dropout)
    blocks = [resnet3d.resnet_stem(64, 5), first, _HalveTime(), *others, head]
    return ResNetBlocks(blocks, title="I3D-ResNet50", zero_final_norm=sizes.zero_final_norm)


create_i3d_r50 = creating(_r50, temporal_stride=2)
"""I3D-ResNet50; of a clip every two frames are one before the head."""


class _HalveTime(nn.Module):
    """The larger of two frames each; an odd last one is lost, as in the reference."""

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        if x_BCTHW.shape[2] < 2:
            raise WrongClip("I3D-ResNet50 takes a clip of two frames or more; it was given one.")
        return functional.max_pool3d(x_BCTHW, (2, 1, 1))


class InceptionI3D(nn.Module):
    """The network: logits (B, classes) of x_BCTHW of any length and size."""

    def __init__(self, num_classes: int, in_channels: int, dropout: float) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.dropout = nn.Dropout(dropout)
        self.logits = _Unit(_FEATURES, num_classes, headed=True)
        parts: dict[str, nn.Module] = {
            "Conv3d_1a_7x7": _Unit(in_channels, 64, (7, 7, 7), (2, 2, 2)),
            "MaxPool3d_2a_3x3": _SameMaxPool((1, 3, 3), (1, 2, 2)),
            "Conv3d_2b_1x1": _Unit(64, 64),
            "Conv3d_2c_3x3": _Unit(64, _WIDTH, (3, 3, 3)),
            "MaxPool3d_3a_3x3": _SameMaxPool((1, 3, 3), (1, 2, 2)),
        }
        width = _WIDTH
        for name, numbers in _MIXED.items():
            if len(numbers) == 2:
                parts[name] = _SameMaxPool(*numbers)
            else:
                parts[name] = block = _Mixed(width, numbers)
                width = block.width
        self._order = tuple(parts)
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """Logits (B, classes) of clips in -1..1."""
        for name in self._order:
            x_BCTHW = self.get_submodule(name)(x_BCTHW)
        there = x_BCTHW.shape[2:]
        window = [min(wanted, size) for wanted, size in zip(_LAST_WINDOW, there, strict=True)]
        pooled_BCTHW = functional.avg_pool3d(x_BCTHW, window, stride=1)
        logits_BCTHW: Tensor = self.logits(self.dropout(pooled_BCTHW))
        return logits_BCTHW.mean((2, 3, 4))

    @property
    def normalisation(self) -> Normalisation:
        """What its frames are brought to: -1..1, pictures as flow."""
        half = (0.5,) * self.in_channels
        return Normalisation(half, half, "RGB")

    def learn_from_pictures(self, state: Mapping[str, Tensor]) -> Fit:
        """Begin with GoogLeNet's weights, inflated; the head stays random. Raises BadFile for others."""
        return learned_from_googlenet(self, state, self.in_channels)

    def layers(self) -> Layers:
        """The three first convolutions, then the blocks."""
        learned = [name for name in self._order if not name.startswith("MaxPool")]
        stem = tuple(name for name in learned if name.startswith("Conv3d"))
        return Layers((stem, *((name,) for name in learned if name not in stem)), ("logits.conv3d",))


class _Unit(nn.Module):
    """A convolution that is padded as TensorFlow does, batch norm, ReLU; `headed`: with a bias, and alone."""

    def __init__(
        self, width: int, out: int, kernel: Triple = _ONE, stride: Triple = _ONE, *, headed: bool = False
    ) -> None:
        super().__init__()
        self.kernel, self.stride = kernel, stride
        self.conv3d = nn.Conv3d(width, out, kernel, stride, bias=headed)
        if not headed:
            self.bn = nn.BatchNorm3d(out, eps=1e-3, momentum=0.01)
        self.headed = headed

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        out_BCTHW: Tensor = self.conv3d(_same_padded(x_BCTHW, self.kernel, self.stride))
        return out_BCTHW if self.headed else torch.relu(self.bn(out_BCTHW))


class _SameMaxPool(nn.Module):
    """The largest of a window, padded with zeros as TensorFlow does: what comes in is never negative."""

    def __init__(self, kernel: Triple, stride: Triple) -> None:
        super().__init__()
        self.kernel, self.stride = kernel, stride

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        padded_BCTHW = _same_padded(x_BCTHW, self.kernel, self.stride)
        return functional.max_pool3d(padded_BCTHW, self.kernel, self.stride)


class _Mixed(nn.Module):
    """Four branches side by side: 1, 1 then 3, 1 then 3 again, and the largest of 3 then 1 (cubed all)."""

    def __init__(self, width: int, out: tuple[int, int, int, int, int, int]) -> None:
        super().__init__()
        self.b0 = _Unit(width, out[0])
        self.b1a = _Unit(width, out[1])
        self.b1b = _Unit(out[1], out[2], (3, 3, 3))
        self.b2a = _Unit(width, out[3])
        self.b2b = _Unit(out[3], out[4], (3, 3, 3))
        self.b3a = _SameMaxPool((3, 3, 3), _ONE)
        self.b3b = _Unit(width, out[5])
        self.width = out[0] + out[2] + out[4] + out[5]

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        branches = (
            self.b0(x_BCTHW),
            self.b1b(self.b1a(x_BCTHW)),
            self.b2b(self.b2a(x_BCTHW)),
            self.b3b(self.b3a(x_BCTHW)),
        )
        return torch.cat(branches, 1)


def _same_padded(x_BCTHW: Tensor, kernel: Triple, stride: Triple) -> Tensor:
    """Zeros around it so that ceil(size / stride) come out; what is odd goes behind."""
    padding: list[int] = []
    for size, wide, step in zip(x_BCTHW.shape[:1:-1], kernel[::-1], stride[::-1], strict=True):
        whole = max(wide - (size % step or step), 0)
        padding += [whole // 2, whole - whole // 2]
    return functional.pad(x_BCTHW, padding) if any(padding) else x_BCTHW


NETWORKS = (
    Network(
        name="i3d_inception",
        title="I3D Inception-v1",
        build=create_i3d_inception,
        takes=Takes.VIDEO,
        classes=400,
        parameters=12_697_264,
        source="Carreira and Zisserman, CVPR 2017; DeepMind's weights as piergiaj names them",
        frames=64,
        mean=(0.5,) * 3,
        deviation=(0.5,) * 3,
    ),
    Network(
        name="i3d_r50",
        title="I3D 8x8, R50",
        build=create_i3d_r50,
        takes=Takes.VIDEO,
        classes=400,
        parameters=28_043_472,
        source="Carreira and Zisserman, CVPR 2017, on ResNet-50; PyTorchVideo's weights",
        frames=8,
        stride=8,
    ),
)

"""MobileNetV3-Small, a network for single frames that a phone can run.

Howard et al.: "Searching for MobileNetV3" (ICCV 2019, arXiv 1905.02244), table 2. Names and numbers are
torchvision's, so its weights load by key: batch norm has eps 1e-3 and momentum 0.01, and a block's squeeze
has a quarter of its channels, rounded to eights.
"""

from torch import Tensor, nn

from training.ml.layers import Layers, singly
from training.ml.models.contract import IMAGENET_DEVIATION, IMAGENET_MEAN, Network, Takes

FEATURES = 576
_HIDDEN = 1024
_BLOCKS = (
    (3, 16, 16, True, "relu", 2),
    (3, 72, 24, False, "relu", 2),
    (3, 88, 24, False, "relu", 1),
    (5, 96, 40, True, "hardswish", 2),
    (5, 240, 40, True, "hardswish", 1),
    (5, 240, 40, True, "hardswish", 1),
    (5, 120, 48, True, "hardswish", 1),
    (5, 144, 48, True, "hardswish", 1),
    (5, 288, 96, True, "hardswish", 2),
    (5, 576, 96, True, "hardswish", 1),
    (5, 576, 96, True, "hardswish", 1),
)
"""Kernel, channels inside, channels out, whether it squeezes, how it is bent, stride: the paper's table 2."""
_BENT: dict[str, type[nn.ReLU] | type[nn.Hardswish]] = {"relu": nn.ReLU, "hardswish": nn.Hardswish}


class MobileNetV3(nn.Module):
    """The network; `pooled` stops before the two layers of the classifier."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [_layer(3, 16, "hardswish", kernel=3, stride=2)]
        width = 16
        for kernel, inner, out, squeezes, bent, stride in _BLOCKS:
            layers.append(_Block(width, kernel, inner, out, squeezes, bent, stride))
            width = out
        layers.append(_layer(width, FEATURES, "hardswish"))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Linear(FEATURES, _HIDDEN),
            nn.Hardswish(inplace=True),
            nn.Dropout(0.2),
            nn.Linear(_HIDDEN, num_classes),
        )

    def forward(self, x_B3HW: Tensor) -> Tensor:
        """Logits (B, classes) of normalised pictures of any size from 1 px."""
        logits_BC: Tensor = self.classifier(self.pooled(x_B3HW))
        return logits_BC

    def pooled(self, x_B3HW: Tensor) -> Tensor:
        """The last features averaged over the picture, (B, 576)."""
        features_BDHW: Tensor = self.features(x_B3HW)
        return features_BDHW.mean((2, 3))

    def layers(self) -> Layers:
        """The stem, the blocks, the widening, and the classifier's first layer."""
        parts = [f"features.{n}" for n in range(len(self.features))]
        return Layers(singly([*parts, "classifier.0"]), ("classifier.3",))


class _Block(nn.Module):
    """Expand, filter a channel, squeeze and excite, project: figure 4 of the paper."""

    def __init__(
        self, width: int, kernel: int, inner: int, out: int, squeezes: bool, bent: str, stride: int
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        if inner != width:
            layers.append(_layer(width, inner, bent))
        layers.append(_layer(inner, inner, bent, kernel=kernel, stride=stride, groups=inner))
        if squeezes:
            layers.append(_Squeeze(inner))
        layers.append(_layer(inner, out, None))
        self.block = nn.Sequential(*layers)
        self.residual = stride == 1 and width == out

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """The block's output; the input is added where both have one shape."""
        out_BCHW: Tensor = self.block(x_BCHW)
        return x_BCHW + out_BCHW if self.residual else out_BCHW


class _Squeeze(nn.Module):
    """Each channel times what all of them, averaged over the picture, make of it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        inner = _eights(width // 4)
        self.fc1 = nn.Conv2d(width, inner, 1)
        self.fc2 = nn.Conv2d(inner, width, 1)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """The same shape."""
        mean_BC11 = x_BCHW.mean((2, 3), keepdim=True)
        scale_BC11 = nn.functional.hardsigmoid(self.fc2(self.fc1(mean_BC11).relu()))
        return x_BCHW * scale_BC11


def _eights(channels: int) -> int:
    """The nearest number of eights, but not a tenth less than was asked for."""
    near = max(8, (channels + 4) // 8 * 8)
    return near + 8 if near < 0.9 * channels else near


def _layer(
    width: int, out: int, bent: str | None, *, kernel: int = 1, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    layers: list[nn.Module] = [
        nn.Conv2d(width, out, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(out, eps=1e-3, momentum=0.01),
    ]
    if bent:
        layers.append(_BENT[bent](inplace=True))
    return nn.Sequential(*layers)


def create_mobilenet_v3_small(*, num_classes: int = 1000) -> MobileNetV3:
    """The network with random numbers, He-initialised as in torchvision; seed torch before."""
    net = MobileNetV3(num_classes)
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out")
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, 0.01)
        if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
    return net


NETWORKS = (
    Network(
        name="mobilenet_v3_small",
        title="MobileNetV3-Small",
        build=create_mobilenet_v3_small,
        takes=Takes.PICTURE,
        classes=1000,
        parameters=2_542_856,
        source="Howard et al., ICCV 2019; torchvision",
        mean=IMAGENET_MEAN,
        deviation=IMAGENET_DEVIATION,
    ),
)

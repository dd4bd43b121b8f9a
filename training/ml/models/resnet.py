"""ResNet, the residual networks for pictures.

He, Zhang, Ren, Sun: "Deep Residual Learning for Image Recognition" (CVPR 2016, arXiv 1512.03385), table 1.
Names and numbers are torchvision's, so its weights load by key. Known deviation, torchvision's too: a
bottleneck that halves the picture does so in its 3x3 convolution, not in its first 1x1 ("v1.5").
"""

from functools import partial
from typing import Literal

from torch import Tensor, nn

from training.ml.layers import Layers, singly
from training.ml.models.contract import IMAGENET_DEVIATION, IMAGENET_MEAN, Network, Takes

Depth = Literal[18, 50, 101, 152]

_WIDTHS = (64, 128, 256, 512)
_BLOCKS: dict[Depth, tuple[int, int, int, int]] = {
    18: (2, 2, 2, 2),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
"""Blocks of the four stages, by depth: table 1 of the paper. 18 has basic blocks, the others bottlenecks."""


class ResNet(nn.Module):
    """The network; `pooled` stops before the classifier `fc`."""

    def __init__(self, depth: Depth, num_classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        block = _Basic if depth == 18 else _Bottleneck
        stages: list[nn.Sequential] = []
        width = 64
        for stage, (inner, blocks) in enumerate(zip(_WIDTHS, _BLOCKS[depth], strict=True)):
            out = inner * block.expansion
            first = block(width, inner, stride=1 if stage == 0 else 2)
            stages.append(nn.Sequential(first, *(block(out, inner) for _ in range(blocks - 1))))
            width = out
        self.layer1, self.layer2, self.layer3, self.layer4 = stages
        self.fc = nn.Linear(width, num_classes)

    def forward(self, x_B3HW: Tensor) -> Tensor:
        """Logits (B, classes) of normalised pictures of any size from 1 px."""
        logits_BC: Tensor = self.fc(self.pooled(x_B3HW))
        return logits_BC

    def pooled(self, x_B3HW: Tensor) -> Tensor:
        """The last features averaged over the picture, (B, 512) of depth 18 and (B, 2048) of the others."""
        x_BCHW = self.maxpool(self.relu(self.bn1(self.conv1(x_B3HW))))
        features_BDHW: Tensor = self.layer4(self.layer3(self.layer2(self.layer1(x_BCHW))))
        return features_BDHW.mean((2, 3))

    def layers(self) -> Layers:
        """The stem, then the four stages."""
        return Layers((("conv1", "bn1"), *singly(f"layer{n}" for n in range(1, 5))), ("fc",))


class _Basic(nn.Module):
    """Two 3x3 convolutions beside a shortcut: figure 5 of the paper, left."""

    expansion = 1

    def __init__(self, width: int, inner: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, inner, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(inner, inner, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.downsample = _shortcut(width, inner, stride)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """The block's output, halved in height and width by a stride of 2."""
        out_BCHW = self.relu(self.bn1(self.conv1(x_BCHW)))
        beside_BCHW = x_BCHW if self.downsample is None else self.downsample(x_BCHW)
        sum_BCHW: Tensor = self.relu(self.bn2(self.conv2(out_BCHW)) + beside_BCHW)
        return sum_BCHW


class _Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 to four times the width, beside a shortcut: figure 5 of the paper, right."""

    expansion = 4

    def __init__(self, width: int, inner: int, stride: int = 1) -> None:
        super().__init__()
        out = inner * self.expansion
        self.conv1 = nn.Conv2d(width, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = _shortcut(width, out, stride)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """The block's output, halved in height and width by a stride of 2."""
        out_BCHW = self.relu(self.bn1(self.conv1(x_BCHW)))
        out_BCHW = self.relu(self.bn2(self.conv2(out_BCHW)))
        beside_BCHW = x_BCHW if self.downsample is None else self.downsample(x_BCHW)
        sum_BCHW: Tensor = self.relu(self.bn3(self.conv3(out_BCHW)) + beside_BCHW)
        return sum_BCHW


def _shortcut(width: int, out: int, stride: int) -> nn.Sequential | None:
    """A projection where the shapes differ (option B of the paper), else nothing: the input itself."""
    if stride == 1 and width == out:
        return None
    return nn.Sequential(nn.Conv2d(width, out, 1, stride, bias=False), nn.BatchNorm2d(out))


def create_resnet(depth: Depth, /, *, num_classes: int = 1000) -> ResNet:
    """The network with random numbers, He-initialised as in torchvision; seed torch before."""
    net = ResNet(depth, num_classes)
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return net


def _network(depth: Depth, parameters: int) -> Network:
    return Network(
        name=f"resnet{depth}",
        title=f"ResNet-{depth}",
        build=partial(create_resnet, depth),
        takes=Takes.PICTURE,
        classes=1000,
        parameters=parameters,
        source="He et al., CVPR 2016; torchvision",
        mean=IMAGENET_MEAN,
        deviation=IMAGENET_DEVIATION,
    )


NETWORKS = (
    _network(18, 11_689_512),
    _network(50, 25_557_032),
    _network(101, 44_549_160),
    _network(152, 60_192_808),
)

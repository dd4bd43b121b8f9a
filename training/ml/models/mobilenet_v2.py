"""MobileNetV2, the light network that looks at single frames.

Sandler, Howard, Zhu, Zhmoginov, Chen: "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (CVPR 2018,
arXiv 1801.04381), table 2. Two flavours have public weights, under the same parameter names (torchvision's):

- `torchvision`: 1,000 classes, symmetric padding, batch norm eps 1e-5, ImageNet mean and deviation;
- `tf`: 1,001 classes (0 is "background"), TensorFlow's SAME padding, eps 1e-3, pixels in -1..1.
"""

import copy
from collections import OrderedDict
from itertools import pairwise
from typing import Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from training.ml.layers import Layers, singly
from training.ml.models.contract import IMAGENET_DEVIATION, IMAGENET_MEAN, Network, Takes, WrongOption

Flavour = Literal["torchvision", "tf"]

FEATURES = 1280
_BLOCKS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
"""Expansion t, channels c, repeats n, stride s: table 2 of the paper."""


class MobileNetV2(nn.Module):
    """The network; `features` and `pooled` stop before the classifier."""

    mean_3: Tensor
    deviation_3: Tensor

    def __init__(self, num_classes: int, flavour: Flavour) -> None:
        super().__init__()
        self.flavour = flavour
        layers: list[nn.Module] = [_conv_norm_relu(3, 32, flavour, kernel=3, stride=2)]
        width = 32
        for expansion, channels, repeats, stride in _BLOCKS:
            for n in range(repeats):
                layers.append(_InvertedResidual(width, channels, expansion, stride if n == 0 else 1, flavour))
                width = channels
        layers.append(_conv_norm_relu(width, FEATURES, flavour))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(FEATURES, num_classes))
        symmetric = flavour == "torchvision"
        mean, deviation = (IMAGENET_MEAN, IMAGENET_DEVIATION) if symmetric else ((0.5,) * 3, (0.5,) * 3)
        self.register_buffer("mean_3", torch.tensor(mean), persistent=False)
        self.register_buffer("deviation_3", torch.tensor(deviation), persistent=False)

    def forward(self, x_B3HW: Tensor) -> Tensor:
        """Logits (B, classes) of normalised pictures."""
        logits_BC: Tensor = self.classifier(self.pooled(x_B3HW))
        return logits_BC

    def pooled(self, x_B3HW: Tensor) -> Tensor:
        """The last features averaged over the picture, (B, 1280)."""
        features_BDHW: Tensor = self.features(x_B3HW)
        return features_BDHW.mean((2, 3))

    def normalised(self, pictures_BHW3: Tensor) -> Tensor:
        """RGB pictures, uint8, as the flavour wants them: (B, 3, H, W) float32, channels last in memory."""
        x_BHW3 = (pictures_BHW3.to(torch.float32) / 255 - self.mean_3) / self.deviation_3
        return x_BHW3.permute(0, 3, 1, 2)

    def layers(self) -> Layers:
        """The stem, the blocks, and the widening before the classifier."""
        return Layers(singly(f"features.{n}" for n in range(len(self.features))), ("classifier.1",))


class _SamePadded(nn.Conv2d):
    """A convolution padded as TensorFlow does: what is odd goes to the right and the bottom."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - nn.Conv2d's own name
        kernel, stride = self.kernel_size[0], self.stride[0]
        if stride == 1:
            return functional.conv2d(input, self.weight, self.bias, padding=kernel // 2, groups=self.groups)
        right, bottom = (max((-(-n // stride) - 1) * stride + kernel - n, 0) for n in input.shape[:1:-1])
        padding = (right // 2, right - right // 2, bottom // 2, bottom - bottom // 2)
        return super().forward(functional.pad(input, padding))


class _InvertedResidual(nn.Module):
    """Expand, filter a channel, project: figure 3 of the paper."""

    def __init__(self, width: int, channels: int, expansion: int, stride: int, flavour: Flavour) -> None:
        super().__init__()
        hidden = width * expansion
        layers: list[nn.Module] = []
        if expansion != 1:
            layers.append(_conv_norm_relu(width, hidden, flavour))
        layers += [
            _conv_norm_relu(hidden, hidden, flavour, kernel=3, stride=stride, groups=hidden),
            nn.Conv2d(hidden, channels, 1, bias=False),
            _norm(channels, flavour),
        ]
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and width == channels

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """The block's output; the input is added where both have one shape."""
        out_BCHW: Tensor = self.conv(x_BCHW)
        return x_BCHW + out_BCHW if self.residual else out_BCHW


def create_mobilenet_v2(*, num_classes: int = 1000, flavour: Flavour = "torchvision") -> MobileNetV2:
    """The network with random numbers, He-initialised as in torchvision; seed torch before.

    Raises WrongOption for a flavour that is none.
    """
    if flavour not in get_args(Flavour):
        raise WrongOption(f"MobileNetV2 has no flavour {flavour}; there are: {', '.join(get_args(Flavour))}.")
    net = MobileNetV2(num_classes, flavour)
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out")
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, 0.01)
            nn.init.zeros_(module.bias)
    return net


def from_state(state: "OrderedDict[str, Tensor] | dict[str, Tensor]") -> MobileNetV2:
    """The network that a state dict was saved from, of the flavour that its number of classes tells.

    Raises KeyError or RuntimeError where the keys or the shapes are not MobileNetV2's.
    """
    classes = len(state["classifier.1.bias"])
    net = create_mobilenet_v2(num_classes=classes, flavour="tf" if classes == 1001 else "torchvision")
    whole = {name: tensor.to(torch.float32) for name, tensor in state.items() if tensor.is_floating_point()}
    counters = {name: tensor for name, tensor in net.state_dict().items() if not tensor.is_floating_point()}
    net.load_state_dict(counters | whole)
    return net


def folded(net: MobileNetV2) -> MobileNetV2:
    """A copy for inference only, its batch norms multiplied into its convolutions: a third quicker."""
    quick = copy.deepcopy(net).eval()
    for parts in [module for module in quick.modules() if isinstance(module, nn.Sequential)]:
        for n, (first, second) in enumerate(pairwise(list(parts))):
            if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                parts[n], parts[n + 1] = fuse_conv_bn_eval(first, second), nn.Identity()
    return quick


def _norm(channels: int, flavour: Flavour) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3 if flavour == "tf" else 1e-5)


def _conv_norm_relu(
    width: int, channels: int, flavour: Flavour, *, kernel: int = 1, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    conv: nn.Conv2d
    if flavour == "tf" and kernel > 1:
        conv = _SamePadded(width, channels, kernel, stride, groups=groups, bias=False)
    else:
        conv = nn.Conv2d(width, channels, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(conv, _norm(channels, flavour), nn.ReLU6(inplace=True))


NETWORKS = (
    Network(
        name="mobilenet_v2",
        title="MobileNetV2",
        build=create_mobilenet_v2,
        takes=Takes.PICTURE,
        classes=1000,
        parameters=3_504_872,
        source="Sandler et al., CVPR 2018; torchvision, or TensorFlow's weights with flavour='tf'",
        mean=IMAGENET_MEAN,
        deviation=IMAGENET_DEVIATION,
    ),
)

"""VGG16, the plain deep network for pictures.

Simonyan, Zisserman: "Very Deep Convolutional Networks for Large-Scale Image Recognition" (ICLR 2015,
arXiv 1409.1556), table 1, column D. Names and numbers are torchvision's, so its weights load by key. Known
deviation, torchvision's too: the features are pooled to 7x7, so that pictures need not be 224 px.
"""

import torch
from torch import Tensor, nn

from training.ml.layers import Layers, singly
from training.ml.models.contract import IMAGENET_DEVIATION, IMAGENET_MEAN, Network, Takes, WrongInput

FEATURES = 4096
_STAGES = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Channels of the 3x3 convolutions between two poolings."""


class VGG16(nn.Module):
    """The network: convolutions in `features`, fc6 to fc8 in `classifier`."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = 3
        for stage in _STAGES:
            for channels in stage:
                layers += [nn.Conv2d(width, channels, 3, padding=1), nn.ReLU(inplace=True)]
                width = channels
            layers.append(nn.MaxPool2d(2, stride=2))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            nn.Linear(width * 7 * 7, FEATURES),
            nn.ReLU(inplace=True),
            nn.Dropout(0.5),
            nn.Linear(FEATURES, FEATURES),
            nn.ReLU(inplace=True),
            nn.Dropout(0.5),
            nn.Linear(FEATURES, num_classes),
        )

    def forward(self, x_B3HW: Tensor) -> Tensor:
        """Logits (B, classes) of normalised pictures. Raises WrongInput for less than 32 px a side."""
        height, width = x_B3HW.shape[2:]
        if min(height, width) < 32:
            raise WrongInput(
                f"VGG-16 cannot take pictures of {width} x {height} px; enlarge them to 32 px a side or more."
            )
        features_BDHW = self.avgpool(self.features(x_B3HW))
        logits_BC: Tensor = self.classifier(torch.flatten(features_BDHW, 1))
        return logits_BC

    def layers(self) -> Layers:
        """The convolutions between two poolings, then fc6 and fc7."""
        stages: list[tuple[str, ...]] = [()]
        for n, layer in enumerate(self.features):
            if isinstance(layer, nn.MaxPool2d):
                stages.append(())
            elif isinstance(layer, nn.Conv2d):
                stages[-1] += (f"features.{n}",)
        return Layers((*stages[:-1], *singly(["classifier.0", "classifier.3"])), ("classifier.6",))


def create_vgg16(*, num_classes: int = 1000) -> VGG16:
    """The network with random numbers, initialised as in torchvision; seed torch before."""
    net = VGG16(num_classes)
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, 0.01)
        if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
    return net


NETWORKS = (
    Network(
        name="vgg16",
        title="VGG-16",
        build=create_vgg16,
        takes=Takes.PICTURE,
        classes=1000,
        parameters=138_357_544,
        source="Simonyan and Zisserman, ICLR 2015; torchvision",
        mean=IMAGENET_MEAN,
        deviation=IMAGENET_DEVIATION,
    ),
)

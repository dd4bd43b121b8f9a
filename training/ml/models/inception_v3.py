"""Inception-v3, with its auxiliary head.

Szegedy, Vanhoucke, Ioffe, Shlens, Wojna: "Rethinking the Inception Architecture for Computer Vision" (CVPR
2016, arXiv 1512.00567), table 1. Names and numbers are torchvision's, so its weights load by key: batch norm
has eps 1e-3, and pictures are in -1..1, which is torchvision's `transform_input` undone.

Known deviation: in training torchvision returns a pair, whose second the auxiliary head says. Whoever trains
any network of the library by its logits would break on that, so `forward` returns logits alone, always, and
leaves that head out; `with_auxiliary` returns both to who wants the paper's second loss.
"""

from torch import Tensor, nn

from training.ml.layers import Layers, singly
from training.ml.models.contract import Network, Takes, WrongInput
from training.ml.models.inception_blocks import (
    Auxiliary,
    Layer,
    MixedA,
    MixedB,
    MixedC,
    MixedD,
    MixedE,
    halved,
)

FEATURES = 2048
LEAST, LEAST_AUXILIARY = 75, 299
"""Least side in px of a picture, and where the auxiliary head sees it too."""


class InceptionV3(nn.Module):
    """The network; `pooled` stops before the classifier `fc`."""

    def __init__(self, num_classes: int, auxiliary: bool) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Layer(3, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = Layer(32, 32, 3)
        self.Conv2d_2b_3x3 = Layer(32, 64, 3, padded=True)
        self.Conv2d_3b_1x1 = Layer(64, 80, 1)
        self.Conv2d_4a_3x3 = Layer(80, 192, 3)
        self.Mixed_5b = MixedA(192, 32)
        self.Mixed_5c = MixedA(256, 64)
        self.Mixed_5d = MixedA(288, 64)
        self.Mixed_6a = MixedB(288)
        self.Mixed_6b = MixedC(768, 128)
        self.Mixed_6c = MixedC(768, 160)
        self.Mixed_6d = MixedC(768, 160)
        self.Mixed_6e = MixedC(768, 192)
        self.AuxLogits = Auxiliary(768, num_classes) if auxiliary else None
        self.Mixed_7a = MixedD(768)
        self.Mixed_7b = MixedE(1280)
        self.Mixed_7c = MixedE(2048)
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(FEATURES, num_classes)

    def forward(self, x_B3HW: Tensor) -> Tensor:
        """Logits (B, classes) of normalised pictures. Raises WrongInput for less than 75 px a side."""
        return self._said(self._middle(x_B3HW))

    def with_auxiliary(self, x_B3HW: Tensor) -> tuple[Tensor, Tensor]:
        """Logits, and those of the auxiliary head, whose loss the paper weighs 0.3; (B, classes) both.

        Raises WrongInput for less than 299 px a side, and where the network has no such head.
        """
        if self.AuxLogits is None:
            raise WrongInput("This Inception-v3 has no auxiliary head; make it with auxiliary=True.")
        _check(x_B3HW, LEAST_AUXILIARY)
        middle_BCHW = self._middle(x_B3HW)
        auxiliary_BC: Tensor = self.AuxLogits(middle_BCHW)
        return self._said(middle_BCHW), auxiliary_BC

    def pooled(self, x_B3HW: Tensor) -> Tensor:
        """The last features averaged over the picture, (B, 2048). Raises as `forward`."""
        return self._pooled(self._middle(x_B3HW))

    def layers(self) -> Layers:
        """The stem, then the blocks; the auxiliary head's own layers lie beside the block that it sees."""
        names = [name for name, _ in self.named_children() if name.startswith(("Conv2d", "Mixed"))]
        stages = [tuple(names[:5]), *singly(names[5:])]
        if self.AuxLogits is None:
            return Layers(tuple(stages), ("fc",))
        stages[stages.index(("Mixed_6e",))] += ("AuxLogits.conv0", "AuxLogits.conv1")
        return Layers(tuple(stages), ("fc", "AuxLogits.fc"))

    def _middle(self, x_B3HW: Tensor) -> Tensor:
        """The features that both heads see, (B, 768, H, W)."""
        _check(x_B3HW, LEAST)
        x_BCHW = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x_B3HW)))
        x_BCHW = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(halved(x_BCHW)))
        x_BCHW = self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(halved(x_BCHW))))
        x_BCHW = self.Mixed_6c(self.Mixed_6b(self.Mixed_6a(x_BCHW)))
        middle_BCHW: Tensor = self.Mixed_6e(self.Mixed_6d(x_BCHW))
        return middle_BCHW

    def _pooled(self, middle_BCHW: Tensor) -> Tensor:
        features_BDHW: Tensor = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(middle_BCHW)))
        return features_BDHW.mean((2, 3))

    def _said(self, middle_BCHW: Tensor) -> Tensor:
        logits_BC: Tensor = self.fc(self.dropout(self._pooled(middle_BCHW)))
        return logits_BC


def _check(x_B3HW: Tensor, least: int) -> None:
    height, width = x_B3HW.shape[2:]
    if min(height, width) < least:
        raise WrongInput(
            f"Inception-v3 cannot take pictures of {width} x {height} px here; enlarge them to at least "
            f"{least} px a side."
        )


def create_inception_v3(*, num_classes: int = 1000, auxiliary: bool = True) -> InceptionV3:
    """The network with random numbers, initialised as in torchvision; seed torch before.

    Without `auxiliary` there is no second head, and the files' `AuxLogits.*` must be left out.
    """
    net = InceptionV3(num_classes, auxiliary)
    for name, module in net.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            deviation = 0.001 if name == "AuxLogits.fc" else 0.1
            nn.init.trunc_normal_(module.weight, std=deviation, a=-2, b=2)
    return net


NETWORKS = (
    Network(
        name="inception_v3",
        title="Inception-v3",
        build=create_inception_v3,
        takes=Takes.PICTURE,
        classes=1000,
        parameters=27_161_264,
        source="Szegedy et al., CVPR 2016; torchvision",
        side=299,
        mean=(0.5,) * 3,
        deviation=(0.5,) * 3,
    ),
)

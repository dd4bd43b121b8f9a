"""VideoMAE and V-JEPA 2, transformers for clips that learned without labels: by the package `transformers`.

Tong, Song, Wang, Wang: "VideoMAE" (NeurIPS 2022, arXiv 2203.12602). Assran et al.: "V-JEPA 2" (2025, arXiv
2506.09985), with its attentive probe. They are optional: `requirements-hub.txt` has the package, and without
it the library has neither of them and says so. Here they are made from their sizes, with random numbers;
their weights are files as of any other network, and parameters have the package's names.

Known deviation: position tables hang on the size of clips, so other sizes than those a network was made for
are refused; V-JEPA 2's predictor, which no logits hang on, keeps its weights and learns nothing.
"""

from collections.abc import Mapping
from functools import partial
from importlib.util import find_spec
from typing import Any

from torch import Tensor, nn

from training.ml.errors import LearningError
from training.ml.layers import Layers, singly
from training.ml.models.contract import (
    IMAGENET_DEVIATION,
    IMAGENET_MEAN,
    Network,
    Takes,
    WrongInput,
    WrongOption,
)

Sizes = Mapping[str, Any]
"""Of the package's configuration, by its names, as `hidden_size`; the others are the paper's."""

PACKAGE = "transformers"
_PATCH, _TUBELET = 16, 2


class NotInstalled(LearningError):  # noqa: N818
    """A package that a network needs is not here."""


class FromPackage(nn.Module):
    """What both have in common: one size of clip, and logits alone."""

    def __init__(self, title: str, frames: int, side: int) -> None:
        super().__init__()
        if frames < _TUBELET or frames % _TUBELET or side < _PATCH or side % _PATCH:
            raise WrongOption(
                f"{title} cannot be made for {frames} frames of {side} px; frames are a multiple of "
                f"{_TUBELET}, and px of {_PATCH}."
            )
        self.title, self.frames, self.side = title, frames, side

    def _frames_first(self, x_BCTHW: Tensor) -> Tensor:
        """x_BTCHW, as the package takes clips. Raises WrongInput for another size."""
        wanted = (3, self.frames, self.side, self.side)
        if x_BCTHW.shape[1:] != wanted:
            raise WrongInput(
                f"This {self.title} takes clips of {wanted} (channels, frames, rows, columns), not "
                f"{tuple(x_BCTHW.shape[1:])}; give such, or make it with other `frames` and `side`."
            )
        return x_BCTHW.transpose(1, 2)


class VideoMAE(FromPackage):
    """The encoder in `videomae`, the norm of its mean in `fc_norm`, the classes in `classifier`."""

    def __init__(self, num_classes: int, frames: int, side: int, sizes: Sizes) -> None:
        super().__init__("VideoMAE", frames, side)
        package = _package()
        config = package.VideoMAEConfig(
            num_labels=num_classes, num_frames=frames, image_size=side, use_mean_pooling=True, **sizes
        )
        whole = package.VideoMAEForVideoClassification(config)
        self.videomae, self.fc_norm, self.classifier = whole.videomae, whole.fc_norm, whole.classifier

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """Logits (B, classes) of normalised clips. Raises WrongInput for clips of another size."""
        seen_BND = self.videomae(self._frames_first(x_BCTHW)).last_hidden_state
        logits_BC: Tensor = self.classifier(self.fc_norm(seen_BND.mean(1)))
        return logits_BC

    def layers(self) -> Layers:
        """The patches, then the blocks; the last norm belongs to the last of them."""
        blocks = [f"videomae.encoder.layer.{n}" for n in range(len(self.videomae.encoder.layer))]
        return Layers(
            (("videomae.embeddings",), *singly(blocks[:-1]), (blocks[-1], "fc_norm")), ("classifier",)
        )


class VJEPA2(FromPackage):
    """Encoder and predictor in `vjepa2`, the attentive probe in `pooler`, the classes in `classifier`."""

    def __init__(self, num_classes: int, frames: int, side: int, sizes: Sizes) -> None:
        super().__init__("V-JEPA 2", frames, side)
        package = _package()
        config = package.VJEPA2Config(num_labels=num_classes, frames_per_clip=frames, crop_size=side, **sizes)
        whole = package.VJEPA2ForVideoClassification(config)
        self.vjepa2, self.pooler, self.classifier = whole.vjepa2, whole.pooler, whole.classifier
        self.vjepa2.predictor.requires_grad_(False)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """Logits (B, classes) of normalised clips. Raises WrongInput for clips of another size."""
        clips_BTCHW = self._frames_first(x_BCTHW)
        seen_BND = self.vjepa2(pixel_values_videos=clips_BTCHW, skip_predictor=True).last_hidden_state
        logits_BC: Tensor = self.classifier(self.pooler(seen_BND))
        return logits_BC

    def layers(self) -> Layers:
        """The patches, then the blocks, then the probe."""
        blocks = [f"vjepa2.encoder.layer.{n}" for n in range(len(self.vjepa2.encoder.layer))]
        first = ("vjepa2.encoder.embeddings", "vjepa2.predictor")
        last = (blocks[-1], "vjepa2.encoder.layernorm")
        return Layers((first, *singly(blocks[:-1]), last, ("pooler",)), ("classifier",))


def _package() -> Any:
    if not installed():
        raise NotInstalled(missing("This network"))
    import transformers

    return transformers


def installed() -> bool:
    """Whether the package is here."""
    return find_spec(PACKAGE) is not None


def missing(name: str) -> str:
    """What to do where it is not."""
    return f"{name} needs the package {PACKAGE}, which is not here: pip install -r requirements-hub.txt."


def create_videomae_b(
    *, num_classes: int = 400, frames: int = 16, side: int = 224, sizes: Sizes | None = None
) -> VideoMAE:
    """VideoMAE on ViT-B, with random numbers; seed torch before. `sizes` are those of its configuration.

    Raises WrongOption, and NotInstalled without the package.
    """
    return VideoMAE(num_classes, frames, side, sizes or {})


def create_vjepa2_l(
    *, num_classes: int = 174, frames: int = 16, side: int = 256, sizes: Sizes | None = None
) -> VJEPA2:
    """V-JEPA 2 on ViT-L with its probe, with random numbers; seed torch before. `sizes` as of VideoMAE."""
    return VJEPA2(num_classes, frames, side, sizes or {})


_network = partial(Network, takes=Takes.VIDEO, frames=16, mean=IMAGENET_MEAN, deviation=IMAGENET_DEVIATION)
NETWORKS = (
    _network(
        name="videomae_b",
        title="VideoMAE ViT-B",
        build=create_videomae_b,
        classes=400,
        parameters=86_534_800,
        source="Tong et al., NeurIPS 2022; MCG-NJU's weights as transformers has them",
        stride=4,
    ),
    _network(
        name="vjepa2_l",
        title="V-JEPA 2 ViT-L with attentive probe",
        build=create_vjepa2_l,
        classes=174,
        parameters=375_485_998,
        source="Assran et al., 2025; Facebook's weights as transformers has them",
        stride=2,
        side=256,
    ),
)

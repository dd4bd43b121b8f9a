"""The network: one backbone for all segments, and what they agree on."""

from collections.abc import Mapping
from typing import Any, Literal

from torch import Tensor, nn

from training.ml.checkpoints import Fit
from training.ml.layers import Layers, layers_of
from training.ml.models.contract import Normalisation, WrongOption
from training.ml.models.tsn.backbones import (
    headless,
    learned_from_pictures,
    normalisation,
    widen,
)
from training.ml.models.tsn.consensus import Agreement, Consensus
from training.ml.models.tsn.inputs import Modality, stacked

Level = Literal["score", "feature"]


class TSN(nn.Module):
    """The backbone in `base_model`, the head in `new_fc`; `create_tsn` says what the options are."""

    def __init__(
        self,
        num_classes: int,
        backbone: str,
        modality: Modality,
        length: int,
        consensus: Consensus,
        level: Level,
        partial_bn: bool,
        dropout: float,
        backbone_options: Mapping[str, Any],
    ) -> None:
        super().__init__()
        self.backbone, self.modality, self.length = backbone, modality, length
        self.level, self.partial_bn = level, partial_bn
        self.base_model, features = headless(backbone, dropout, backbone_options)
        widen(self.base_model, modality.colours * length)
        self.new_fc = nn.Linear(features, num_classes)
        nn.init.normal_(self.new_fc.weight, 0, 0.001)
        nn.init.zeros_(self.new_fc.bias)
        self.consensus = consensus
        self.train()

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """Logits (B, classes) of clips of normalised frames, those of one segment after the other.

        T is K times `frames_a_segment`, for any K; the agreement "identity" gives logits (B, K, classes).
        Raises WrongInput where C or T do not fit.
        """
        return self.concluded(self.consensus(self.segments(x_BCTHW)))

    def segments(self, x_BCTHW: Tensor) -> Tensor:
        """What is said of each segment alone: logits (B, K, classes), or features (B, K, D) at that level."""
        said_ND: Tensor = self.base_model(stacked(x_BCTHW, self.modality, self.length))
        if self.level == "score":
            said_ND = self.new_fc(said_ND)
        return said_ND.reshape(x_BCTHW.shape[0], -1, said_ND.shape[1])

    def concluded(self, agreed: Tensor) -> Tensor:
        """Logits of what was agreed on."""
        logits: Tensor = self.new_fc(agreed) if self.level == "feature" else agreed
        return logits

    def layers(self) -> Layers:
        """The backbone's stages, then the weights of the segments where those are learned."""
        agreement = (("consensus",),) if any(True for _ in self.consensus.parameters()) else ()
        return Layers((*layers_of(self.base_model).within("base_model").stages, *agreement), ("new_fc",))

    @property
    def frames_a_segment(self) -> int:
        """Frames to read for a segment."""
        return self.modality.frames(self.length)

    @property
    def normalisation(self) -> Normalisation:
        """What its frames are brought to."""
        return normalisation(self.backbone, self.modality, self.base_model)

    def train(self, mode: bool = True) -> "TSN":
        """As of any module; but with partial BN all norms of the backbone but the first stay as they are."""
        super().train(mode)
        if self.partial_bn:
            for norm in self.frozen_norms():
                norm.eval().requires_grad_(False)
        return self

    def frozen_norms(self) -> list[nn.BatchNorm2d]:
        """The norms that partial BN freezes; none without it."""
        norms = [each for each in self.base_model.modules() if isinstance(each, nn.BatchNorm2d)]
        return norms[1:] if self.partial_bn else []

    def learn_from_pictures(self, state: Mapping[str, Tensor]) -> Fit:
        """Begin with the weights of the backbone for pictures in RGB (cross-modality initialisation).

        The head stays random. Raises DoesNotFit where the weights are not the backbone's.
        """
        return learned_from_pictures(state, self.base_model).within("base_model")


def create_tsn(
    *,
    num_classes: int = 101,
    backbone: str = "resnet50",
    segments: int = 3,
    modality: str = "rgb",
    length: int | None = None,
    consensus: str = "average",
    top: int = 3,
    level: Level = "score",
    partial_bn: bool = True,
    dropout: float | None = None,
    backbone_options: Mapping[str, Any] | None = None,
) -> TSN:
    """The network with random numbers; seed torch before.

    `segments` are those to learn from. `length` is that of a stack: 1 for RGB, else 5 if not given.
    `consensus` is average, max, top_k (of the `top` highest), weighted or identity, of scores or, with
    `level="feature"`, of what the backbone says before the head. `dropout` is 0.8, and 0.7 for flow,
    if not given; `backbone_options` are those of the backbone, as MobileNetV2's `flavour`. Raises
    WrongOption where one of them is none of those.
    """
    if modality not in set(Modality) or consensus not in set(Agreement) or level not in ("score", "feature"):
        raise WrongOption(
            f"TSN has no modality {modality}, consensus {consensus} or level {level}; the modalities "
            f"are {', '.join(Modality)}, the consensus {', '.join(Agreement)}, the levels score, feature."
        )
    sort = Modality(modality)
    length = sort.usual_length if length is None else length
    dropout = (0.7 if sort.is_flow else 0.8) if dropout is None else dropout
    if segments < 1 or length < 1 or not 0 <= dropout < 1:
        raise WrongOption(
            f"TSN cannot have {segments} segments of length {length} and dropout {dropout}; the first two "
            "are at least 1, dropout is 0 to less than 1."
        )
    if sort is Modality.RGB and length > 1:
        raise WrongOption(f"TSN of rgb sees one frame a segment, not {length}; leave length out.")
    agreement = Consensus(Agreement(consensus), segments=segments, top=top)
    given = backbone_options or {}
    return TSN(num_classes, backbone, sort, length, agreement, level, partial_bn, dropout, given)

"""What a run is, in typed numbers: the network, how it sees clips, its loss, and its way down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin, get_type_hints

from training.ml.augment.clips import Kind
from training.ml.augment.pipeline import Pipeline
from training.ml.errors import LearningError
from training.ml.optim import MultiStep, Optimizer, Precision, Schedule
from training.ml.sampling import Dense, Dynamic, Segments, Uniform
from training.ml.transfer import TransferPlan

Scores = Literal["logits", "softmax"]


class WrongRecipe(LearningError):  # noqa: N818
    """A recipe whose numbers do not go together, or that is not there."""


def _check_words(part: Any) -> None:
    """Raises WrongRecipe for a word that its field does not know: recipes are read from files too."""
    for name, kind in get_type_hints(type(part)).items():
        if get_origin(kind) is Literal and getattr(part, name) not in get_args(kind):
            raise WrongRecipe(
                f"{name} of {type(part).__name__} is {getattr(part, name)!r}, and none of "
                f"{', '.join(get_args(kind))}."
            )


@dataclass(frozen=True, kw_only=True)
class Data:
    """Which data set is read, by its reader's name, and who learns and who is tested."""

    reader: str
    protocol: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    """Those that are learned, in the order of their numbers; empty for all."""
    val_share: float = 0.0
    """Share of the train side, by whole groups, that chooses the epoch where the protocol names nobody."""


@dataclass(frozen=True, kw_only=True)
class Sight:
    """How the network sees a clip of a video: which frames, and what becomes of them."""

    kind: Kind = Kind.PICTURES
    """Pictures, flow between each frame taken and the next, or both as streams of one network.

    TSN takes differences of pictures itself: its modality is "rgb_difference", and a segment has a frame more
    than its length.
    """
    sampler: Dense | Dynamic | Segments | Uniform
    tested: Dense | Dynamic | Segments | Uniform
    """The frames of the test: its `views` are the moments at which a clip is looked at."""
    pipeline: Pipeline
    test_pipeline: Pipeline
    """What becomes of each moment: with `Crops` in it several squares."""
    short: int = 256
    """Px of the shorter side that frames are read in."""
    warp: bool = False
    """Whether flow is without that of the camera."""

    @property
    def moments(self) -> int:
        """How often the test looks at a clip; each time at as many squares as its pipeline cuts."""
        return self.tested.views


@dataclass(frozen=True, kw_only=True)
class Bodies:
    """How the network sees a clip of skeletons: 2s-AGCN's preprocessing (Shi et al., CVPR 2019)."""

    graph: str
    frames: int
    people: int = 2
    padding: Literal["zeros", "repeat"] = "zeros"
    view: Literal["whole", "one_shot"] = "whole"
    """The whole recording, or what the one-shot TCN sees of it: it brings bodies into their own frame."""
    upright: bool = True
    """Whether bodies are centred and turned upright by the first frame; else centred alone."""
    moments: int = 1
    """How often the test looks at a recording with more frames than the network sees: each time at others."""
    pipeline: Pipeline

    def __post_init__(self) -> None:
        _check_words(self)
        if self.moments < 1:
            raise WrongRecipe(f"A recording is looked at once or more often, not {self.moments} times.")


@dataclass(frozen=True, kw_only=True)
class LossRecipe:
    """What is descended. Soft targets of Mixup and CutMix need the kind "soft_target"."""

    kind: Literal["cross_entropy", "focal", "soft_target"] = "cross_entropy"
    smoothing: float = 0.0
    gamma: float = 2.0
    weights: Literal["none", "balanced", "effective"] = "none"
    """Of classes, by their clips on the train side."""
    beta: float = 0.999
    beside: Literal["none", "contrastive", "triplet", "centre"] = "none"
    """A loss of the features that the head is given, added to that of the logits."""
    share: float = 1.0
    """What the second is multiplied by."""
    temperature: float = 0.07
    margin: float = 0.2

    def __post_init__(self) -> None:
        _check_words(self)


@dataclass(frozen=True, kw_only=True)
class Links:
    """The first stage of AS-GCN, in which AIM learns alone which joints move together."""

    optimizer: Optimizer
    epochs: int = 10


@dataclass(frozen=True, kw_only=True)
class FitRecipe:
    """A run: everything that decides what is learned, but for the files."""

    name: str
    title: str
    source: str
    """Where its numbers are from, what differs, and what was reported of it."""
    network: str
    options: Mapping[str, Any] = field(default_factory=dict)
    data: Data
    sees: Sight | Bodies
    loss: LossRecipe = field(default_factory=LossRecipe)
    optimizer: Optimizer
    rate_batch: int = 0
    """Clips of a step that the rate was found with: it is scaled to `batch` in proportion; 0 lets it be."""
    schedule: Schedule = field(default_factory=MultiStep)
    transfer: TransferPlan | None = None
    """What becomes of the weights that the network begins with; without a plan all of them learn on."""
    links: Links | None = None
    epochs: int
    batch: int
    """Clips of one step, over all devices and all of `accumulate`."""
    clips_per_class: int = 0
    """K: a step has `batch` / K classes with K clips each, whose features a loss can compare; 0 draws freely.

    Hermans et al. (arXiv 1703.07737), section 2: P x K batches.
    """
    accumulate: int = 1
    """Parts that each device takes its clips of a step in."""
    clip_norm: float = 0.0
    precision: Precision = Precision.FULL
    average: float = 0.0
    """Decay of the running average of the weights, which is then what is measured and kept; 0 for none."""
    patience: int = 0
    """Epochs without a better one on val after which it stops; 0 never stops."""
    seed: int = 0
    scores: Scores = "logits"
    """What the test averages over the views of a clip, and adds up over several models."""

    def __post_init__(self) -> None:
        _check_words(self)
        if self.epochs < 1 or self.batch < 1 or self.accumulate < 1:
            raise WrongRecipe(
                f"{self.name} needs at least 1 epoch, 1 clip a step and 1 part, not {self.epochs}, "
                f"{self.batch} and {self.accumulate}."
            )
        each = self.clips_per_class
        if each and (each < 2 or self.batch % each or self.batch < 2 * each):
            raise WrongRecipe(
                f"{self.name} has {each} clips of each class of a step, and {self.batch} clips a step: take "
                "2 or more of each, and a batch of 2, 3 or more times as many."
            )
        if self.sees.pipeline.mixes and self.loss.kind != "soft_target":
            raise WrongRecipe(
                f"The pipeline of {self.name} mixes clips, so its loss must be of the kind soft_target."
            )

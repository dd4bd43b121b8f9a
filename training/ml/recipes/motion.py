"""The recipe of SMART over motion: what is read from a clip, and what is learned from it.

It was chosen by what it measured on groups (subjects, sequences, recordings) that it had not seen.
"""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from training.ml.recipes.base import Recipe, sha256_of

FEATURE_FORMAT = 3
"""Counts the changes of the code that reads features."""


@dataclass(frozen=True)
class FeatureRecipe:
    """What is read from a clip, in seconds and pixels: it means the same at every frame rate."""

    candidates: int = 32
    """Candidate frames a clip, at most."""
    width: int = 320
    """Width in px at which motion is measured; smaller pictures are not enlarged."""
    rate: float = 15.0
    """Pairs of frames a second between which flow is measured, at most about this many."""
    snippet: float = 0.6
    """Length in seconds of the snippet around a candidate."""
    cell: int = 8
    """Side in px of a cell whose directions are counted."""
    least_flow: float = 0.2
    """Mean |flow| in px per 1/15 s below which nothing moves in a block."""
    keep: int = 64
    """Blocks a snippet, at most: those that move most."""
    side: int = 224
    """Side in px of the picture that the appearance network sees."""


NEVER, IF_BETTER, ALWAYS = 0, 1, 2
"""Whether the classifier learns from the telling frames of clips: `training.ml.engine.telling`."""


@dataclass(frozen=True, kw_only=True)
class MotionRecipe(Recipe):
    """SMART's selectors over what moves and how it looks, and a linear classifier of chosen frames."""

    features: FeatureRecipe = field(default_factory=FeatureRecipe)
    components: int = 24
    """Principal components kept of each channel of a motion descriptor."""
    words: int = 32
    """Gaussians of the mixture of each channel."""
    sample: int = 20_000
    """Descriptors on which components and mixtures are fitted, at most."""
    rounds: int = 20
    """Rounds of expectation maximisation."""
    latent: int = 64
    """Dimensions to which a candidate's motion is projected for the selector."""
    appearance_share: float = 0.35
    """Weight of the appearance half of the pooled vector; the motion half has 1."""
    scale: float = 16.0
    """Length that the pooled vector is brought to before the linear layer."""
    epochs: int = 120
    batch: int = 32
    learning_rate: float = 1e-3
    weight_decay: float = 0.1
    smoothing: float = 0.0
    """Label smoothing."""
    all_share: float = 0.3
    """Share of the training views that hold all candidates; the others hold a random number of them."""
    telling_most: float = 0.25
    """Where a classifier learns from telling candidates, the largest part of a clip's that a view holds."""
    telling: int = IF_BETTER
    """Whether the classifier learns from telling frames: NEVER, IF_BETTER (val says so) or ALWAYS."""
    glance: FeatureRecipe | None = None
    """By what the selectors choose, where that is not what the classifier sees: a quicker look at a clip.

    Only the frames that they chose are read in full then. It has the candidates of `features`.
    """
    glance_components: int = 12
    glance_words: int = 16
    glance_latent: int = 32
    glance_around: int = 2
    """Candidates on either side whose glimpses a selector sees beside each."""

    def __post_init__(self) -> None:
        """Raises ValueError for a glance at other candidates than are read: they would be taken for these."""
        if self.glance is not None and self.glance.candidates != self.features.candidates:
            raise ValueError(f"the glance of {self.name} has other candidates than its full look")

    def feature_fingerprint(self, weights_sha256: str = "") -> str:
        """Names what `Extractor` would write; `weights_sha256` is "" without weights."""
        facts: dict[str, Any] = {
            "format": FEATURE_FORMAT,
            "weights": weights_sha256 or "none",
            **dataclasses.asdict(self.features),
        }
        if self.glance is not None:
            facts["glance"] = dataclasses.asdict(self.glance)
        return sha256_of(facts)

    @property
    def format(self) -> int:
        """Of the features."""
        return FEATURE_FORMAT


SMART_MOTION = MotionRecipe(
    name="smart_motion",
    title="What moves, where and how",
    why="Cameras that stand still show the same scene whatever is done in it, so the movement decides.",
)
"""Measured on real recordings, three folds, no subject, sequence or recording on both sides (November 2026):

top-1 with all 32 / 8 / 4 / 1 evenly spread candidates, beside the best of the simple baselines with all:
one person, 8 actions, 216 clips: 0.43 / 0.38 / 0.35 / 0.32 (0.29); two people, 7 actions, 47 clips:
0.81 / 0.79 / 0.67 / 0.62 (0.57); fights on CCTV, 2 classes, 44 clips: 0.89 / 0.87 / 0.89 / 0.89 (0.75).
More blocks a snippet (160), or places in the whole picture, made no difference that so few clips could show.
"""

SMART_GLANCE = dataclasses.replace(
    SMART_MOTION,
    name="smart_glance",
    title="Brief actions, found at a glance",
    why=(
        "Where an action fills little of its clip, a quick look finds it, and only that is read in full. "
        "Wants some hundred clips; for actions that fill their clips take the first recipe."
    ),
    glance=FeatureRecipe(width=80, rate=7.5, cell=4, keep=24),
    telling=ALWAYS,
)
"""For clips of which the action takes at most a fifth: docs/numbers.md has what it reached."""

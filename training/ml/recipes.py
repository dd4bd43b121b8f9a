"""The recipes by which models are made: every number that decides what is learned, under one name.

A recipe is chosen by what it measured on groups (subjects, sequences, recordings) that it had not seen. Its
feature half decides what is read from a clip and so has a fingerprint of its own, by which features are kept.
"""

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from training.ml.errors import LearningError

FEATURE_FORMAT = 3
"""Counts the changes of the code that reads features; a file of another format is not used."""


class UnknownRecipe(LearningError):  # noqa: N818
    """No recipe has this name, or it has no such number to change."""


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


@dataclass(frozen=True)
class Recipe:
    """How a model is made of features."""

    name: str
    title: str
    why: str
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

    def feature_fingerprint(self, weights_sha256: str = "") -> str:
        """Names what `extract` would write; `weights_sha256` is "" without weights."""
        facts = {
            "format": FEATURE_FORMAT,
            "weights": weights_sha256 or "none",
            **dataclasses.asdict(self.features),
        }
        return _sha256(facts)

    def fingerprint(self) -> str:
        """Names everything that decides what is learned, but for the titles."""
        facts = dataclasses.asdict(self)
        del facts["title"], facts["why"]
        return _sha256({"format": FEATURE_FORMAT, **facts})


SMART_MOTION = Recipe(
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

RECIPES = {recipe.name: recipe for recipe in (SMART_MOTION,)}


def find_recipe(name: str, overrides: dict[str, Any] | None = None) -> Recipe:
    """The recipe of that name, with some of its training numbers changed.

    Raises UnknownRecipe for a name or a number that is not there. What is read from clips cannot be changed.
    """
    if name not in RECIPES:
        raise UnknownRecipe(f"There is no recipe named {name}; there are: {', '.join(sorted(RECIPES))}.")
    recipe, numbers = RECIPES[name], overrides or {}
    for key, value in numbers.items():
        present = getattr(recipe, key, None)
        if isinstance(present, str) or not isinstance(present, int | float):
            raise UnknownRecipe(f"The recipe {name} has no number named {key}.")
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise UnknownRecipe(f"{key} of the recipe {name} must be a number of at least 0, not {value!r}.")
    return dataclasses.replace(recipe, **{key: type(getattr(recipe, key))(numbers[key]) for key in numbers})


def _sha256(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

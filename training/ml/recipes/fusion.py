"""Recipes that are made of others: each part reads clips and learns in its own way, and they are added up.

Late fusion, as two-stream networks do it (Simonyan and Zisserman, NeurIPS 2014, arXiv 1406.2199): the logits
of the parts are summed. What each sees of a clip is left to it: any of them can be put together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from training.ml.recipes.base import Recipe, sha256_of
from training.ml.recipes.motion import SMART_MOTION, MotionRecipe
from training.ml.recipes.networks import LIMBS, NetworkRecipe

BUNDLE_FORMAT = 1
"""Counts the changes of the code that bundles what the parts read."""
_AND = "+"


@dataclass(frozen=True, kw_only=True)
class FusionRecipe(Recipe):
    """Other recipes, learned on the same clips; the first of them that chooses frames speaks for all."""

    parts: tuple[MotionRecipe | NetworkRecipe, ...]
    epochs: int = 0
    """Of every part; 0: as each of them has it."""

    def feature_fingerprint(self, weights_sha256: str = "") -> str:
        """Names what is kept of a clip; `weights_sha256` are those of the parts, by `together`."""
        given = [*weights_sha256.split(_AND), *("" for _ in self.parts)]
        read = [
            part.feature_fingerprint("" if weights == "none" else weights)
            for part, weights in zip(self.parts, given, strict=False)
        ]
        names = [part.name for part in self.parts]
        return sha256_of({"format": BUNDLE_FORMAT, "kind": "bundle", "names": names, "read": read})

    def fingerprint(self) -> str:
        """Names everything that decides what is learned, by the parts' own."""
        learned = [part.fingerprint() for part in self.parts]
        return sha256_of({"format": self.format, "name": self.name, "parts": learned, "epochs": self.epochs})

    @property
    def format(self) -> int:
        """Of the bundles."""
        return BUNDLE_FORMAT


def together(weights: Sequence[str]) -> str:
    """The hashes of the weights by which the parts read clips, as one text; "" and "none" are no weights."""
    return _AND.join(each or "none" for each in weights)


MOTION_AND_LIMBS = FusionRecipe(
    name="motion_and_limbs",
    title="Motion and limbs together",
    why="What moves, and how arms and head do, learned apart and added up: for what one person does. People "
    "should take a third of the picture's height or more.",
    parts=(SMART_MOTION, LIMBS),
)

FUSION_RECIPES: tuple[FusionRecipe, ...] = (MOTION_AND_LIMBS,)

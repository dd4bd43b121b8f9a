"""What every phase of a run works with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from training.ml.engine.checkpoints import Slot
from training.ml.engine.data import Dataset, content_of
from training.ml.engine.plan import Plan
from training.ml.engine.progress import Progress
from training.ml.recipes.base import Recipe

R = TypeVar("R", bound=Recipe)


@dataclass(frozen=True)
class Desk(Generic[R]):
    """The clips, the recipe with its numbers, the folder of checkpoints, and who is told."""

    dataset: Dataset
    recipe: R
    plan: Plan
    seed: int
    folder: Path
    progress: Progress

    def slot(self, name: str) -> Slot:
        """The checkpoint of that name."""
        return Slot(self.folder, name)

    def facts(self, params: Mapping[str, Any], *, features: str, weights: str, budget: int) -> dict[str, Any]:
        """What `ModelFacts` of every kind hold, by name."""
        manifest = self.dataset.manifest
        return {
            "classes": tuple(each.id for each in manifest.classes),
            "names": tuple(each.name for each in manifest.classes),
            "recipe": self.recipe.name,
            "overrides": dict(params.get("overrides") or {}),
            "features": features,
            "weights": weights,
            "budget": budget,
            "seed": self.seed,
            "trained_on": tuple(content_of(clip) for clip in manifest.clips if clip.split != "test"),
        }

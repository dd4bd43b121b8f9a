"""What every phase of a run works with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from training.ml.engine.checkpoints import Slot
from training.ml.engine.data import Dataset
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

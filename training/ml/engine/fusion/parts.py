"""What the parts of a recipe are given, and how what they tell becomes part of what the whole tells."""

from collections.abc import Mapping
from typing import Any

from training.ml.engine.data import bundle_of
from training.ml.engine.desk import Desk
from training.ml.engine.progress import NETWORK_PHASES, PHASES, Progress
from training.ml.recipes.base import Recipe
from training.ml.recipes.fusion import FusionRecipe
from training.ml.recipes.networks import NetworkRecipe

Phases = tuple[tuple[str, float], ...]
_READING, _TEST, _WRITING = 0.02, 0.06, 0.02
_WHOLE = ("test", "writing")
"""Phases that the parts leave to the whole."""
_TOLD = ("epoch", "epochs", "history", "selector", "best_epoch", "clips_per_second")


def phases_of(recipe: FusionRecipe) -> Phases:
    """The phases of a run: each part is one, under its title."""
    share = (1 - _READING - _TEST - _WRITING) / len(recipe.parts)
    parts = tuple((part.title, share) for part in recipe.parts)
    return (("reading", _READING), *parts, ("test", _TEST), ("writing", _WRITING))


def params_of(desk: Desk[FusionRecipe], params: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By part, what a run of it alone would be given, on the same clips.

    Its files are taken out of the bundles and lie beside its checkpoints; who goes on takes them out again.
    """
    folder, names = desk.folder, [part.name for part in desk.recipe.parts]
    features: dict[str, dict[str, str]] = {name: {} for name in names}
    missing = {name: dict(desk.dataset.missing) for name in names}
    for sample in desk.dataset.samples:
        bundle = bundle_of(sample.path, sample.clip.name)
        for name, path in bundle.unpack(folder / "clips", sample.clip.clip).items():
            features[name][sample.clip.clip] = str(path)
        for name, sentence in bundle.missing.items():
            missing[name][sample.clip.clip] = sentence
    overrides = {name: value for name, value in (params.get("overrides") or {}).items() if name != "epochs"}
    if desk.recipe.epochs:
        overrides["epochs"] = desk.recipe.epochs
    return {
        name: {
            **params,
            "recipe": name,
            "overrides": overrides,
            "features": features[name],
            "missing": missing[name],
            "checkpoints": str(folder / name),
            "compare": None,
        }
        for name in names
    }


class PartProgress(Progress):
    """A part's progress, told as one phase of the whole's, under the part's title."""

    def __init__(self, whole: Progress, part: Recipe) -> None:
        usual = NETWORK_PHASES if isinstance(part, NetworkRecipe) else PHASES
        own = [(name, share) for name, share in usual if name not in _WHOLE]
        total = sum(share for _, share in own)
        self._whole, self._title = whole, part.title
        super().__init__(self._tell_whole, [(name, share / total) for name, share in own])

    def log(self, text: str, level: str = "info") -> None:
        """A line of the whole's log that names the part."""
        self._whole.log(f"{self._title}: {text}", level)

    def note(self, sentence: str) -> None:
        """A note of the whole that names the part, unless it is one of all clips already."""
        if sentence not in self.notes and sentence not in self._whole.notes:
            self.notes.append(sentence)
            self._whole.note(f"{self._title}: {sentence}")

    def _tell_whole(self, done: float, stage: str, **facts: Any) -> None:
        told = {name: facts[name] for name in _TOLD}
        self._whole.tell(done, f"{self._title}: {stage}", **told)

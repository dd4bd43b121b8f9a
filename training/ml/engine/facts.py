"""What must be known of a model besides its numbers."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """What is not a tensor. `budget` is the frames a clip; `features` and `weights` say what it takes in."""

    classes: tuple[str, ...]
    """The ids of the classes, in the order of the logits."""
    names: tuple[str, ...]
    recipe: str
    overrides: dict[str, Any]
    features: str
    """The fingerprint of the recipe by which features must be made."""
    weights: str
    """SHA-256 of the pretrained weights, or "none"."""
    budget: int
    seed: int
    trained_on: tuple[str, ...]
    """The contents (hash of the video, frames) of all clips it has learned from or was chosen by."""

    @classmethod
    def of(cls, header: Mapping[str, Any]) -> Self:
        """The facts in a model file's header. Raises KeyError for what is missing."""
        found = {each.name: header[each.name] for each in dataclasses.fields(cls)}
        lists = {name: tuple(found[name]) for name in ("classes", "names", "trained_on")}
        return cls(**{**found, **lists})

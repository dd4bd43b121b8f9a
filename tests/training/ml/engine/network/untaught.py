"""Models of networks that nobody taught: what they say hangs on every number that they see."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import torch

from training.ml.engine.network.model import NetworkFacts, NetworkModel, made
from training.ml.recipes.networks import NetworkRecipe

CLASSES = {"a": "A", "b": "B", "c": "C"}


def untaught(
    recipe: NetworkRecipe, classes: Mapping[str, str] = CLASSES, options: Mapping[str, Any] | None = None
) -> NetworkModel:
    """The model of a recipe before it has learned: always the same. `classes` are names by ids."""
    facts = NetworkFacts(
        classes=tuple(classes),
        names=tuple(classes.values()),
        recipe=recipe.name,
        overrides={},
        features=recipe.feature_fingerprint(),
        weights="none",
        budget=recipe.moments,
        seed=0,
        trained_on=(),
        options=dict(options or {}),
        numbers=asdict(recipe),
    )
    torch.manual_seed(2)
    return NetworkModel(recipe, made(recipe, len(classes), dict(options or {})).eval(), facts)

"""The recipes by which models are made: every number that decides what is learned, under one name."""

import dataclasses
from typing import Any

from training.ml.recipes.base import Recipe, UnknownRecipe
from training.ml.recipes.fusion import FUSION_RECIPES
from training.ml.recipes.motion import SMART_GLANCE, SMART_MOTION
from training.ml.recipes.networks import NETWORK_RECIPES

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe for recipe in (SMART_MOTION, SMART_GLANCE, *FUSION_RECIPES, *NETWORK_RECIPES)
}
"""In the order in which they are offered: those that do not learn a network from scratch come first."""


def find_recipe(name: str, overrides: dict[str, Any] | None = None) -> Recipe:
    """The recipe of that name, with some of its training numbers changed.

    Raises UnknownRecipe for a name or a number that is not there. What is read from clips cannot be changed.
    """
    if name not in RECIPES:
        raise UnknownRecipe(f"There is no recipe named {name}; there are: {', '.join(sorted(RECIPES))}.")
    recipe, numbers = RECIPES[name], overrides or {}
    for key, value in numbers.items():
        present = getattr(recipe, key, None)
        if isinstance(present, str | bool) or not isinstance(present, int | float):
            raise UnknownRecipe(f"The recipe {name} has no number named {key}.")
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise UnknownRecipe(f"{key} of the recipe {name} must be a number of at least 0, not {value!r}.")
    return dataclasses.replace(recipe, **{key: type(getattr(recipe, key))(numbers[key]) for key in numbers})

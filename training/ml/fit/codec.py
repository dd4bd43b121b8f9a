"""Recipes as JSON and back: each dataclass tells its name, and only those listed here are made again."""

import dataclasses
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from training.ml import optim, sampling
from training.ml.augment.clips import Kind
from training.ml.augment.pipeline import MIXES, TRANSFORMS, Pipeline
from training.ml.errors import BadFile
from training.ml.fit.recipe import Bodies, Data, FitRecipe, Links, LossRecipe, Sight
from training.ml.transfer import Mode, TransferPlan

_IS = "is"
_CLASSES: dict[str, type] = {
    each.__name__: each
    for each in (
        *(FitRecipe, Data, Sight, Bodies, LossRecipe, Links, Pipeline, TransferPlan),
        *(optim.SGD, optim.Adam, optim.AdamW, optim.ASGD),
        *(optim.Step, optim.MultiStep, optim.Cosine, optim.Plateau, optim.Warmup),
        *(sampling.Dense, sampling.Dynamic, sampling.Segments, sampling.Uniform),
        *TRANSFORMS.values(),
        *MIXES.values(),
    )
}
_ENUMS: dict[str, type[StrEnum]] = {each.__name__: each for each in (Kind, Mode, optim.Precision)}


def told(value: Any) -> Any:
    """A recipe, or a part of one, as JSON holds it."""
    if isinstance(value, StrEnum):
        return {_IS: type(value).__name__, "value": str(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {each.name: told(getattr(value, each.name)) for each in dataclasses.fields(value)}
        return {_IS: type(value).__name__, **fields}
    if isinstance(value, tuple | list):
        return [told(each) for each in value]
    if isinstance(value, Mapping):
        return {str(name): told(each) for name, each in value.items()}
    return value


def made(value: Any) -> Any:
    """What `told` told. Raises BadFile for what is no recipe of this version."""
    if isinstance(value, list):
        return tuple(made(each) for each in value)
    if not isinstance(value, dict):
        return value
    fields = {name: made(each) for name, each in value.items() if name != _IS}
    name = value.get(_IS)
    if name is None:
        return fields
    if name in _ENUMS:
        return _ENUMS[name](fields["value"])
    if name not in _CLASSES:
        raise BadFile(f"A recipe holds a part named {name}, which this version does not know.")
    try:
        return _CLASSES[name](**fields)
    except TypeError as error:
        raise BadFile(f"A recipe's {name} is of another version: {error}.") from error


def recipe_of(value: Any) -> FitRecipe:
    """The recipe that `told` told. Raises BadFile."""
    recipe = made(value)
    if not isinstance(recipe, FitRecipe):
        raise BadFile("The file holds no recipe.")
    return recipe


def json_line(value: Any) -> bytes:
    """A line of JSON, as files hold it."""
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True) + "\n").encode()

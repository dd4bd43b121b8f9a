"""The recipe by which this installation trains, with the pretrained weights that are here."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from training.ml.errors import BadFile
from training.ml.recipes import RECIPES, find_recipe
from training.ml.recipes import base as ml
from training.ml.recipes.fusion import FusionRecipe, together
from training.ml.recipes.motion import SMART_MOTION, MotionRecipe
from training.ml.recipes.networks import NetworkRecipe, Reads
from training.ml.weights import (
    NONE_FOUND,
    POSE_WEIGHTS,
    SOURCES,
    Found,
    checked,
    find,
    named,
    no_pose_weights,
)

DEFAULT = SMART_MOTION.name


@dataclass(frozen=True)
class Recipe:
    """`fingerprint` names what features follow from, weights and code included.

    `warning` says that weights are missing, `damaged` that they are others; both may be empty.
    """

    name: str
    title: str
    why: str
    fingerprint: str
    warning: str = ""
    damaged: str = ""


def recipe_now() -> Recipe:
    """The recipe of new runs where nobody asks for another."""
    return recipe_named(DEFAULT)


def recipes_all() -> list[Recipe]:
    """Every recipe there is, the usual one first."""
    return [recipe_named(name) for name in sorted(RECIPES, key=lambda name: name != DEFAULT)]


def recipe_title(name: str) -> str:
    """What people call it; the name itself of a recipe that is no more."""
    return RECIPES[name].title if name in RECIPES else name


def recipe_named(name: str) -> Recipe:
    """A recipe with the weights that are here. Raises UnknownRecipe."""
    found = find_recipe(name)
    sha256, warning, damaged = _weights_of(found)
    return Recipe(
        name=found.name,
        title=found.title,
        why=found.why,
        fingerprint=found.feature_fingerprint(sha256),
        warning=warning,
        damaged=damaged,
    )


def _weights_of(recipe: ml.Recipe) -> tuple[str, str, str]:
    """Hash of what reads clips for a recipe, what is to be said of it, and why it cannot be used."""
    if isinstance(recipe, FusionRecipe):
        hashes, warnings, damages = zip(*map(_weights_of, recipe.parts), strict=True)
        return together(hashes), _first(warnings), _first(damages)
    if isinstance(recipe, MotionRecipe):
        return _eye()
    if isinstance(recipe, NetworkRecipe) and recipe.clip.reads == Reads.POSES:
        return _poses()
    return "", "", ""


def _first(sentences: Iterable[str]) -> str:
    return next(filter(None, sentences), "")


def _poses() -> tuple[str, str, str]:
    path = Path(settings.WEIGHTS_DIR) / POSE_WEIGHTS
    if not path.is_file():
        return "", "", no_pose_weights()
    stat = path.stat()
    try:
        return _pose_sha256(path.parent, (stat.st_ino, stat.st_size, stat.st_mtime_ns)), "", ""
    except BadFile as error:
        return "", "", error.sentence


@lru_cache(maxsize=2)
def _pose_sha256(folder: Path, _looks: tuple[int, int, int]) -> str:
    """Hashed once for as long as the file looks the same."""
    return checked(named(POSE_WEIGHTS), folder).sha256


def _eye() -> tuple[str, str, str]:
    """Hash of the weights that look at single frames, and what is to be said of them: none, or damaged."""
    try:
        weights = _weights(Path(settings.WEIGHTS_DIR))
    except BadFile as error:
        return "", "", error.sentence
    return (weights.sha256, "", "") if weights is not None else ("", NONE_FOUND, "")


def weights_folder() -> str:
    """The folder of pretrained weights; empty where there is none."""
    folder = Path(settings.WEIGHTS_DIR)
    return str(folder) if folder.is_dir() else ""


def _weights(folder: Path) -> Found | None:
    looks = []
    for source in SOURCES:
        path = folder / source.name
        if path.is_file():
            stat = path.stat()
            looks.append((source.name, stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return _found(folder, tuple(looks))


@lru_cache(maxsize=8)
def _found(folder: Path, _looks: tuple[tuple[str, int, int, int], ...]) -> Found | None:
    """Hashed once for as long as the files look the same."""
    return find(folder)

"""The beginning of every run: read what is given, see that it fits together, and open the checkpoints."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from training.ml.engine.checkpoints import opened
from training.ml.engine.data import Dataset, dataset_of, fingerprint_of, looked_through, one_recipe, unlearned
from training.ml.engine.desk import Desk
from training.ml.engine.plan import planned
from training.ml.engine.progress import Progress
from training.ml.errors import BadFile
from training.ml.features.eyes import Read
from training.ml.manifest import read
from training.ml.recipes import find_recipe
from training.ml.recipes.base import Recipe, UnknownRecipe

FORMAT = 3
"""Counts the changes after which a checkpoint of before would lead to another model."""
R = TypeVar("R", bound=Recipe)


def desk_of(
    params: Mapping[str, Any],
    progress: Progress,
    kind: type[R],
    read_one: Callable[[Path, str], Read],
    begins_with: str = "none",
) -> tuple[Desk[R], tuple[str, str]]:
    """Read everything that is given, and prepare the checkpoints; also what made the features.

    `kind` is what the recipe must be, `read_one` reads one clip's file; `begins_with` is the SHA-256 of the
    weights that learning begins with.
    """
    plan, numbers = planned(params.get("overrides"))
    recipe = find_recipe(params["recipe"], numbers)
    if not isinstance(recipe, kind):
        raise UnknownRecipe(f"The recipe {recipe.name} is learned in another way.")
    manifest = read(params["manifest"])
    torn, made = looked_through(manifest, params["features"], read_one)
    dataset = dataset_of(manifest, params["features"], {**(params.get("missing") or {}), **torn})
    made_by = one_recipe(made)
    if made_by[0] != recipe.feature_fingerprint("" if made_by[1] == "none" else made_by[1]):
        raise BadFile(
            "The features of these clips were made by another recipe. Make them again for this run."
        )
    facts = {
        "format": FORMAT,
        "recipe": recipe.fingerprint(),
        "plan": vars(plan),
        "seed": params["seed"],
        "threads": params["threads"],
        "made_by": made_by,
        "begins_with": begins_with,
        "glove": params.get("glove") or "",
    }
    folder = Path(params["checkpoints"])
    if opened(folder, fingerprint_of(manifest, dataset, facts)):
        progress.log("Going on from where an earlier attempt was.")
    _notes(dataset, progress)
    if torn:
        first = next(iter(torn.values()))
        progress.note(f"The features of {len(torn)} clips cannot be used, as if there were none. {first}")
    return Desk(dataset, recipe, plan, int(params["seed"]), folder, progress), made_by


def _notes(dataset: Dataset, progress: Progress) -> None:
    """What whoever reads the result must know about the data."""
    manifest = dataset.manifest
    progress.log(
        f"{len(dataset.train)} clips to learn from, {len(dataset.val)} to choose by, "
        f"{len(manifest.side('test'))} to test on, {len(manifest.classes)} classes."
    )
    if manifest.split.note:
        progress.note(manifest.split.note)
    gone = Counter(clip.split for clip in manifest.clips if clip.clip in dataset.missing)
    if lost := gone["train"] + gone["val"]:
        clips = "1 labelled clip has" if lost == 1 else f"{lost} labelled clips have"
        were = "was" if lost == 1 else "were"
        progress.note(f"{clips} no features and {were} left out of learning.")
    never = unlearned(dataset)
    if unseen := [each.name for each in manifest.classes if each.id in never]:
        progress.note(f"There is no clip to learn {', '.join(unseen)} from, so that is never suggested.")

"""Which clips an epoch's steps have: all of them in a random order, or of some classes so many clips each."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from training.ml.engine.plan import drawing
from training.ml.fit.recipe import FitRecipe, WrongRecipe
from training.ml.fit.stock import Side
from training.ml.places import Places


def steps_of(recipe: FitRecipe, clips: int) -> int:
    """Steps of an epoch over so many clips."""
    return math.ceil(clips / recipe.batch)


def order_of(recipe: FitRecipe, side: Side, epoch: int) -> Sequence[Places]:
    """The clips of each step of an epoch, by their places: (clips,), or (P, K) of P classes K clips each.

    It hangs on the seed and the epoch alone. Raises WrongRecipe where fewer than P classes have clips.
    """
    steps = steps_of(recipe, len(side))
    if recipe.clips_per_class:
        return list(_by_class(recipe, side, epoch, steps))
    # Of equal parts: the last step is as large as the others.
    return np.array_split(drawing(recipe.seed, "order", epoch).permutation(len(side)), steps)


def times_of(steps: Sequence[Places]) -> list[Places]:
    """How often each clip came before in these steps: what is drawn for it is another thing each time."""
    seen = Counter[int]()
    times = []
    for step in steps:
        row = []
        for place in step.ravel().tolist():
            row.append(seen[place])
            seen[place] += 1
        times.append(np.array(row, np.int64).reshape(step.shape))
    return times


def small_classes(recipe: FitRecipe, side: Side) -> list[str]:
    """A sentence about classes that have fewer clips than a step has of each; none where all have enough."""
    counts = np.bincount(side.label_N.numpy(), minlength=len(side.classes)).tolist()
    small = [
        f"{name} ({count})"
        for name, count in zip(side.classes, counts, strict=True)
        if 0 < count < recipe.clips_per_class
    ]
    said = (
        f"A step has {recipe.clips_per_class} clips of each of its classes. Fewer are there of "
        f"{', '.join(small)}: theirs come again in the same step, each time in another random view."
    )
    return [said] if small else []


def _by_class(recipe: FitRecipe, side: Side, epoch: int, steps: int) -> Iterator[Places]:
    """Of each step the classes that have shown the smallest share of their clips; among equals any."""
    each, wanted = recipe.clips_per_class, recipe.batch // recipe.clips_per_class
    label_N = side.label_N.numpy()
    there = np.unique(label_N)
    if len(there) < wanted:
        raise WrongRecipe(
            f"A step of {recipe.name} has {wanted} classes with {each} clips each, and only {len(there)} "
            "classes have clips: take a smaller batch, or more clips of each class."
        )
    members = [np.flatnonzero(label_N == label) for label in there]
    streams = [
        _groups(places, each, recipe, epoch, int(label)) for places, label in zip(members, there, strict=True)
    ]
    count_C = np.array([len(places) for places in members])
    shown_C = np.zeros(len(there))
    for step in range(steps):
        ties_C = drawing(recipe.seed, "classes", epoch, step).random(len(there))
        chosen_P = np.lexsort((ties_C, shown_C / count_C))[:wanted]
        shown_C[chosen_P] += each
        yield np.stack([next(streams[c]) for c in chosen_P])


def _groups(places: Places, each: int, recipe: FitRecipe, epoch: int, label: int) -> Iterator[Places]:
    """Clips of one class, so many at a time, for ever: all come before one comes again.

    None comes twice in a group unless there are too few.
    """
    left: Places = np.zeros(0, np.int64)
    round_ = 0
    while True:
        if len(left) < each:
            generator = drawing(recipe.seed, "class", epoch, label, round_)
            fresh, round_ = generator.permutation(places), round_ + 1
            later = np.isin(fresh, left)
            left = np.concatenate([left, fresh[~later], fresh[later]])
            if len(places) < each:
                left = np.resize(fresh, each)
        group, left = left[:each], left[each:]
        yield group

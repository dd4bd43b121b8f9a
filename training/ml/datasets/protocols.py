"""Ways to part samples that any data set with the column allows: cross-subject, cross-view, cross-camera...

`cross-subject-1-of-3` is a rotation: the values, in their natural order, are dealt in turn to three folds,
and the first fold is tested. `cross-subject=S003,S007` tests exactly those.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from training.ml.datasets.base import Check, Dataset, Protocol, Sample, WrongProtocol, natural
from training.ml.splits import SplitItem, split

COLUMNS = ("subject", "view", "camera", "setup", "group")
_ROTATION = re.compile(r"cross-(?P<column>[a-z]+)-(?P<at>\d{1,3})-of-(?P<folds>\d{1,3})")
_CHOSEN = re.compile(r"cross-(?P<column>[a-z]+)=(?P<values>.+)")
HOW = "cross-COLUMN-K-of-N, or cross-COLUMN=VALUE,VALUE to test those"


def held_out(samples: Sequence[Sample], column: str, values: Iterable[str]) -> Protocol:
    """Samples with these values in a column are tested, all others learned from. Raises WrongProtocol."""
    tested = frozenset(values)
    there = _values(samples, column)
    if unknown := sorted(tested - set(there), key=natural):
        raise WrongProtocol(
            f"No sample has the {column} {', '.join(unknown)}; there are: {', '.join(there)}."
        )
    if tested >= set(there) or not tested:
        raise WrongProtocol(
            f"To test {len(tested)} of {len(there)} values of {column} leaves one side without a sample."
        )
    sides: dict[bool, list[int]] = {False: [], True: []}
    for place, sample in enumerate(samples):
        sides[getattr(sample, column) in tested].append(place)
    return Protocol(tuple(sides[False]), (), tuple(sides[True]))


def fold(samples: Sequence[Sample], column: str, at: int, folds: int) -> Protocol:
    """Rotation `at` (from 1) of `folds`. Raises WrongProtocol for wrong numbers, or too few values."""
    there = _values(samples, column)
    if not 2 <= folds <= len(there) or not 1 <= at <= folds:
        raise WrongProtocol(
            f"There is no rotation {at} of {folds}: {column} has {len(there)} values, so rotations "
            f"are 1 of 2 to {len(there)} of {len(there)}."
        )
    return held_out(samples, column, there[at - 1 :: folds])


def rotations(samples: Sequence[Sample], column: str, folds: int) -> dict[str, Protocol]:
    """All rotations by their names. Raises WrongProtocol."""
    return {f"cross-{column}-{at}-of-{folds}": fold(samples, column, at, folds) for at in range(1, folds + 1)}


def using(dataset: Dataset, name: str) -> Dataset:
    """The same data set, parted by the protocol of that name: one of its own, or any that it has columns for.

    Raises WrongProtocol.
    """
    if name in dataset.protocols:
        return replace(dataset, using=name)
    if found := _ROTATION.fullmatch(name):
        made = fold(dataset.samples, found["column"], int(found["at"]), int(found["folds"]))
    elif found := _CHOSEN.fullmatch(name):
        made = held_out(dataset.samples, found["column"], found["values"].split(","))
    else:
        own = ", ".join(dataset.protocols) or "none of its own"
        raise WrongProtocol(f"{dataset.name} has no protocol {name}. There are: {own}; or {HOW}.")
    return replace(dataset, protocols={**dataset.protocols, name: made}, using=name)


def with_val(dataset: Dataset, *, share: float = 0.2, seed: int = 0) -> Dataset:
    """The protocol in use with a val side, dealt by whole groups from its train side as the app deals it.

    Raises WrongProtocol where there is a val side already, or no protocol in use.
    """
    if dataset.val:
        raise WrongProtocol(f"{dataset.using} of {dataset.name} has a val side of its own.")
    old = dataset.protocols[dataset.using]
    items = [_item(place, dataset.samples[place]) for place in old.train]
    side = split(items, val_share=share, test_share=0, seed=seed).side
    train = tuple(place for place in old.train if side[str(place)] == "train")
    val = tuple(place for place in old.train if side[str(place)] == "val")
    return replace(dataset, protocols={**dataset.protocols, dataset.using: Protocol(train, val, old.test)})


def apart(dataset: Dataset, protocol: str, column: str) -> Check:
    """That no value of a column is on two sides of a protocol."""
    sides: dict[str, set[str]] = {}
    for name in ("train", "val", "test"):
        for sample in dataset.side(name, protocol):
            if value := getattr(sample, column):
                sides.setdefault(value, set()).add(name)
    shared = sorted((value for value, names in sides.items() if len(names) > 1), key=natural)
    if shared:
        some = ", ".join(shared[:3]) + (", ..." if len(shared) > 3 else "")
        return Check(False, f"{protocol}: {len(shared)} of {len(sides)} {column}s are on two sides: {some}.")
    return Check(True, f"{protocol}: none of {len(sides)} {column}s is on two sides.")


def _item(place: int, sample: Sample) -> SplitItem:
    return SplitItem(
        key=str(place),
        subject=sample.subject,
        camera_day=sample.camera or sample.view,
        recording=sample.group or str(sample.path),
        label=sample.label,
    )


def _values(samples: Sequence[Sample], column: str) -> list[str]:
    """The values of a column, in their natural order."""
    if column not in COLUMNS:
        raise WrongProtocol(f"There is no column {column} to part by; there are: {', '.join(COLUMNS)}.")
    there = {getattr(sample, column) for sample in samples}
    if there <= {""}:
        has = [name for name in COLUMNS if any(getattr(sample, name) for sample in samples)]
        raise WrongProtocol(f"These samples tell no {column}; they tell: {', '.join(has) or 'nothing'}.")
    if "" in there:
        lost = next(sample for sample in samples if not getattr(sample, column))
        raise WrongProtocol(f"{lost.name} tells no {column}, so it has no side: say it, or leave it out.")
    return sorted(there, key=natural)

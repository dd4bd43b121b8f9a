"""The protocol of data sets whose own lists say of each sample on which side it is."""

from collections import Counter
from dataclasses import replace

from training.ml.datasets.base import Check, Dataset, Protocol
from training.ml.manifest import SIDES

OFFICIAL = "official"


def by_split(dataset: Dataset) -> Dataset:
    """The data set with the protocol `official`, made of its samples' `split`, and a check of its counts.

    Where no sample tells a side there is no protocol.
    """
    if not any(sample.split for sample in dataset.samples):
        return dataset
    sides = {
        side: tuple(n for n, sample in enumerate(dataset.samples) if sample.split == side) for side in SIDES
    }
    counts = ", ".join(f"{len(places)} {side}" for side, places in sides.items())
    times = Counter((each.path, each.start, each.end, each.seconds, each.label) for each in dataset.samples)
    doubled = [path.name for (path, *_), count in times.items() if count > 1]
    twice = Check(
        not doubled,
        f"Samples listed twice: {len(doubled)}, the first {doubled[0]}."
        if doubled
        else f"{OFFICIAL}: {counts}; none is listed twice.",
    )
    protocol = Protocol(sides["train"], sides["val"], sides["test"])
    return replace(dataset, protocols={OFFICIAL: protocol}, checks=(*dataset.checks, twice), using=OFFICIAL)

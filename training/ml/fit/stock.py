"""What is learned from: clips by number, as each side's views, whatever they are read from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol as Interface

import numpy as np
import torch
from torch import Tensor

from training.ml.augment.clips import Clips
from training.ml.datasets import Dataset, Protocol, Sample, WrongProtocol, read_dataset
from training.ml.datasets.protocols import with_val
from training.ml.errors import BadFile
from training.ml.fit.recipe import Bodies, Data, Sight
from training.ml.fit.views import once
from training.ml.places import spread


class Reader(Interface):
    """Reads a sample as clips: one of them, with everything that the pipelines need."""

    def drawn(self, sample: Sample, generator: np.random.Generator) -> Clips:
        """A random view to learn from, of one clip."""

    def fixed(self, sample: Sample, moments: int) -> Iterator[Clips]:
        """One clip for each moment to be tested on, one by one; always the same."""


@dataclass(frozen=True)
class Side:
    """The samples of one side, their class numbers, and how they are seen."""

    samples: tuple[Sample, ...]
    label_N: Tensor
    classes: tuple[str, ...]
    sees: Sight | Bodies
    reader: Reader

    def __len__(self) -> int:
        return len(self.samples)

    def some(self, count: int) -> "Side":
        """At most so many of its samples, spread over all of them."""
        if len(self) <= count:
            return self
        places = spread(len(self), count)
        kept = tuple(self.samples[place] for place in places)
        return replace(self, samples=kept, label_N=self.label_N[torch.from_numpy(places)])

    def there(self) -> "Side":
        """Itself, if the recordings of all samples are there. Raises BadFile with the first that is not."""
        if lost := next((each for each in self.samples if not each.path.exists()), None):
            raise BadFile(f"{lost.path} is not there: fetch it, or take it out of the lists.")
        return self

    def learned(self, place: int, generator: np.random.Generator) -> tuple[Tensor, Tensor]:
        """A random view x (C, T, ...) and its target_K, in shares that sum to 1."""
        clips = self.reader.drawn(self.samples[place], generator)
        clips = clips.labelled(self.label_N[place : place + 1], self.classes)
        view = self.sees.pipeline.draw(generator, clips.shape)
        shown = self.sees.pipeline.show(clips, [view])
        assert shown.target_BK is not None  # noqa: S101 - labelled above
        return shown.x[0], shown.target_BK[0]

    def tested(self, place: int) -> Iterator[Tensor]:
        """The views x (1, C, T, ...) of a sample that are tested on, one by one; always the same."""
        for clips in self.reader.fixed(self.samples[place], self.sees.moments):
            if isinstance(self.sees, Bodies):
                yield clips.x
                continue
            pipeline = self.sees.test_pipeline
            for view in pipeline.every(clips.shape):
                yield pipeline.show(clips, [view]).x

    def once(self) -> "Side":
        """The same, each sample seen in one view alone, as while a network learns."""
        return replace(self, sees=once(self.sees))


@dataclass(frozen=True)
class Stock:
    """All sides. `val` may be empty: then the last epoch is kept."""

    classes: tuple[str, ...]
    train: Side
    val: Side
    test: Side
    left_out: tuple[str, ...] = ()
    """Classes of the data set that are not among `classes`; their samples are on no side."""

    def side(self, name: str) -> Side:
        """By name: train, val or test."""
        sides = {"train": self.train, "val": self.val, "test": self.test}
        if name not in sides:
            raise WrongProtocol(f"There is no side named {name}; there are: {', '.join(sides)}.")
        return sides[name]


def stock_of(data: Data, sees: Sight | Bodies, reader: Reader, root: Path) -> Stock:
    """Read a data set as its recipe asks. Raises a LearningError that names what is not there.

    Where a data set parts nobody, all learn. Whether recordings are there is asked by `Side.there`.
    """
    dataset = read_dataset(data.reader, root, protocol=data.protocol, **data.options)
    if not dataset.protocols:
        everyone = Protocol(tuple(range(len(dataset.samples))))
        dataset = replace(dataset, protocols={"all learn": everyone}, using="all learn")
    if data.val_share and not dataset.val:
        dataset = with_val(dataset, share=data.val_share)
    return stocked(dataset, data.classes, sees, reader)


def stocked(dataset: Dataset, classes: Sequence[str], sees: Sight | Bodies, reader: Reader) -> Stock:
    """The sides of a data set, of some of its classes, or of all with none named."""
    if unknown := sorted(set(classes) - set(dataset.classes)):
        raise WrongProtocol(f"{dataset.name} has no class {', '.join(unknown)}.")
    chosen = tuple(classes) or dataset.classes
    number = {name: place for place, name in enumerate(chosen)}

    def side(samples: Sequence[Sample]) -> Side:
        kept = tuple(each for each in samples if each.label in number)
        labels = torch.tensor([number[each.label] for each in kept], dtype=torch.int64)
        return Side(kept, labels, chosen, sees, reader)

    left_out = tuple(name for name in dataset.classes if name not in number)
    return Stock(chosen, side(dataset.train), side(dataset.val), side(dataset.test), left_out)

"""Batches of clips, read in workers: the same ones for the same seed, however many workers there are."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch.utils.data import DataLoader, Sampler, default_collate

from curation.media.errors import MediaError
from training.ml.datasets.clips import Clip, DrawnClips, FixedClips
from training.ml.engine.plan import drawing
from training.ml.errors import LearningError
from training.ml.workers import alone, context_of

Clips = DrawnClips | FixedClips


class BadSample(LearningError):  # noqa: N818
    """A sample could not be read while batches were made; the sentence names it."""


class Order(Sampler[tuple[int, int]]):
    """The places of one epoch in their order."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.epoch = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((self.epoch, place) for place in range(self._count))


class Shuffled(Order):
    """The places of one epoch in an order that its number and the seed decide.

    One of `ranks` processes gets every so-many-th of them, all equally many: some are given twice where they
    do not come out even. Set `epoch` before each epoch.
    """

    def __init__(self, count: int, *, seed: int, rank: int = 0, ranks: int = 1) -> None:
        super().__init__(count)
        self._seed, self._rank, self._ranks = seed, rank, ranks

    def __len__(self) -> int:
        return -(-self._count // self._ranks)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        places = drawing(self._seed, "order", self.epoch).permutation(self._count)
        wanted = len(self) * self._ranks
        mine = [int(places[n % self._count]) for n in range(self._rank, wanted, self._ranks)]
        return ((self.epoch, place) for place in mine)


@dataclass(frozen=True)
class _Refused:
    """Why a sample cannot be read. An error would lose its sentence on the way from a worker."""

    sentence: str


class _Careful(torch.utils.data.Dataset[Clip | _Refused]):
    def __init__(self, clips: Clips) -> None:
        self.clips = clips

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, at: tuple[int, int]) -> Clip | _Refused:
        try:
            return self.clips[at]
        except (LearningError, MediaError) as error:
            place = at[1] if isinstance(self.clips, DrawnClips) else at[1] // self.clips.sampler.views
            return _Refused(f"{self.clips.samples[place].name}: {error.sentence}")


class Batches:
    """Batches (x_BCTHW, label_B, place_B): all of an epoch, each time that it is walked through."""

    def __init__(self, clips: Clips, order: Order, *, batch: int, workers: int = 0) -> None:
        """Raises LearningError for batches of no clip, or fewer than 0 workers."""
        if batch < 1 or workers < 0:
            raise LearningError(f"Batches of {batch} clips by {workers} workers cannot be made.")
        self.order = order
        self._loader = DataLoader(
            _Careful(clips),
            batch_size=batch,
            sampler=order,
            num_workers=workers,
            collate_fn=_together,
            worker_init_fn=alone,
            multiprocessing_context=context_of(workers),
            persistent_workers=workers > 0,
            generator=torch.Generator().manual_seed(0),
        )

    def __len__(self) -> int:
        return len(self._loader)

    def __iter__(self) -> Iterator[Clip]:
        """Raises BadSample for a sample that cannot be read."""
        for batch in self._loader:
            if isinstance(batch, _Refused):
                raise BadSample(batch.sentence)
            yield batch


def _together(items: list[Clip | _Refused]) -> Clip | _Refused:
    refused = [each for each in items if isinstance(each, _Refused)]
    if refused:
        return refused[0]
    sizes = {tuple(each.x_CTHW.shape) for each in items if isinstance(each, Clip)}
    if len(sizes) > 1:
        said = " and ".join(str(size) for size in sorted(sizes))
        return _Refused(f"Clips of {said} make no batch: let a change bring them to one size.")
    batch: Clip = default_collate(items)
    return batch

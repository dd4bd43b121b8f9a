"""What is wrong with the samples of a data set: what is not there, and what cannot be read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from curation.media.decode import decode_pass
from curation.media.errors import MediaError
from training.ml.datasets.base import Dataset, Holds, Sample
from training.ml.datasets.cache import Decoded
from training.ml.datasets.frames import Seconds, edges_of, range_of
from training.ml.datasets.skeletons import read_skeletons
from training.ml.errors import LearningError


@dataclass(frozen=True)
class _Known:
    count: int
    edges: Seconds | None

    def __len__(self) -> int:
        return self.count


def not_there(dataset: Dataset) -> list[str]:
    """A sentence for each path that samples say, and at which nothing lies."""
    counts = Counter(sample.path for sample in dataset.missing)
    return [
        f"{path} is not there{f', for {count} samples' if count > 1 else ''}."
        for path, count in counts.items()
    ]


def unreadable(dataset: Dataset) -> Iterator[str | None]:
    """Reads every sample that is there, from its first frame to its last: for each its problem, or None."""
    missing = set(dataset.missing)
    decoded: dict[str, _Known] = {}
    for sample in dataset.samples:
        if sample in missing:
            continue
        try:
            _read(sample, decoded)
        except (LearningError, MediaError) as error:
            yield f"{sample.name}: {error.sentence}"
        else:
            yield None


def _read(sample: Sample, decoded: dict[str, _Known]) -> None:
    if sample.holds == Holds.SKELETON:
        read_skeletons(sample)
    elif sample.holds == Holds.VIDEO:
        # Many samples may lie in one recording, which is decoded once.
        if str(sample.path) not in decoded:
            index = decode_pass(sample.path).index
            decoded[str(sample.path)] = _Known(len(index), edges_of(index))
        range_of(sample, decoded[str(sample.path)])
    else:
        frames = Decoded().frames_of(sample)
        frames.at([*range_of(sample, frames)][-1:])

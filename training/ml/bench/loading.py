"""How fast clips reach a network, beside how fast their recordings can be decoded at all."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from curation.media.decode import decode_pass
from training.ml.datasets import Dataset, Sample
from training.ml.datasets.cache import Decoded, FrameCache, FrameSource
from training.ml.datasets.clips import CentreSquare, DrawnClips
from training.ml.datasets.frames import FrameRecipe
from training.ml.datasets.loading import Batches, Shuffled
from training.ml.errors import BadFile
from training.ml.sampling import Uniform

LENGTH, SIDE, BATCH = 16, 224, 4
"""Frames of a clip, px of its square, and clips of a batch."""
_LABEL = "any"


@dataclass(frozen=True)
class Loading:
    """Seconds for the same recordings, a clip of each; `frames` are all that they hold."""

    recordings: int
    frames: int
    workers: int
    decode_seconds: float
    """Every frame decoded once, and nothing done with it: the limit of whoever reads recordings whole."""
    decoded_seconds: float
    """Clips of recordings that are decoded for each."""
    first_seconds: float
    """Clips of recordings whose frames are kept on the way."""
    kept_seconds: float
    """Clips of frames that are kept already, as from the second epoch on."""

    @property
    def first_ratio(self) -> float:
        """How much of the speed of bare decoding the first epoch has."""
        return self.decode_seconds / self.first_seconds

    @property
    def kept_ratio(self) -> float:
        """How many times as fast as bare decoding later epochs are."""
        return self.decode_seconds / self.kept_seconds


def loading_of(videos: Sequence[Path], *, workers: int = 0) -> Loading:
    """Measure on these recordings, each way after the others; frames are kept in a folder that goes again.

    Raises BadFile without recordings or for one that is not there, and what reading them raises.
    """
    if not videos:
        raise BadFile("Loading is measured on recordings: name one or more.")
    if lost := [path for path in videos if not path.exists()]:
        raise BadFile(f"{lost[0]} is not there.")
    samples = tuple(Sample(path=path, label=_LABEL) for path in videos)
    dataset = Dataset(name="bench", classes=(_LABEL,), samples=samples)
    recipe = FrameRecipe()
    frames = 0

    def decode() -> None:
        nonlocal frames
        frames = sum(len(decode_pass(path).index) for path in videos)

    def clips(source: FrameSource) -> Callable[[], None]:
        return lambda: _walk(dataset, source, workers)

    decode_seconds = _timed(decode)
    with tempfile.TemporaryDirectory() as folder:
        kept = FrameCache(Path(folder), recipe)
        return Loading(
            recordings=len(videos),
            frames=frames,
            workers=workers,
            decode_seconds=decode_seconds,
            decoded_seconds=_timed(clips(Decoded(recipe))),
            first_seconds=_timed(clips(kept)),
            kept_seconds=_timed(clips(kept)),
        )


def _walk(dataset: Dataset, source: FrameSource, workers: int) -> None:
    drawn = DrawnClips(dataset, dataset.samples, Uniform(length=LENGTH), source, CentreSquare(SIDE))
    for _ in Batches(drawn, Shuffled(len(drawn), seed=0), batch=BATCH, workers=workers):
        pass


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 4)

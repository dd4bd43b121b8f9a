"""How fast clips reach a network that learns, beside how fast their recordings can be decoded at all."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from curation.media.decode import decode_pass
from training.ml.datasets import Sample
from training.ml.errors import BadFile
from training.ml.fit.feeding import parts_of
from training.ml.fit.reading import reader_of
from training.ml.fit.recipe import FitRecipe, Sight, WrongRecipe
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.recipes.published import published

USUAL = "x3d_m_16"
"""The recipe whose clips are loaded where none is named: 16 frames, cropped to 224 px."""
BATCH = 4
"""Clips of a step, whatever the recipe says: there are as many steps to share as a few recordings allow."""
_LABEL = "any"


@dataclass(frozen=True)
class Loading:
    """Seconds for the same recordings, a clip of each; `frames` are all that they hold."""

    recipe: str
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


def loading_of(videos: Sequence[Path], *, recipe: str = USUAL, workers: int = 0) -> Loading:
    """Measure on these recordings, each way after the others; frames are kept in a folder that goes again.

    Clips are what `fit` learns from by a published recipe, by the same loader. Raises BadFile without
    recordings or for one that is not there, WrongRecipe for one that is not there or shows skeletons, and
    what reading them raises.
    """
    if not videos:
        raise BadFile("Loading is measured on recordings: name one or more.")
    if lost := [path for path in videos if not path.exists()]:
        raise BadFile(f"{lost[0]} is not there.")
    of = replace(published(recipe), batch=BATCH, accumulate=1, clips_per_class=0)
    if not isinstance(of.sees, Sight):
        raise WrongRecipe(f"{recipe} sees skeletons: name a recipe that sees recordings.")
    samples = tuple(Sample(path=path, label=_LABEL) for path in videos)
    frames = 0

    def decode() -> None:
        nonlocal frames
        frames = sum(len(decode_pass(path).index) for path in videos)

    def clips(cache: Path | None) -> Callable[[], None]:
        return lambda: _walk(of, samples, cache, workers)

    decode_seconds = _timed(decode)
    with tempfile.TemporaryDirectory() as folder:
        return Loading(
            recipe=recipe,
            recordings=len(videos),
            frames=frames,
            workers=workers,
            decode_seconds=decode_seconds,
            decoded_seconds=_timed(clips(None)),
            first_seconds=_timed(clips(Path(folder))),
            kept_seconds=_timed(clips(Path(folder))),
        )


def _walk(recipe: FitRecipe, samples: tuple[Sample, ...], cache: Path | None, workers: int) -> None:
    """One epoch, of which nothing is learned."""
    label_N = torch.zeros(len(samples), dtype=torch.int64)
    side = Side(samples, label_N, (_LABEL,), recipe.sees, reader_of(recipe.sees, cache))
    for _ in parts_of(recipe, side, Team(), 1, 0, torch.ones(1), workers):
        pass


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 4)

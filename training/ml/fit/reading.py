"""Who reads the samples of a recipe, and where what is decoded is kept."""

from pathlib import Path

from training.ml.datasets.cache import Decoded, FrameCache, FrameSource
from training.ml.datasets.frames import FrameRecipe
from training.ml.fit.recipe import Bodies, Sight
from training.ml.fit.skeletons import SkeletonReader
from training.ml.fit.stock import Reader
from training.ml.fit.videos import VideoReader


def reader_of(sees: Sight | Bodies, cache: Path | None) -> Reader:
    """Reads videos through a cache of frames, or decodes them each time without one; or skeletons."""
    if isinstance(sees, Bodies):
        return SkeletonReader(sees)
    frames = FrameRecipe(short=sees.short)
    source: FrameSource = FrameCache(cache, frames) if cache else Decoded(frames)
    return VideoReader(sees, source)

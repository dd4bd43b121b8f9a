"""Clips of samples as tensors of bytes, which torch's loaders and their workers take.

An item is asked for by its epoch and its place, and everything that is drawn for it hangs on the seed, the
epoch and the place alone: neither on the number of workers nor on what was asked for before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import Dataset as TorchDataset

from training.ml.augment.clips import Clips
from training.ml.augment.pipeline import Pipeline
from training.ml.datasets.base import Dataset, Sample
from training.ml.datasets.cache import FrameSource
from training.ml.datasets.frames import range_of
from training.ml.engine.plan import drawing
from training.ml.errors import LearningError
from training.ml.places import Places
from training.ml.sampling import Sampler

Change = Callable[[Tensor, np.random.Generator], Tensor]
"""x_TCHW to x_TCHW, drawing from the clip's own random numbers: the same for all its frames."""
At = int | tuple[int, int]
"""A place, or an epoch (from 0) and a place."""


class Clip(NamedTuple):
    """One view of one sample."""

    x_CTHW: Tensor
    label: int
    """The number of its class; UNKNOWN where that is not told."""
    place: int
    """Of its sample among those that were given."""


@dataclass(frozen=True)
class CentreSquare:
    """The middle of every frame as a square of `side` px: nothing is drawn."""

    side: int

    def __call__(self, x_TCHW: Tensor, generator: np.random.Generator) -> Tensor:  # noqa: ARG002 - a Change
        """The shorter side is brought to `side`, and the longer one cut."""
        height, width = x_TCHW.shape[2:]
        short = min(height, width)
        top, left = (height - short) // 2, (width - short) // 2
        square_TCHW = x_TCHW[:, :, top : top + short, left : left + short]
        if short == self.side:
            return square_TCHW
        size = (self.side, self.side)
        return functional.interpolate(square_TCHW, size, mode="bilinear", antialias=True)


@dataclass(frozen=True)
class Changed:
    """A pipeline of `training.ml.augment` as a change of single clips: bytes become floats in 0..1.

    Raises LearningError for one that mixes clips or swaps their classes: labels change with those, so it has
    to be given whole batches.
    """

    pipeline: Pipeline

    def __post_init__(self) -> None:
        if self.pipeline.mixes or self.pipeline.swaps:
            raise LearningError(
                f"The pipeline {self.pipeline.name} changes labels as well: give it batches, not clips."
            )

    def __call__(self, x_TCHW: Tensor, generator: np.random.Generator) -> Tensor:
        """What the pipeline draws and shows of one clip."""
        clips = Clips(x_TCHW.transpose(0, 1)[None])
        shape = clips.shape
        return self.pipeline.show(clips, [self.pipeline.draw(generator, shape)]).x[0].transpose(0, 1)


@dataclass(frozen=True)
class DrawnClips(TorchDataset[Clip]):
    """A view at random of each sample, to learn from."""

    dataset: Dataset
    samples: Sequence[Sample]
    sampler: Sampler
    source: FrameSource
    change: Change
    seed: int = 0

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, at: At) -> Clip:
        """Raises LearningError or MediaError with a sentence for a sample that cannot be read."""
        epoch, place = at if isinstance(at, tuple) else (0, at)
        generator = drawing(self.seed, "clip", epoch, place)
        sample = self.samples[place]
        frames = self.source.frames_of(sample)
        inside = range_of(sample, frames)
        (place_T,) = self.sampler.drawn(len(inside), generator)
        x_TCHW = self.change(_pictures(frames.at(inside.start + place_T)), generator)
        return Clip(x_TCHW.transpose(0, 1).contiguous(), self.dataset.number(sample), place)


@dataclass(frozen=True)
class FixedClips(TorchDataset[Clip]):
    """All views of each sample that are tested on, always the same: those of the first sample come first."""

    dataset: Dataset
    samples: Sequence[Sample]
    sampler: Sampler
    source: FrameSource
    change: Change

    def __len__(self) -> int:
        return len(self.samples) * self.sampler.views

    def __getitem__(self, at: At) -> Clip:
        """Raises LearningError or MediaError with a sentence for a sample that cannot be read."""
        place, view = divmod(at[1] if isinstance(at, tuple) else at, self.sampler.views)
        sample = self.samples[place]
        frames = self.source.frames_of(sample)
        inside = range_of(sample, frames)
        place_T: Places = self.sampler.fixed(len(inside))[view]
        x_TCHW = self.change(_pictures(frames.at(inside.start + place_T)), drawing(0, "test", place, view))
        return Clip(x_TCHW.transpose(0, 1).contiguous(), self.dataset.number(sample), place)


def _pictures(pictures_THWC: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Tensor:
    """x_TCHW, bytes."""
    return torch.from_numpy(pictures_THWC).permute(0, 3, 1, 2)

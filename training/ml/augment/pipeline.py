"""Pipelines: transforms in a row, drawn once a clip, and applied to one clip or to a batch.

    view = pipeline.draw(generator, clips.shape)      # in a worker, or for each clip of a batch
    views = pipeline.every(clips.shape)               # all of those that a clip is tested on
    shown = pipeline.show(clips, [view])              # on any device
    mixed = pipeline.mix(shown, generator)            # of a batch, last

A clip's numbers hang on its own generator alone, so they are the same in a worker and in a batch.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
import torch
from torch import Tensor

from training.ml.augment.bodies import RandomMove
from training.ml.augment.clips import Clips, Kind, Shape, WrongKind, parted, worked
from training.ml.augment.crops import Crops
from training.ml.augment.holes import Cutout, Hole
from training.ml.augment.mixing import Blend, CutMix, Mix, Mixup, mixed
from training.ml.augment.moments import TemporalJitter
from training.ml.augment.moves import (
    Affine,
    Crop,
    Flip,
    MultiScaleCornerCrop,
    RandomResizedCrop,
    Resize,
    ResizeShort,
)
from training.ml.augment.paint import Paint
from training.ml.augment.rand_augment import RandAugment
from training.ml.augment.tint import ColourJitter, Tint
from training.ml.augment.warp import Warp
from training.ml.errors import LearningError


class BadPipeline(LearningError):  # noqa: N818
    """A pipeline that cannot be: unknown transforms, wrong numbers, classes that are not there."""


class Drawn(Protocol):
    """The parameters of one transform for one clip."""

    @property
    def mirrored(self) -> bool:
        """Whether left and right change places."""

    @property
    def caption(self) -> str:
        """What was drawn, for a contact sheet; empty where nothing changes."""

    def after(self, shape: Shape) -> Shape:
        """The clip's shape with this done."""

    @classmethod
    def applied(cls, clips: Clips, drawn: Sequence[Self]) -> Tensor:
        """The clips' numbers with this done, each clip with its own parameters."""


class Transform(Protocol):
    """A frozen dataclass of numbers by which parameters are drawn."""

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Drawn, ...]:
        """The parameters of one clip; the same sorts of them for every clip. Raises WrongKind."""


TRANSFORMS: dict[str, type[Transform]] = {
    "resize": Resize,
    "resize_short": ResizeShort,
    "crop": Crop,
    "crops": Crops,
    "random_resized_crop": RandomResizedCrop,
    "multi_scale_corner_crop": MultiScaleCornerCrop,
    "affine": Affine,
    "flip": Flip,
    "colour_jitter": ColourJitter,
    "rand_augment": RandAugment,
    "cutout": Cutout,
    "temporal_jitter": TemporalJitter,
    "random_move": RandomMove,
}
MIXES: dict[str, type[Mix]] = {"mixup": Mixup, "cut_mix": CutMix}


@dataclass(frozen=True)
class View:
    """Everything that was drawn for one clip, neighbouring moves of the picture already one."""

    steps: tuple[Drawn, ...]

    @property
    def mirrored(self) -> bool:
        """Whether left and right change places in the end."""
        return sum(each.mirrored for each in self.steps) % 2 == 1

    @property
    def caption(self) -> str:
        """What was drawn, in words."""
        return " · ".join(each.caption for each in self.steps if each.caption)

    @property
    def of_flow(self) -> "View":
        """The same of the flow beside the pictures: no colours, and in holes nothing moves."""
        steps = (replace(each, level=0.0) if isinstance(each, Hole) else each for each in self.steps)
        return View(tuple(each for each in steps if not isinstance(each, Tint | Paint)))


@dataclass(frozen=True)
class Pipeline:
    """Transforms of single clips in their order, mixes of a batch, and classes that a mirror exchanges."""

    name: str = ""
    steps: tuple[Transform, ...] = ()
    mixes: tuple[Mix, ...] = ()
    """One of them is done to each batch, each as likely."""
    swaps: tuple[tuple[str, str], ...] = ()
    """Pairs of classes that differ in left and right only: a mirrored clip goes from one to the other."""

    def draw(self, generator: np.random.Generator, shape: Shape) -> View:
        """The parameters of one clip; of streams those of its pictures, as the flow is seen in the same way.

        Raises WrongKind where a transform does not change such clips.
        """
        begun: _Begun = ((), _as_pictures(shape))
        for transform in self.steps:
            begun = _through(begun, transform.draw(generator, begun[1]))
        return View(begun[0])

    def every(self, shape: Shape) -> tuple[View, ...]:
        """The views of the test, always the same: one, or with `Crops` one for each of their squares.

        Raises WrongKind where a transform does not change such clips.
        """
        views: list[_Begun] = [((), _as_pictures(shape))]
        for transform in self.steps:
            views = [_through(begun, row) for begun in views for row in _fixed(transform, begun[1])]
        return tuple(View(steps) for steps, _ in views)

    @property
    def crops(self) -> int:
        """How many views `every` tells."""
        return math.prod(each.count for each in self.steps if isinstance(each, Crops))

    def show(self, clips: Clips, views: Sequence[View]) -> Clips:
        """Each clip as its view says; bytes come back as floats (see `worked`), unless there is no step.

        Raises BadPipeline where a class to be swapped is not there.
        """
        if len(views) != len(clips):
            raise WrongKind(f"There are {len(clips)} clips and {len(views)} views of them: one each.")
        target_BK = self._swapped(clips, views)
        if clips.kind == Kind.STREAMS:
            pictures, flow = parted(clips.x)
            parts = (
                _stepped(Clips(pictures, Kind.PICTURES), views),
                _stepped(Clips(flow, Kind.FLOW), [view.of_flow for view in views]),
            )
            return replace(clips, x=torch.cat(parts, 1), target_BK=target_BK)
        return replace(clips, x=_stepped(clips, views), target_BK=target_BK)

    def mix(self, clips: Clips, generator: np.random.Generator) -> Clips:
        """The clips of a batch mixed with each other; as they are where the pipeline has no mixes."""
        blends = self.draw_mix(generator, clips)
        return mixed(clips, blends) if blends else clips

    def draw_mix(self, generator: np.random.Generator, clips: Clips) -> tuple[Blend, ...]:
        """Which clip is mixed with which, and how; nothing where the pipeline has no mixes."""
        if not self.mixes:
            return ()
        mix = self.mixes[int(generator.integers(len(self.mixes)))]
        return mix.draw(generator, _as_pictures(clips.shape), len(clips))

    def __call__(self, clips: Clips, generators: Sequence[np.random.Generator]) -> Clips:
        """Draw for each clip from its own generator, and show."""
        return self.show(clips, [self.draw(each, clips.shape) for each in generators])

    def _swapped(self, clips: Clips, views: Sequence[View]) -> Tensor | None:
        if clips.target_BK is None or not self.swaps or not any(view.mirrored for view in views):
            return clips.target_BK
        number = {name: n for n, name in enumerate(clips.classes)}
        missing = [name for pair in self.swaps for name in pair if name not in number]
        if missing:
            raise BadPipeline(
                f"The pipeline {self.name} swaps the class {missing[0]}, and the clips have no such class: "
                "write its name as the labels have it, or take the pair out."
            )
        order = list(range(len(clips.classes)))
        for left, right in self.swaps:
            order[number[left]], order[number[right]] = number[right], number[left]
        mirrored_B1 = torch.tensor([view.mirrored for view in views], device=clips.target_BK.device)[:, None]
        return torch.where(mirrored_B1, clips.target_BK[:, order], clips.target_BK)


def _as_pictures(shape: Shape) -> Shape:
    return replace(shape, kind=Kind.PICTURES) if shape.kind == Kind.STREAMS else shape


def _stepped(clips: Clips, views: Sequence[View]) -> Tensor:
    """The clips' numbers, worked, with all steps of their views done."""
    for step in zip(*(view.steps for view in views), strict=True):
        clips = replace(clips, x=type(step[0]).applied(clips, step))
    return worked(clips.x, clips.kind)


_Begun = tuple[tuple[Drawn, ...], Shape]
"""What is done to a clip so far, and its shape then."""


def _through(begun: _Begun, row: Sequence[Drawn]) -> _Begun:
    """The same with a few more, of which a move of the picture becomes one with the move before it."""
    steps, shape = list(begun[0]), begun[1]
    for drawn in row:
        shape = drawn.after(shape)
        if steps and isinstance(drawn, Warp) and isinstance(steps[-1], Warp):
            steps[-1] = steps[-1].then(drawn)
        else:
            steps.append(drawn)
    return tuple(steps), shape


def _fixed(transform: Transform, shape: Shape) -> list[tuple[Drawn, ...]]:
    if isinstance(transform, Crops):
        return [(each,) for each in transform.every(shape)]
    return [transform.draw(np.random.default_rng(0), shape)]  # what is tested on draws nothing

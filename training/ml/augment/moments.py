"""Temporal jitter: which frames of a clip are seen, always in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from training.ml.augment.clips import Clips, Shape
from training.ml.places import spread


@dataclass(frozen=True)
class Moments:
    """Frames of a clip by number, ascending; one may come again."""

    places: tuple[int, ...]
    there: int

    mirrored = False

    @property
    def caption(self) -> str:
        """For a contact sheet."""
        if self.places == tuple(range(self.there)):
            return ""
        return f"frames {self.places[0]} to {self.places[-1]} of {self.there}"

    def after(self, shape: Shape) -> Shape:
        """As many frames as there are places."""
        return Shape(shape.kind, len(self.places), shape.height, shape.width)

    @classmethod
    def applied(cls, clips: Clips, drawn: Sequence[Self]) -> Tensor:
        """Each clip's own frames; of skeletons as well."""
        if all(each.places == tuple(range(each.there)) for each in drawn):
            return clips.x
        places_BT = torch.tensor([each.places for each in drawn], device=clips.x.device)
        rows_B1 = torch.arange(len(clips), device=clips.x.device)[:, None]
        # Indexed dimensions come first: (B, T, C, ...).
        return clips.x.transpose(1, 2)[rows_B1, places_BT].transpose(1, 2)


@dataclass(frozen=True)
class TemporalJitter:
    """A random stretch of the clip, seen in frames spread over it: at another speed, from another start."""

    frames: int = 0
    """As many are seen; 0: as many as there are."""
    least: float = 0.8
    """Shortest stretch, as a share of the clip."""
    jitter: bool = True
    """Whether a frame is any of its part of the stretch, or the one in the middle of it."""

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Moments]:
        """One stretch a clip."""
        length = max(1, round(float(generator.uniform(self.least, 1)) * shape.frames))
        start = int(generator.integers(shape.frames - length + 1))
        wanted = self.frames or shape.frames
        places = start + spread(length, wanted, generator if self.jitter else None)
        return (Moments(tuple(int(each) for each in places), shape.frames),)

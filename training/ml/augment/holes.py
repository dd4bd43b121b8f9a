"""Cutout: one box of a clip made blank in all frames.

DeVries, Taylor: "Improved Regularization of Convolutional Neural Networks with Cutout" (arXiv 1708.04552).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from training.ml.augment.clips import Clips, Kind, Shape, worked


@dataclass(frozen=True)
class Hole:
    """A box in px, columns `[left, right)` and rows `[top, bottom)`; none where it has no area."""

    left: int
    top: int
    right: int
    bottom: int
    level: float

    mirrored = False

    @property
    def caption(self) -> str:
        """For a contact sheet."""
        width, height = self.right - self.left, self.bottom - self.top
        return f"hole {width} x {height} at {self.left}, {self.top}" if width * height else ""

    def after(self, shape: Shape) -> Shape:
        """As it was."""
        return shape

    @classmethod
    def applied(cls, clips: Clips, drawn: Sequence[Self]) -> Tensor:
        """Each clip with its own box at its level."""
        x_BCTHW = worked(clips.x, clips.kind)
        box_4B = torch.tensor([(h.left, h.top, h.right, h.bottom) for h in drawn], device=x_BCTHW.device).T
        left_B11, top_B11, right_B11, bottom_B11 = box_4B[:, :, None, None]
        y_H1 = torch.arange(x_BCTHW.shape[3], device=x_BCTHW.device)[:, None]
        x_W = torch.arange(x_BCTHW.shape[4], device=x_BCTHW.device)
        in_BHW = (y_H1 >= top_B11) & (y_H1 < bottom_B11) & (x_W >= left_B11) & (x_W < right_B11)
        level_B = torch.tensor([hole.level for hole in drawn]).to(x_BCTHW)
        return torch.where(in_BHW[:, None, None], level_B[:, None, None, None, None], x_BCTHW)


@dataclass(frozen=True)
class Cutout:
    """A square about any pixel, so that it may lie partly outside, as in the paper."""

    side: float = 0.5
    """As a share of the shorter side."""
    level: float = 0.45
    """What pictures are there, in 0..1: about the mean of Kinetics. Flow has no movement there."""
    chance: float = 1.0

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Hole]:
        """One box a clip."""
        shape.only("cutout", Kind.PICTURES, Kind.FLOW)
        level = self.level if shape.kind == Kind.PICTURES else 0.0
        x, y = int(generator.integers(shape.width)), int(generator.integers(shape.height))
        if generator.random() >= self.chance:
            return (Hole(0, 0, 0, 0, level),)
        side = round(self.side * min(shape.width, shape.height))
        left, top = x - side // 2, y - side // 2
        right, bottom = min(left + side, shape.width), min(top + side, shape.height)
        return (Hole(max(left, 0), max(top, 0), right, bottom, level),)

"""Light and colours: what is drawn is a `Tint`, one matrix for all pixels of a clip.

Brightness, contrast, saturation and hue in this order, each about what torchvision's ColorJitter names so.
Known deviations: they are done at once, so nothing is cut off between them; contrast goes about the mean grey
of the whole clip, which keeps its frames from flickering; hue turns in the plane of YIQ and so keeps the
grey, which a turn in HSV does not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from training.ml.augment.clips import Clips, Kind, Shape, together, worked
from training.ml.augment.warp import Matrix

GREY = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in the luma of ITU-R BT.601."""
_YIQ = np.array([GREY, (0.5959, -0.2746, -0.3213), (0.2115, -0.5227, 0.3112)])


@dataclass(frozen=True)
class Tint:
    """Factors of which 1 changes nothing, and a turn of the hue in full turns, red to yellow to green."""

    brightness: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0
    hue: float = 0.0

    mirrored = False

    @property
    def caption(self) -> str:
        """For a contact sheet."""
        names = (("light", self.brightness), ("contrast", self.contrast), ("colour", self.saturation))
        said = [f"{name} x{factor:.2f}" for name, factor in names if factor != 1]
        return ", ".join([*said, f"hue {360 * self.hue:+.0f}°"] if self.hue else said)

    @property
    def matrix(self) -> Matrix:
        """(3, 3) on red, green and blue: everything but what contrast adds."""
        saturated = self.saturation * np.eye(3) + (1 - self.saturation) * np.array([GREY] * 3)
        turn = 2 * math.pi * self.hue
        chroma = np.array([(math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))])
        hue = np.eye(3)
        hue[1:, 1:] = chroma
        hued = np.linalg.inv(_YIQ) @ hue @ _YIQ if self.hue else np.eye(3)
        both: Matrix = self.brightness * self.contrast * hued @ saturated
        return both

    def after(self, shape: Shape) -> Shape:
        """As it was."""
        return shape

    @classmethod
    def applied(cls, clips: Clips, drawn: Sequence[Self]) -> Tensor:
        """Pictures in 0..1, cut off there; those of a clip for which nothing was drawn as they are."""
        x_BCTHW = worked(clips.x, clips.kind)
        return together([_tinted(x_CTHW, tint) for x_CTHW, tint in zip(x_BCTHW, drawn, strict=True)])


def _tinted(x_CTHW: Tensor, tint: Tint) -> Tensor:
    if tint == Tint():
        return x_CTHW
    flat_CP, added = x_CTHW.flatten(1), torch.zeros(()).to(x_CTHW)
    if tint.contrast != 1:
        grey = torch.tensor(GREY).to(x_CTHW) @ flat_CP.mean(1)
        added = grey * (tint.brightness * (1 - tint.contrast))
    # Grey stays grey under saturation and hue, so what contrast adds can be added last.
    if tint.saturation == 1 and tint.hue == 0:
        return x_CTHW.mul(tint.brightness * tint.contrast).add_(added).clamp_(0, 1)
    matrix_CC = torch.tensor(tint.matrix, dtype=torch.float64).to(x_CTHW)
    return torch.addmm(added.expand(3, 1), matrix_CC, flat_CP).clamp_(0, 1).view(x_CTHW.shape)


@dataclass(frozen=True)
class ColourJitter:
    """Each factor anywhere from 1 - its number to 1 + its number; the hue by at most that part of a turn."""

    brightness: float = 0.4
    contrast: float = 0.4
    saturation: float = 0.4
    hue: float = 0.0

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Tint]:
        """One light a clip."""
        shape.only("colour_jitter", Kind.PICTURES)
        limits = (self.brightness, self.contrast, self.saturation)
        light, contrast, colour = (max(0.0, 1 + float(generator.uniform(-each, each))) for each in limits)
        return (Tint(light, contrast, colour, float(generator.uniform(-self.hue, self.hue))),)

"""Skeletons moved and mirrored at random; absent persons and missing joints stay zeros.

Random moves as in ST-GCN (Yan et al., AAAI 2018), its numbers: angles to 10 degrees, scales 0.9 to 1.1,
shifts to 0.2 in the skeletons' unit, drawn for the first and the last frame and interpolated between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from training.ml.augment.clips import Clips, Kind, Shape, together
from training.ml.models.skeleton.graphs import Graph, graph_named

Ends = tuple[float, float]
"""In the first and in the last frame."""


@dataclass(frozen=True)
class Move:
    """How one clip's skeletons move away from where they are."""

    angle: Ends
    """Degrees, from x to y."""
    scale: Ends
    x: Ends
    y: Ends

    mirrored = False

    @property
    def caption(self) -> str:
        """For a contact sheet."""
        first, last = (
            f"{self.angle[n]:.0f}°, x{self.scale[n]:.1f}, {self.x[n]:+.1f}, {self.y[n]:+.1f}" for n in (0, 1)
        )
        return f"moved by {first} to {last}"

    def after(self, shape: Shape) -> Shape:
        """As it was."""
        return shape

    @classmethod
    def applied(cls, clips: Clips, drawn: Sequence[Self]) -> Tensor:
        """x and y turned, scaled and shifted, the same for all persons; z or confidence is left as it is."""
        x_NCTVM, frames = clips.x, clips.shape.frames
        ends_N42 = np.array([(each.angle, each.scale, each.x, each.y) for each in drawn])
        first_N41, last_N41 = np.split(ends_N42, 2, axis=2)
        way_4NT = (first_N41 + (last_N41 - first_N41) * np.linspace(0, 1, frames)).transpose(1, 0, 2)
        angle_NT, scale_NT = np.deg2rad(way_4NT[0]), way_4NT[1]
        cosine_NT, sine_NT = np.cos(angle_NT) * scale_NT, np.sin(angle_NT) * scale_NT
        turn_DCNT = torch.from_numpy(np.array([[cosine_NT, -sine_NT], [sine_NT, cosine_NT]])).to(x_NCTVM)
        shift_DNT = torch.from_numpy(way_4NT[2:].copy()).to(x_NCTVM)
        flat_NCTVM = torch.einsum("dcnt,nctvm->ndtvm", turn_DCNT, x_NCTVM[:, :2])
        flat_NCTVM = flat_NCTVM + shift_DNT.transpose(0, 1)[..., None, None]
        there_N1TVM = (x_NCTVM != 0).any(1, keepdim=True)
        return torch.cat([flat_NCTVM * there_N1TVM, x_NCTVM[:, 2:]], 1)


@dataclass(frozen=True)
class Sides:
    """Whether left and right of a clip's skeletons change."""

    mirrored: bool

    @property
    def caption(self) -> str:
        """For a contact sheet."""
        return "flipped" if self.mirrored else ""

    def after(self, shape: Shape) -> Shape:
        """As it was."""
        return shape

    @classmethod
    def applied(cls, clips: Clips, drawn: Sequence[Self]) -> Tensor:
        """Those mirrored for which it was drawn. Raises BadGraph for a skeleton that is not known."""
        graph = graph_named(clips.graph)
        rows = zip(clips.x, drawn, strict=True)
        return together([mirrored(x_CTVM, graph) if each.mirrored else x_CTVM for x_CTVM, each in rows])


def mirrored(x_CTVM: Tensor, graph: Graph) -> Tensor:
    """Left and right swapped, of (..., C, T, V, M): x negated, every joint given to that on the other side.

    For skeletons centred at the origin. Classes that tell left from right change with it: swap their labels.
    """
    swapped = x_CTVM[..., list(graph.mirrored), :]
    return torch.cat([-swapped[..., :1, :, :, :], swapped[..., 1:, :, :, :]], -4)


@dataclass(frozen=True)
class RandomMove:
    """Skeletons turned, scaled and shifted; one of a few numbers each at both ends of the clip."""

    angles: tuple[float, ...] = (-10.0, -5.0, 0.0, 5.0, 10.0)
    scales: tuple[float, ...] = (0.9, 1.0, 1.1)
    shifts: tuple[float, ...] = (-0.2, -0.1, 0.0, 0.1, 0.2)

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Move]:
        """One move a clip."""
        shape.only("random_move", Kind.SKELETON)

        def ends(choices: tuple[float, ...]) -> Ends:
            first, last = generator.choice(choices, 2)
            return float(first), float(last)

        return (Move(ends(self.angles), ends(self.scales), ends(self.shifts), ends(self.shifts)),)

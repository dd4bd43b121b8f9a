"""Where each pixel of the result is taken from: any row of crops, resizes, flips and turns in one resampling.

Points are in px from the picture's upper left corner, so the middle of the first pixel is (0.5, 0.5). What
stays upright is cut out and resized with a triangle as wide as a pixel of the result (antialiased), bytes as
bytes: on a CPU that was 3 to 20 times faster than sampling on a grid. What is turned is first shrunk in the
same way, if at all, then sampled bilinearly on a grid.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from training.ml.augment.clips import Clips, Kind, Shape, together, worked

Matrix = npt.NDArray[np.float64]
Rows = tuple[tuple[float, ...], ...]
Edges = Literal["none", "repeat", "mirror"]
"""What lies outside a picture: nothing (black; of flow no movement), its last pixels, or its mirror."""
_PADDING = {"none": "zeros", "repeat": "border", "mirror": "reflection"}
_NEAR = 1e-6
SAME: Rows = ((1.0, 0.0), (0.0, 1.0))


@dataclass(frozen=True)
class Warp:
    """A size, and for each point of the result the point of the picture that is shown there."""

    rows: Rows
    """Two rows a, b, c: x or y of the picture is a · x + b · y + c of the result."""
    height: int
    width: int
    turn: Rows = SAME
    """What vectors of flow are multiplied by. A crop or a resize does not change them: networks learn from
    flow of the px in which it was measured (TSN, I3D)."""
    edges: Edges = "none"
    caption: str = ""

    @property
    def matrix(self) -> Matrix:
        """(3, 3), from the result to the picture."""
        return np.array([*self.rows, (0, 0, 1)], np.float64)

    @property
    def mirrored(self) -> bool:
        """Whether left and right change places."""
        (a, b, _), (c, d, _) = self.rows
        return a * d - b * c < 0

    @property
    def upright(self) -> bool:
        """Whether rows stay rows and columns stay columns."""
        return abs(self.rows[0][1]) + abs(self.rows[1][0]) < _NEAR

    def after(self, shape: Shape) -> Shape:
        """The clip's shape with this done."""
        return Shape(shape.kind, shape.frames, self.height, self.width)

    def then(self, later: Self) -> "Warp":
        """Both in one. What the first would have cut off may be seen again by a turn of the second."""
        whole, turn = self.matrix @ later.matrix, np.array(later.turn) @ np.array(self.turn)
        return Warp(
            _rows(whole[:2]),
            later.height,
            later.width,
            _rows(turn),
            later.edges if self.edges == "none" else self.edges,
            " · ".join(each for each in (self.caption, later.caption) if each),
        )

    @classmethod
    def applied(cls, clips: Clips, drawn: Sequence[Self]) -> Tensor:
        """Each clip x_BCTHW by its own warp. Bytes stay bytes while nothing is turned, on a CPU."""
        shown = [_shown(x_CTHW, warp, clips.kind) for x_CTHW, warp in zip(clips.x, drawn, strict=True)]
        if len({each.dtype for each in shown}) > 1:
            shown = [worked(each, clips.kind) for each in shown]
        return together(shown)


def cut(left: float, top: float, width: float, height: float, size: tuple[int, int], caption: str) -> Warp:
    """A box of the picture, in px, shown with `size` (height, width)."""
    rows = ((width / size[1], 0.0, float(left)), (0.0, height / size[0], float(top)))
    return Warp(rows, *size, caption=caption)


def unmoved(shape: Shape) -> Warp:
    """The picture as it is."""
    return Warp(((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), shape.height, shape.width)


def mirror(shape: Shape) -> Warp:
    """Left and right changed."""
    rows = ((-1.0, 0.0, float(shape.width)), (0.0, 1.0, 0.0))
    return Warp(rows, shape.height, shape.width, ((-1.0, 0.0), (0.0, 1.0)), caption="flipped")


def about_middle(
    linear: Matrix, shift: tuple[float, float], shape: Shape, edges: Edges, caption: str
) -> Warp:
    """What is in the picture moved by a matrix (2, 2) about its middle, then shifted by px to right and down.

    Flow turns and grows with it.
    """
    back = np.linalg.inv(linear)
    middle = np.array([shape.width / 2, shape.height / 2])
    rows = np.hstack([back, (middle - back @ (middle + np.array(shift)))[:, None]])
    return Warp(_rows(rows), shape.height, shape.width, _rows(linear), edges, caption)


def _rows(matrix: Matrix) -> Rows:
    return tuple(tuple(float(each) for each in row) for row in matrix)


def _shown(x_CTHW: Tensor, warp: Warp, kind: Kind) -> Tensor:
    x_TCHW = x_CTHW.transpose(0, 1)
    inside = _inside(warp, x_TCHW.shape[3], x_TCHW.shape[2])
    shown_TCHW = _upright(x_TCHW, warp, kind) if inside else _turned(worked(x_TCHW, kind), warp)
    shown_CTHW = shown_TCHW.transpose(0, 1)
    return _flow_turned(shown_CTHW, warp, kind) if kind == Kind.FLOW else shown_CTHW


def _inside(warp: Warp, width: int, height: int) -> bool:
    """Whether it is a box of the picture that stays upright."""
    corners = warp.matrix @ np.array([(0, 0, 1), (warp.width, warp.height, 1)]).T
    low, high = corners[:2].min(1), corners[:2].max(1)
    return warp.upright and bool((low > -_NEAR).all() and (high < np.array([width, height]) + _NEAR).all())


@dataclass(frozen=True)
class _Span:
    """Along one axis: px `start` to `stop` of the picture, resized to `size`, of which `shown` is kept."""

    start: int
    stop: int
    size: int
    shown: slice


def _span(step: float, offset: float, out: int, there: int) -> _Span:
    """What to cut out so that the result is exact: the box, or the whole axis where a resize came first.

    A box between pixels in a picture that no resize explains is rounded to whole ones.
    """
    low, high = sorted((offset, offset + step * out))
    size, first = there / abs(step), low / abs(step)
    if not (_whole(low) and _whole(high)) and _whole(size) and _whole(first):
        return _Span(0, there, round(size), slice(round(first), round(first) + out))
    start = min(round(low), there - 1)
    return _Span(start, min(max(round(high), start + 1), there), out, slice(0, out))


def _whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-4


def _upright(x_TCHW: Tensor, warp: Warp, kind: Kind) -> Tensor:
    (a, _, left), (_, d, top) = warp.rows
    across = _span(a, left, warp.width, x_TCHW.shape[3])
    down = _span(d, top, warp.height, x_TCHW.shape[2])
    part_TCHW = x_TCHW[:, :, down.start : down.stop, across.start : across.stop]
    resized_TCHW = _resized(part_TCHW, down.size, across.size, kind)[:, :, down.shown, across.shown]
    turned = [axis for axis, step in ((2, d), (3, a)) if step < 0]
    return resized_TCHW.flip(turned) if turned else resized_TCHW


def _resized(x_TCHW: Tensor, height: int, width: int, kind: Kind) -> Tensor:
    if x_TCHW.shape[2:] == (height, width):
        return x_TCHW
    if x_TCHW.device.type != "cpu":  # bytes can be resized by CPUs only
        x_TCHW = worked(x_TCHW, kind)
    return functional.interpolate(x_TCHW, (height, width), mode="bilinear", antialias=True)


def _turned(x_TCHW: Tensor, warp: Warp) -> Tensor:
    """The part that is seen, shrunk where the result is smaller, then sampled on a grid."""
    height, width = x_TCHW.shape[2:]
    corners = (
        warp.matrix
        @ np.array([(0, 0, 1), (warp.width, 0, 1), (0, warp.height, 1), (warp.width, warp.height, 1)]).T
    )
    across_XY = np.abs(np.array(warp.rows)[:, :2])
    shrink = np.maximum(np.hypot(across_XY[:, 0], across_XY[:, 1]), 1.0)
    margin = 2 * shrink
    limit = np.array([width, height])
    low = np.clip(np.floor(corners[:2].min(1) - margin), 0, limit - 1).astype(int)
    high = np.clip(np.ceil(corners[:2].max(1) + margin), low + 1, limit).astype(int)
    if warp.edges == "mirror":  # what is mirrored may lie anywhere
        low, high = np.zeros(2, int), limit
    part_TCHW = x_TCHW[:, :, low[1] : high[1], low[0] : high[0]]
    wide, tall = (math.ceil(each) for each in (high - low) / shrink)
    part_TCHW = _resized(part_TCHW, tall, wide, Kind.PICTURES)
    grid_HW2 = _grid(warp, low, high).to(part_TCHW.device, part_TCHW.dtype)
    return functional.grid_sample(
        part_TCHW,
        grid_HW2.expand(len(part_TCHW), -1, -1, -1),
        padding_mode=_PADDING[warp.edges],
        align_corners=False,
    )


def _grid(warp: Warp, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> Tensor:
    """Where each pixel (H, W, 2) lies in the box from `low` to `high`, which is -1..1."""
    y_HW, x_HW = np.mgrid[0 : warp.height, 0 : warp.width] + 0.5
    at_HW2 = np.stack([x_HW, y_HW, np.ones_like(x_HW)], -1) @ np.array(warp.rows).T
    return torch.from_numpy(2 * (at_HW2 - low) / (high - low) - 1)


def _flow_turned(x_CTHW: Tensor, warp: Warp, kind: Kind) -> Tensor:
    if warp.turn == SAME:
        return x_CTHW
    (a, b), (c, d) = warp.turn
    u, v = x_CTHW[0::2], x_CTHW[1::2]
    if (a, b, c, d) == (-1, 0, 0, 1):
        return torch.stack([255 - u if u.dtype == torch.uint8 else -u, v], 1).flatten(0, 1)
    u, v = worked(u, kind), worked(v, kind)
    return torch.stack([a * u + b * v, c * u + d * v], 1).flatten(0, 1)

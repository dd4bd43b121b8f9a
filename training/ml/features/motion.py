"""Where and how a clip moves: dense flow, counted in cells, gathered into descriptors.

Wang, Klaeser, Schmid, Liu: "Dense Trajectories and Motion Boundary Descriptors for Action Recognition"
(IJCV 2013), section 3: histograms of flow (HOF), of its derivatives (MBH x, y), of gradients (HOG). Here they
lie on a fixed grid and not along trajectories, so that they belong to a moment.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from training.ml.features.snippets import Indices, Plan
from training.ml.flow.dense import Dis
from training.ml.recipes.motion import FeatureRecipe

Floats = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint8]
Plane = npt.NDArray[Any]

CHANNELS = ("hof", "mbhx", "mbhy", "hog")
"""The channels of a motion descriptor, in the order in which they lie in a row."""
CHANNEL_DIMS = (72, 64, 64, 64)
BINS = 8
SECONDS = 1 / 15
"""Flow is told in px per this time."""
STILL = 0.4
"""Px per 1/15 s below which a pixel counts for HOF's ninth bin: it does not move."""
_CHANNEL_BINS = (BINS + 1, BINS, BINS, BINS)
_BLOCK, _HALVES = 2, 2
_LEAST_SIDE = 32


def shrunk(luma: Grey, width: int) -> Grey:
    """The picture with its longer side at most `width` px, and its shorter one no shorter than flow needs."""
    scale = min(1.0, width / max(luma.shape))
    size = (max(_LEAST_SIDE, round(luma.shape[1] * scale)), max(_LEAST_SIDE, round(luma.shape[0] * scale)))
    if size == luma.shape[::-1]:
        return np.ascontiguousarray(luma)
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)


class FlowCounter:
    """Counts the directions of flow between pictures handed over one after the other."""

    def __init__(self, cell: int, seconds: float, px: float = 1.0) -> None:
        """`cell`: side in px; `seconds` lie between two pictures, whose px are told as so many `px`."""
        self._cell, self._speed = cell, px * SECONDS / seconds
        self._dis = Dis()
        self._blank: tuple[int, int] | None = None

    def __call__(self, before: Grey, after: Grey) -> tuple[Floats, Floats]:
        """Histograms (H, W, 33) of the cells, all channels beside each other, and mean |flow| (H, W)."""
        flow_HW2 = self._dis(before, after) * self._speed
        u_HW, v_HW = (np.ascontiguousarray(flow_HW2[..., n]) for n in (0, 1))
        self._layout(u_HW)
        speed_HW, angle_HW = _polar(u_HW, v_HW)
        moving_HW = speed_HW > STILL
        still_HWC = self._sums((~moving_HW).astype(np.float32))
        parts = [
            self._directions(speed_HW * moving_HW, angle_HW),
            still_HWC[..., None],
            self._gradients(u_HW),
            self._gradients(v_HW),
            self._gradients(before.astype(np.float32)),
        ]
        return np.concatenate(parts, axis=2), self._sums(speed_HW) / np.float32(self._cell**2)

    def _gradients(self, plane_HW: Plane) -> Floats:
        x_HW: Plane = cv2.Sobel(plane_HW, cv2.CV_32F, 1, 0, ksize=1)
        y_HW: Plane = cv2.Sobel(plane_HW, cv2.CV_32F, 0, 1, ksize=1)
        length_HW, angle_HW = _polar(x_HW, y_HW)
        return self._directions(length_HW, angle_HW)

    def _directions(self, length_HW: Plane, angle_HW: Plane) -> Floats:
        """Lengths shared between the two bins on either side of the angle, summed in cells: (H, W, 8)."""
        place_HW = angle_HW[: self._rows, : self._columns] * np.float32(BINS / (2 * np.pi))
        length_HW = length_HW[: self._rows, : self._columns]
        low_HW = place_HW.astype(np.intp)
        upper_HW = (place_HW - low_HW) * length_HW
        index_HW = self._offset_HW + (low_HW & (BINS - 1))
        next_HW = self._offset_HW + ((low_HW + 1) & (BINS - 1))
        size = self._shape[0] * self._shape[1] * BINS
        counts = np.bincount(index_HW.ravel(), (length_HW - upper_HW).ravel(), size)
        counts += np.bincount(next_HW.ravel(), upper_HW.ravel(), size)
        return counts.reshape(*self._shape, BINS).astype(np.float32)

    def _sums(self, plane_HW: Plane) -> Floats:
        cells = plane_HW[: self._rows, : self._columns].reshape(
            self._shape[0], self._cell, self._shape[1], self._cell
        )
        return np.asarray(cells.sum((1, 3)), np.float32)

    def _layout(self, plane_HW: Plane) -> None:
        if self._blank == plane_HW.shape:
            return
        self._blank = (plane_HW.shape[0], plane_HW.shape[1])
        self._shape = (plane_HW.shape[0] // self._cell, plane_HW.shape[1] // self._cell)
        self._rows, self._columns = self._shape[0] * self._cell, self._shape[1] * self._cell
        row_HW, column_HW = np.indices((self._rows, self._columns)) // self._cell
        self._offset_HW = ((row_HW * self._shape[1] + column_HW) * BINS).astype(np.intp)


class Box(NamedTuple):
    """Where a clip moves: its middle, and half its width and height, in cells."""

    x: float
    y: float
    half_width: float
    half_height: float

    def scaled(self, across: float, down: float) -> "Box":
        """The box in cells of which so many lie in one of these."""
        return Box(self.x * across, self.y * down, self.half_width * across, self.half_height * down)


@dataclass(frozen=True)
class Motion:
    """How N candidates of a clip move: the motion half of ClipFeatures."""

    descriptors_MP: Grey
    owner_M: npt.NDArray[np.int16]
    place_M3: npt.NDArray[np.float16]
    motion_N: Floats

    def __len__(self) -> int:
        return len(self.motion_N)


def describe(
    counts_THWB: Plane, speed_THW: Plane, ticks: Plan, recipe: FeatureRecipe, box: Box | None = None
) -> Motion:
    """Descriptors of the candidates' snippets, from the counts and speeds of `ticks.flows` in order.

    Their places are told within `box`; without one, within that of these speeds.
    """
    number = {int(flow): k for k, flow in enumerate(ticks.flows)}
    counts_THWB = np.concatenate([np.zeros_like(counts_THWB[:1]), np.cumsum(counts_THWB, 0, np.float64)])
    sums_THW = np.concatenate([np.zeros_like(speed_THW[:1]), np.cumsum(speed_THW, 0, np.float64)])
    box = box or motion_box(speed_THW, recipe.least_flow)
    rows, owners, places, motion = [], [], [], []
    for n, first in enumerate(ticks.first_N):
        a = number[int(first)]
        b, c = a + ticks.length // _HALVES, a + ticks.length
        speed_HW = (sums_THW[c] - sums_THW[a]) / ticks.length
        motion.append(speed_HW.mean())
        y_K, x_K = _moving(_blocks(speed_HW) / _BLOCK**2, recipe)
        halves = (counts_THWB[b] - counts_THWB[a], counts_THWB[c] - counts_THWB[b])
        rows.append(_gathered(halves, y_K, x_K))
        owners.append(np.full(len(y_K), n))
        places.append(_placed(x_K, y_K, box, float(ticks.times_N[n])))
    return Motion(
        np.concatenate(rows),
        np.concatenate(owners).astype(np.int16),
        np.concatenate(places).astype(np.float16),
        np.array(motion, np.float32),
    )


def nothing(candidates: Indices) -> Motion:
    """The motion of a clip of one frame."""
    width = sum(CHANNEL_DIMS)
    return Motion(
        np.zeros((0, width), np.uint8),
        np.zeros(0, np.int16),
        np.zeros((0, 3), np.float16),
        np.zeros(len(candidates), np.float32),
    )


def motion_box(speed_THW: Plane, least: float) -> Box:
    """Where the middle nine tenths of motion lie."""
    mass_HW = np.where(speed_THW > least, speed_THW, 0).sum(0)
    box = []
    for axis in (0, 1):
        share = np.cumsum(mass_HW.sum(axis))
        if share[-1] <= 0:
            low, high = 0.0, float(len(share))
        else:
            low, high = (float(np.searchsorted(share, share[-1] * q)) for q in (0.05, 0.95))
        box.append(((low + high + 1) / 2, max((high + 1 - low) / 2, 2.0)))
    (x, half_width), (y, half_height) = box
    return Box(x, y, half_width, half_height)


def _polar(x_HW: Plane, y_HW: Plane) -> tuple[Plane, Plane]:
    """Length, and angle in 0..2 pi."""
    length_HW, angle_HW = cv2.cartToPolar(x_HW, y_HW)
    return np.asarray(length_HW), np.asarray(angle_HW)


def _blocks(cells_HW: Plane) -> Plane:
    """Sums over 2 x 2 cells: (H - 1, W - 1)."""
    return cells_HW[:-1, :-1] + cells_HW[1:, :-1] + cells_HW[:-1, 1:] + cells_HW[1:, 1:]


def _moving(speed_HW: Plane, recipe: FeatureRecipe) -> tuple[Indices, Indices]:
    """Rows and columns of the blocks that move most, in reading order; among equals the earlier."""
    flat = speed_HW.ravel()
    order = np.argsort(-flat, kind="stable")[: recipe.keep]
    kept = np.sort(order[flat[order] > recipe.least_flow])
    return kept // speed_HW.shape[1], kept % speed_HW.shape[1]


def _gathered(halves: tuple[Plane, Plane], y_K: Indices, x_K: Indices) -> Grey:
    """The 2 x 2 cells x 2 halves of each block as rows of descriptors."""
    cells = [half[y_K + dy, x_K + dx] for half in halves for dy in range(_BLOCK) for dx in range(_BLOCK)]
    stacked_K8B = np.stack(cells, axis=1)
    columns, start = [], 0
    for bins in _CHANNEL_BINS:
        part_KP = stacked_K8B[..., start : start + bins].reshape(len(y_K), 4 * _HALVES * bins)
        # Differences of running sums may fall a hair below zero.
        share_KP = np.maximum(part_KP, 0) / np.maximum(part_KP.sum(1, keepdims=True), 1e-6)
        columns.append(np.rint(np.sqrt(np.minimum(share_KP, 1)) * 255).astype(np.uint8))
        start += bins
    return np.concatenate(columns, axis=1)


def _placed(x_K: Indices, y_K: Indices, box: Box, time: float) -> Floats:
    x, y, half_width, half_height = box
    place_K3 = np.stack(
        [(x_K + 1 - x) / half_width, (y_K + 1 - y) / half_height, np.full(len(x_K), time)], axis=1
    )
    return np.clip(place_K3, -3, 3).astype(np.float32)

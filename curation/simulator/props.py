"""Draws the things people use: crates, a trolley, a ladder, a stake and tools with a shaft."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.simulator.actions import Prop
from curation.simulator.camera import Floats, View
from curation.simulator.figures import capsules, fixed
from curation.simulator.paint import Colour

CORNERS = np.array([(x, y, z) for z in (0, 1) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))], np.float32)
FACES = (
    ((4, 5, 6, 7), 1.12),
    ((0, 1, 5, 4), 0.74),
    ((1, 2, 6, 5), 0.92),
    ((2, 3, 7, 6), 0.80),
    ((3, 0, 4, 7), 0.66),
)
CARD, TAPE, WOOD, METAL, RUBBER = (
    (0.70, 0.54, 0.35),
    (0.86, 0.78, 0.62),
    (0.62, 0.47, 0.29),
    (0.55, 0.57, 0.58),
    (0.1,) * 3,
)
BLUE, ALLOY, BRISTLE = (0.20, 0.34, 0.52), (0.76, 0.78, 0.79), (0.52, 0.2, 0.14)

Tint = tuple[float, float, float]


class Brush:
    """Draws solids into one RGB frame under one light (3,)."""

    def __init__(self, image: NDArray[np.uint8], view: View, light: Floats) -> None:
        """Take the frame to draw into."""
        self.image, self.view, self.light = image, view, light

    def tint(self, colour: Colour | tuple[float, ...], tone: float = 1.0) -> Tint:
        """Return a colour under the light as 0 .. 255."""
        r, g, b = (min(255.0, 255 * c * float(lit) * tone) for c, lit in zip(colour, self.light, strict=True))
        return r, g, b

    def bar(self, a: Floats, b: Floats, radius: float, colour: Colour | tuple[float, ...]) -> None:
        """Draw a round bar between two points of the world, ``radius`` in metres."""
        self.bars(a[None], b[None], radius, colour)

    def bars(self, a: Floats, b: Floats, radius: float, colour: Colour | tuple[float, ...]) -> None:
        """Draw alike bars between points a and b (N, 3) of the world."""
        pixels, depth = self.view.project(np.stack([a, b]))
        size = np.maximum(0.7, radius * self.view.pixels / depth)
        move = np.array([-0.15, -0.2], np.float32) * size[0][:, None]
        outer = fixed(capsules(pixels[0], pixels[1], size[0], size[1]))
        inner = fixed(capsules(pixels[0] + move, pixels[1] + move, size[0] * 0.6, size[1] * 0.6))
        dark, lit = self.tint(colour, 0.68), self.tint(colour, 1.05)
        for i in range(len(a)):
            cv2.fillConvexPoly(self.image, outer[i], dark, cv2.LINE_AA, 4)
            cv2.fillConvexPoly(self.image, inner[i], lit, cv2.LINE_AA, 4)

    def box(self, foot: Floats, size: Tint, turn: float, colour: Colour, tape: bool = False) -> None:
        """Draw a box whose foot's middle is ``foot``; size is along the turn, across it, and up."""
        cos, sin = np.cos(turn), np.sin(turn)
        local = CORNERS * np.array([size[0] / 2, size[1] / 2, size[2]], np.float32)
        world = np.stack(
            [local[:, 0] * cos - local[:, 1] * sin, local[:, 0] * sin + local[:, 1] * cos, local[:, 2]], 1
        )
        pixels, _ = self.view.project(world + foot)
        for corners, tone in FACES:
            quad = pixels[list(corners)]
            d, e = quad[1] - quad[0], quad[2] - quad[0]
            if d[0] * e[1] - d[1] * e[0] >= 0:
                continue
            cv2.fillConvexPoly(self.image, fixed(quad), self.tint(colour, tone), cv2.LINE_AA, 4)
            if tape:
                a, b = quad[0] * 0.57 + quad[1] * 0.43, quad[0] * 0.43 + quad[1] * 0.57
                c, d = quad[3] * 0.43 + quad[2] * 0.57, quad[3] * 0.57 + quad[2] * 0.43
                cv2.fillConvexPoly(
                    self.image, fixed(np.stack([a, b, c, d])), self.tint(TAPE, tone), cv2.LINE_AA, 4
                )


@lru_cache(maxsize=256)
def _card(seed: int) -> Colour:
    tone = float(np.random.default_rng(seed).uniform(0.82, 1.12))
    return CARD[0] * tone, CARD[1] * tone, CARD[2] * tone


def _local(foot: Floats, turn: float, x: Floats | float, y: Floats | float, z: Floats | float) -> Floats:
    """Return points (3,) or (N, 3) given from a foot, along its turn, across it and up."""
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    offset = np.broadcast_arrays(x * cos - y * sin, x * sin + y * cos, z)
    return np.asarray(foot + np.stack(offset, -1), np.float32)


def _cart(brush: Brush, foot: Floats, turn: float, seed: int) -> None:
    foot = _local(foot, turn, 0.5, 0, 0)
    for x, y in ((-0.4, 0.24), (0.4, 0.24), (-0.4, -0.24), (0.4, -0.24)):
        hub = _local(foot, turn, x, y, 0.09)
        brush.bar(hub, hub + np.array([0.001, 0, 0], np.float32), 0.09, RUBBER)
    back = [_local(foot, turn, -0.5, y, z) for y in (-0.26, 0.26) for z in (0.2, 1.03)]
    toward = float(np.cos(turn - np.pi / 2)) > 0
    load = [(0.14, 0.13, 0.30), (0.13, -0.14, 0.36), (-0.22, 0.0, 0.26)]
    load.sort(key=lambda item: -float(_local(foot, turn, item[0], item[1], 0)[1]))

    def handle() -> None:
        for a, b in ((0, 1), (2, 3), (1, 3)):
            brush.bar(back[a], back[b], 0.022, BLUE)

    def deck() -> None:
        brush.box(_local(foot, turn, 0, 0, 0.17), (1.05, 0.62, 0.06), turn, BLUE)
        for i, (x, y, high) in enumerate(load):
            brush.box(_local(foot, turn, x, y, 0.23), (0.32, 0.26, high), turn, _card(seed + i), tape=True)

    for piece in (deck, handle) if toward else (handle, deck):
        piece()


def _ladder(brush: Brush, foot: Floats, turn: float, size: Tint) -> None:
    wide, slant, high = size
    sides = np.array([-1.0, 1.0])
    tops = _local(foot, turn, slant * high, sides * wide * 0.3, high)
    brush.bars(_local(foot, turn, 2 * slant * high, sides * wide * 0.55, 0), tops, 0.022, METAL)
    z = 0.28 * np.arange(1, int(high / 0.28) + 1)
    half = wide / 2 * (1 - 0.4 * z / high)
    brush.bars(_local(foot, turn, slant * z, -half, z), _local(foot, turn, slant * z, half, z), 0.02, ALLOY)
    brush.bars(_local(foot, turn, 0, sides * wide / 2, 0), tops, 0.028, ALLOY)


def _tool(brush: Brush, kind: str, points: Floats) -> None:
    top, tip = points
    along = (tip - top) / max(float(np.linalg.norm(tip - top)), 1e-3)
    flat = np.array([-along[1], along[0], 0], np.float32)
    flat = (
        flat / max(float(np.linalg.norm(flat)), 1e-3)
        if np.hypot(along[0], along[1]) > 0.05
        else brush.view.basis()[0]
    )
    brush.bar(top, tip, 0.019, WOOD)
    if kind == "shovel":
        blade = np.stack([tip - along * 0.27 - flat * 0.11, tip - along * 0.27 + flat * 0.11,
                          tip + flat * 0.09, tip + along * 0.05, tip - flat * 0.09])  # fmt: skip
        pixels, _ = brush.view.project(blade)
        cv2.fillPoly(brush.image, [fixed(pixels)], brush.tint(METAL, 0.9), cv2.LINE_AA, 4)
        brush.bar(top - flat * 0.07, top + flat * 0.07, 0.02, WOOD)
    elif kind == "broom":
        brush.bar(tip - flat * 0.27, tip + flat * 0.27, 0.045, BRISTLE)
    else:
        head = np.cross(along, flat).astype(np.float32)
        brush.bar(tip - head * 0.13, tip + head * 0.13, 0.055, METAL)


def draw(brush: Brush, prop: Prop, frame: int) -> None:
    """Draw a prop of the world as it is in one frame."""
    points = prop.points[frame]
    turn = float(prop.turn[frame]) if prop.turn is not None else 0.0
    if prop.kind == "crate":
        brush.box(points[0], prop.size, turn, _card(prop.seed), tape=True)
    elif prop.kind == "cart":
        _cart(brush, points[0], turn, prop.seed)
    elif prop.kind == "ladder":
        _ladder(brush, points[0], turn, prop.size)
    elif prop.kind == "stake":
        brush.bar(points[0], points[1], 0.045, WOOD)
    else:
        _tool(brush, prop.kind, points)


def footprint(prop: Prop) -> Floats:
    """Return points (T, K, 3) that cast the prop's shadow: the ends of bars, a pair each."""
    points = prop.points
    if points.shape[1] == 2:
        return points
    turn = prop.turn if prop.turn is not None else np.zeros(len(points), np.float32)
    reach = np.stack([np.cos(turn), np.sin(turn), 0 * turn], -1)[:, None]
    up = np.array([0, 0, 1], np.float32)
    foot = points[:, :1]
    if prop.kind == "ladder":
        top = foot + reach * prop.size[1] * prop.size[2] + up * prop.size[2]
        return np.concatenate([foot, top, top, foot + 2 * reach * prop.size[1] * prop.size[2]], 1)
    long = prop.size[0] / 2
    middle = foot + reach * (0.5 if prop.kind == "cart" else 0.0) + up * 0.15
    return np.concatenate([middle - reach * long * 0.6, middle + reach * long * 0.6], 1)

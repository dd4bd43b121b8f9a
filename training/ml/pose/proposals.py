"""Where people may be: squares of a picture for the pose network to look at, found without a network.

A frame is swept with squares of several sizes now and then; in between, what moves says where somebody new
may be, and who was seen before is looked for where they were.
"""

import cv2
import numpy as np

from training.ml.features.motion import shrunk
from training.ml.pose.joints import Numbers, box, length
from training.ml.pose.network import Square

ROOM = 1.35
"""Side of the square about a pose, in lengths of the pose: the network learned people with some room."""
_SIZES = (1.0, 0.7, 0.45)
"""Sides of the sweep's squares, in shorter sides of the picture."""
_PACE = 0.45
"""From one square of the sweep to the next, in sides."""
_SMALL = 320
_MOVES = 14
"""Grey levels by which a pixel changes that moves."""
_JOIN = 13
"""Px of the small picture across which moving parts are one."""
_LEAST_AREA = 0.002
_REGIONS = 3
_ROOMS = (1.2, 2.0)
"""Squares about what moves, in its longer sides: somebody walks as a whole, or waves an arm."""


def around(pose_J3: Numbers) -> Square:
    """The square in which a pose's person is looked at closely."""
    left, top, right, bottom = box(pose_J3)
    return Square.around((left + right) / 2, (top + bottom) / 2, ROOM * length(pose_J3))


def sweep(height: int, width: int) -> list[Square]:
    """Squares all over a picture, and one about the whole of it."""
    squares = [Square.around((width - 1) / 2, (height - 1) / 2, max(height, width))]
    for size in _SIZES:
        side = size * min(height, width)
        for y in _middles(height, side):
            squares += [Square.around(x, y, side) for x in _middles(width, side)]
    return list(dict.fromkeys(squares))


def moving(before: Numbers, after: Numbers) -> list[Square]:
    """Squares about what changed most between two grey pictures (H, W) uint8 of one size, in px of them."""
    scale = max(1.0, max(after.shape) / _SMALL)
    small, other = (cv2.GaussianBlur(shrunk(each, _SMALL), (5, 5), 0) for each in (before, after))
    changed = (np.asarray(cv2.absdiff(small, other)) > _MOVES).astype(np.uint8)
    joined = cv2.dilate(changed, np.ones((_JOIN, _JOIN), np.uint8))
    _, _, stats_N5, _ = cv2.connectedComponentsWithStats(joined)
    # The first is the ground. A component's last number is its area.
    regions = sorted(np.asarray(stats_N5)[1:].tolist(), key=lambda each: -each[4])[:_REGIONS]
    return [
        Square.around((x + w / 2) * scale, (y + h / 2) * scale, room * max(w, h) * scale)
        for x, y, w, h, area in regions
        if area > _LEAST_AREA * joined.size
        for room in _ROOMS
    ]


def covers(pose_J3: Numbers, square: Square) -> bool:
    """Whether a square's middle lies in the box of a pose: who is there is known already."""
    left, top, right, bottom = box(pose_J3)
    x, y = square.left + square.side / 2, square.top + square.side / 2
    return left <= x <= right and top <= y <= bottom


def _middles(whole: int, side: float) -> list[float]:
    """Places of the middles of squares that cover `whole` px, evenly."""
    if side >= whole:
        return [(whole - 1) / 2]
    count = 1 + max(1, round((whole - side) / (_PACE * side)))
    return [float(x) for x in np.linspace((side - 1) / 2, whole - 1 - (side - 1) / 2, count)]

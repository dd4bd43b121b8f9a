"""Where people may be: squares of a picture for the pose network to look at, found without a network.

A frame is swept with squares of several sizes now and then; in between, what moves says where somebody new
may be, and who was seen before is looked for where they were. A square that shows what it showed when it was
last swept need not be swept again.
"""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from training.ml.features.motion import shrunk
from training.ml.pose.joints import Numbers, Picture, box, length
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
_REACH = 0.2
"""How far about a pose its person may reach, in lengths of the pose: hands, hair, a shadow."""
_NEWS = 0.02
"""Share of a square that changes where somebody has come: who fills a third of its height takes 4 % of it."""


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


def moving(before: Numbers, after: Numbers, known: Iterable[Numbers] = ()) -> list[Square]:
    """Squares about what changed most between two grey pictures (H, W) uint8 of one size, in px of them.

    What changes about the people who are known is theirs: nobody new is looked for there.
    """
    scale = _scale(after)
    joined = cv2.dilate(_changed(before, after, known), np.ones((_JOIN, _JOIN), np.uint8))
    _, _, stats_N5, _ = cv2.connectedComponentsWithStats(joined)
    # The first is the ground. A component's last number is its area.
    regions = sorted(np.asarray(stats_N5)[1:].tolist(), key=lambda each: -each[4])[:_REGIONS]
    return [
        Square.around((x + w / 2) * scale, (y + h / 2) * scale, room * max(w, h) * scale)
        for x, y, w, h, area in regions
        if area > _LEAST_AREA * joined.size
        for room in _ROOMS
    ]


def renewed(
    before: Numbers, after: Numbers, squares: Sequence[Square], known: Iterable[Numbers]
) -> list[Square]:
    """The squares in which two grey pictures (H, W) uint8 of one size differ, leaving out who is known.

    Whoever has come since the first picture changes it where they stand; where it shows what it did, nobody
    has.
    """
    changed = _changed(before, after, known)
    return [each for each in squares if _within(changed, each, _scale(after)).mean() > _NEWS]


def _changed(before: Numbers, after: Numbers, known: Iterable[Numbers]) -> Picture:
    """1 where two grey pictures differ by more than noise, in px of the small picture; 0 about people."""
    small, other = (cv2.GaussianBlur(shrunk(each, _SMALL), (5, 5), 0) for each in (before, after))
    changed = (np.asarray(cv2.absdiff(small, other)) > _MOVES).astype(np.uint8)
    for pose_J3 in known:
        left, top, right, bottom = box(pose_J3)
        room = _REACH * length(pose_J3)
        rows, columns = (
            slice(max(0, int((low - room) / _scale(after))), max(0, int((high + room) / _scale(after)) + 1))
            for low, high in ((top, bottom), (left, right))
        )
        changed[rows, columns] = 0
    return changed


def _scale(picture: Numbers) -> float:
    """Px of a picture that one of the small picture is."""
    return max(1.0, max(picture.shape) / _SMALL)


def _within(small: Picture, square: Square, scale: float) -> Picture:
    """What the small picture shows of a square."""
    left, top, side = (each / scale for each in (square.left, square.top, square.side))
    rows, columns = (slice(max(0, int(low)), max(1, round(low + side))) for low in (top, left))
    return small[rows, columns]


def _middles(whole: int, side: float) -> list[float]:
    """Places of the middles of squares that cover `whole` px, evenly."""
    if side >= whole:
        return [(whole - 1) / 2]
    count = 1 + max(1, round((whole - side) / (_PACE * side)))
    return [float(x) for x in np.linspace((side - 1) / 2, whole - 1 - (side - 1) / 2, count)]

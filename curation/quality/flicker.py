"""Light that goes up and down: a failing lamp, mains light against the shutter, an exposure control that
hunts.

One flash or a passing lorry changes the light too, but does not oscillate: only several swings in a row
count.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SWINGS: Final = 4
"""Swings in a row that make an oscillation (two full periods)."""
WINDOW_SECONDS: Final = 1.5
"""Time in which they have to happen."""
DEAD_BAND: Final = 1.5
"""Levels by which the light has to turn back for a swing to end."""


def oscillation(luma: NDArray[np.float32], fps: float) -> NDArray[np.float32]:
    """For each frame the smallest of the SWINGS neighbouring swings of mean luma it lies in, in levels; 0
    outside. (n,).

    Of the groups of swings that hold a frame the strongest counts.
    """
    turns = _turns(luma.tolist())
    result = np.zeros(len(luma), dtype=np.float32)
    for first in range(len(turns) - SWINGS):
        group = turns[first : first + SWINGS + 1]
        start, end = group[0].leaves, group[-1].arrives + 1
        strength = min(abs(after.level - before.level) for before, after in pairwise(group))
        if strength >= DEAD_BAND and end - start <= max(SWINGS, WINDOW_SECONDS * fps) + 1:
            part = result[start:end]
            np.maximum(part, strength, out=part)
    return result


class _Turn(NamedTuple):
    """An extreme of the light: the frames where it is first reached and last held, within DEAD_BAND."""

    level: float
    arrives: int
    leaves: int


def _turns(levels: list[float]) -> list[_Turn]:
    """The extremes of the light, the ends of the footage included: one counts once the light leaves it."""
    turns: list[_Turn] = []
    if not levels:
        return turns
    since = 0
    high = low = levels[0]
    rising: bool | None = None
    for ordinal, level in enumerate(levels):
        if rising is not False:
            high = max(high, level)
        if rising is not True:
            low = min(low, level)
        if rising is not False and level < high - DEAD_BAND:
            turns.append(_turn(levels, high, since, ordinal))
            since, rising, low = ordinal, False, level
        elif rising is not True and level > low + DEAD_BAND:
            turns.append(_turn(levels, low, since, ordinal))
            since, rising, high = ordinal, True, level
    turns.append(_turn(levels, high if rising else low, since, len(levels)))
    return turns


def _turn(levels: list[float], extreme: float, since: int, left: int) -> _Turn:
    arrives = next(n for n in range(since, left) if abs(levels[n] - extreme) <= DEAD_BAND)
    return _Turn(extreme, arrives, left - 1)

"""Light that goes up and down: a failing lamp, mains light against the shutter, an exposure control that
hunts.

One flash or a passing lorry changes the light too, but does not oscillate: only several swings in a row
count.
"""

from __future__ import annotations

from typing import Final

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
    turns = _turning_points(luma)
    result = np.zeros(len(luma), dtype=np.float32)
    for first in range(len(turns) - SWINGS):
        group = turns[first : first + SWINGS + 1]
        if group[-1] - group[0] <= max(SWINGS, WINDOW_SECONDS * fps):
            strength = np.abs(np.diff(luma[group])).min()
            part = result[group[0] : group[-1] + 1]
            np.maximum(part, strength, out=part)
    return result


def _turning_points(luma: NDArray[np.float32]) -> list[int]:
    """Ordinals where the light turns, ends included: a turn counts once the light has come back by
    DEAD_BAND."""
    levels: list[float] = luma.tolist()
    if not levels:
        return []
    turns = [0]
    high = low = 0
    direction = 0
    for ordinal, level in enumerate(levels):
        if level > levels[high]:
            high = ordinal
        if level < levels[low]:
            low = ordinal
        if direction >= 0 and level < levels[high] - DEAD_BAND:
            turns.append(high)
            direction, low, high = -1, ordinal, ordinal
        elif direction <= 0 and level > levels[low] + DEAD_BAND:
            turns.append(low)
            direction, low, high = 1, ordinal, ordinal
    turns.append(high if direction > 0 else low)
    return sorted(set(turns))

"""A picture that stands still: a stuck sensor or a stalled stream repeats its last frame.

A static scene is not frozen: its sensor noise moves. So frames are compared on native pixels (the working
copy has averaged the noise away), and only exact or nearly exact repeats count. Between them the codec may
touch the picture up: every few frames, at a key frame, and for as long as it still refines the first of them.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

LINES: Final = 64
BLOCK: Final = 32
STILL_MEAN: Final = 0.08
"""Mean difference in levels up to which two frames are the same one, encoded twice."""
STILL_BLOCK: Final = 1
"""Largest block difference in levels of the same one; anyone moving far away is above it."""
CALM_MEAN: Final = 1.1
CALM_BLOCK: Final = 2
"""Mean and largest block difference in levels up to which a step may be the codec's own work."""
CALM_STEPS: Final = 8
"""So many steps at most without an exact repeat in the middle of a run, and a half more at its ends."""
TOUCH_UP: Final = 2.0
"""Mean difference of a key frame that is re-encoded in the middle of a frozen run."""
RUN_BESIDE: Final = 5
"""Frozen steps on both sides that make such a step part of the run."""


def sample(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """About 64 native lines of the luma plane, copied."""
    return np.ascontiguousarray(luma[:: max(1, luma.shape[0] // LINES)])


def change(lines: NDArray[np.uint8], before: NDArray[np.uint8]) -> tuple[float, float]:
    """Mean and largest block difference, in levels, between the samples of two neighbouring frames."""
    difference = cv2.absdiff(lines, before)
    across, down = max(1, difference.shape[1] // BLOCK), max(1, difference.shape[0] // 4)
    blocks = cv2.resize(difference, (across, down), interpolation=cv2.INTER_AREA)
    return cv2.norm(difference, cv2.NORM_L1) / difference.size, float(blocks.max())


def run_lengths(mean: NDArray[np.float32], block: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each frame the length in frames of the run of repeats it is part of, 0 outside any. All (n,).

    `mean[i]`, `block[i]`: the change from frame i - 1 to frame i; entry 0 is not looked at.
    """
    still = (mean <= STILL_MEAN) & (block <= STILL_BLOCK)
    still[:1] = False
    lengths = np.zeros(len(still), dtype=np.float32)
    runs = _runs(still)
    joined: list[tuple[int, int]] = []
    calm = (mean <= CALM_MEAN) & (block <= CALM_BLOCK)
    for start, end in runs:
        if joined and (_worked_on(joined[-1][1], start, calm) or _touched_up(joined[-1], (start, end), mean)):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    settling = calm & (block <= STILL_BLOCK)
    settling[:1] = False
    for start, end in joined:
        if end - start >= RUN_BESIDE:
            start, end = _widened(start, end, settling)
        lengths[start - 1 : end] = end - start + 1  # the frame that is repeated belongs to the run
    return lengths


def _worked_on(end: int, start: int, calm: NDArray[np.bool_]) -> bool:
    """Whether nothing but the codec was at work between two frozen runs."""
    return start - end < CALM_STEPS and bool(calm[end:start].all())


def _widened(start: int, end: int, settling: NDArray[np.bool_]) -> tuple[int, int]:
    """A run with the steps at its ends in which the codec still, or again, works on the same picture."""
    most = CALM_STEPS * 3 // 2
    first = start
    while first > 1 and start - first < most and settling[first - 1]:
        first -= 1
    last = end
    while last < len(settling) and last - end < most and settling[last]:
        last += 1
    return first, last


def _runs(still: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], still, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _touched_up(before: tuple[int, int], after: tuple[int, int], mean: NDArray[np.float32]) -> bool:
    """Whether the single step between two frozen runs is a key frame and not a movement."""
    return (
        after[0] - before[1] == 1
        and before[1] - before[0] >= RUN_BESIDE
        and after[1] - after[0] >= RUN_BESIDE
        and float(mean[before[1]]) <= TOUCH_UP
    )

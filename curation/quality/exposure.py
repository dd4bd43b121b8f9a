"""Light: how dark, how bright, how much of the range is used and how much of it is lost at its ends."""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.quality.baseline import score, usual

ROW_STEP: Final = 3
DARK_STILL: Final = 5.9
"""log2 level under which a photograph is too dark (F1 0.95 on the exposure brackets, where 6.1 gives 0.96):
the highest that keeps every good photograph. Many night pictures are under it: as photographs they are too
dark."""
DARK_VIDEO: Final = 4.4
"""log2 level under which nothing is seen: a mean of about 13 of 255. A night camera stays above it."""
DARK_DROP: Final = 1.3
"""Fall below the camera's usual, in log2, at which a frame that would be dark as a photograph is too dark."""
BRIGHT_STILL: Final = 170.0
"""Brightness above which a photograph is overexposed. 145 has the better F1 on the exposure brackets (0.82
for 0.73), but half of the webcam pictures by day are above it."""
BRIGHT_VIDEO: Final = 225.0
BRIGHT_RISE: Final = 45.0
DARK_SOFTNESS: Final = 0.25
BRIGHT_SOFTNESS: Final = 12.0
LOW_CLIP: Final = 4
HIGH_CLIP: Final = 251


class Levels(NamedTuple):
    """What the histogram of a picture says; luma levels 0..255, shares 0..1.

    darkness: log2 level of mean and shadows; brightness: level of mean, shadows and lights.
    """

    mean: float
    darkness: float
    brightness: float
    contrast: float
    clipped_low: float
    clipped_high: float


def levels(work: NDArray[np.uint8]) -> Levels:
    """Levels of a working copy (H, W)."""
    counts = cv2.calcHist([work[::ROW_STEP]], [0], None, [256], [0, 256])[:, 0]
    cumulative = np.cumsum(counts, dtype=np.float64)
    total = cumulative[-1]
    mean = float(counts @ _LEVELS / total)
    low, shadow, light = np.searchsorted(cumulative, np.array([0.05, 0.25, 0.95]) * total).tolist()
    return Levels(
        mean=mean,
        darkness=float((2 * np.log2(mean + 8) + np.log2(shadow + 8)) / 3),
        brightness=(mean + shadow + light) / 3,
        contrast=float(light - low),
        clipped_low=float(cumulative[LOW_CLIP] / total),
        clipped_high=float(1 - cumulative[HIGH_CLIP - 1] / total),
    )


_LEVELS = np.arange(256, dtype=np.float32)


def dark(darkness: NDArray[np.float32], fps: float) -> NDArray[np.float32]:
    """Score 0..1 from the column of log2 levels, (n,); one frame alone is judged as a photograph."""
    if len(darkness) == 1:
        return score(DARK_STILL - darkness, DARK_SOFTNESS)
    drop = usual(darkness[:, None], fps, 0.5)[:, 0] - darkness
    fallen = np.minimum(drop - DARK_DROP, DARK_STILL - darkness)
    return score(np.maximum(fallen, DARK_VIDEO - darkness), DARK_SOFTNESS)


def bright(brightness: NDArray[np.float32], fps: float) -> NDArray[np.float32]:
    """Score 0..1 from the column of brightness levels, (n,); one frame alone is judged as a photograph."""
    if len(brightness) == 1:
        return score(brightness - BRIGHT_STILL, BRIGHT_SOFTNESS)
    rise = brightness - usual(brightness[:, None], fps, 0.5)[:, 0]
    risen = np.minimum(rise - BRIGHT_RISE, brightness - BRIGHT_STILL)
    return score(np.maximum(risen, brightness - BRIGHT_VIDEO), BRIGHT_SOFTNESS)

"""Something in front of the lens: where there usually is structure, there is none.

The picture is cut into 8 x 6 cells. The contrast of a cell, relative to its light, hardly moves with
exposure and little with defocus, but a hand, a tarpaulin or paint takes it away.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.quality.baseline import surroundings

CELLS: Final = (8, 6)
TEXTURED: Final = 0.05
"""Relative contrast from which a cell says anything about a cover."""
LOST: Final = 0.35
"""Share of its usual contrast under which a cell is covered."""
ENOUGH_CELLS: Final = 0.25
"""Share of textured cells that a camera needs for the comparison; with fewer only a bare picture is
judged."""
BARE: Final = 0.02
"""Relative contrast of a cell that shows nothing at all."""
BARE_SHARE: Final = 0.9
"""A picture is taken for covered by itself alone when more than this share of its cells is bare."""
BURNT_OUT: Final = 245.0
SCALE: Final = 255.0


def contrasts(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Relative contrast of each cell of a small copy (H, W): standard deviation / (mean + 16), in 255ths.
    (48,).

    Burnt-out cells are given full contrast: that loss has its own metric.
    """
    picture = small.astype(np.float32)
    mean = cv2.resize(picture, CELLS, interpolation=cv2.INTER_AREA)
    square = cv2.resize(picture * picture, CELLS, interpolation=cv2.INTER_AREA)
    spread = np.sqrt(np.maximum(0.0, square - mean * mean))
    relative = np.where(mean > BURNT_OUT, 1.0, spread / (mean + 16))
    return np.minimum(SCALE, relative * SCALE + 0.5).astype(np.uint8).ravel()


def covered(cells: NDArray[np.uint8], fps: float) -> NDArray[np.float32]:
    """Share 0..1 of the camera's structure that is gone, from the contrasts (n, 48) of its frames; (n,)."""
    score = _bare(cells)
    if len(cells) == 1:
        return score
    for part, level in surroundings(cells, fps, 0.7):
        textured = level >= TEXTURED * SCALE
        if textured.mean() >= ENOUGH_CELLS:
            lost = cells[part][:, textured] < LOST * level[textured]
            score[part] = np.maximum(score[part], lost.mean(axis=1))
    return score


def _bare(cells: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Score of a picture by itself: 0 up to BARE_SHARE of cells that show nothing, 1 where none shows
    anything."""
    bare = (cells <= BARE * SCALE).mean(axis=1)
    return np.asarray(np.maximum(0.0, (bare - BARE_SHARE) / (1 - BARE_SHARE)), dtype=np.float32)

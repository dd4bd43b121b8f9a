"""Something in front of the lens: where there usually is structure, there is none, and another light.

One picture alone is taken for covered only when next to none of its cells shows anything; a video's frames
are held against what the camera usually shows (curation/quality/structure.py).
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.quality.structure import CELLS, Structure, covered_share

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


def covered(
    cells: NDArray[np.uint8], places: Structure, sighted: NDArray[np.bool_], fps: float
) -> NDArray[np.float32]:
    """Share 0..1 of the camera's structure that something hides; (n,).

    `cells`: the contrasts (n, 48) of its frames, `places` their structure (n, 144). A frame that
    too much light has blinded (`sighted` is False) is judged by itself alone: light takes structure away too.
    """
    score = _bare(cells)
    if len(cells) == 1:
        return score
    hidden = np.where(sighted, covered_share(places, fps), np.float32(0))
    return np.asarray(np.maximum(score, hidden), dtype=np.float32)


def _bare(cells: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Score of a picture by itself: 0 up to BARE_SHARE of cells that show nothing, 1 where none shows
    anything."""
    bare = (cells <= BARE * SCALE).mean(axis=1)
    return np.asarray(np.maximum(0.0, (bare - BARE_SHARE) / (1 - BARE_SHARE)), dtype=np.float32)

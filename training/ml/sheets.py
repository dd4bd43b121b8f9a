"""Pictures side by side on one sheet."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
GAP = 8
"""Px between pictures and around them."""
PAPER = 24
"""Grey of what lies between."""


def tiled(pictures: Sequence[Picture], columns: int) -> Picture:
    """RGB pictures (H, W, 3) of one size in rows of `columns`; the last row may be shorter."""
    height, width = pictures[0].shape[:2]
    rows = [pictures[first : first + columns] for first in range(0, len(pictures), columns)]
    across = min(columns, len(pictures))
    sheet = np.full((len(rows) * (height + GAP) + GAP, across * (width + GAP) + GAP, 3), PAPER, np.uint8)
    for r, row in enumerate(rows):
        top = GAP + r * (height + GAP)
        for c, picture in enumerate(row):
            left = GAP + c * (width + GAP)
            sheet[top : top + height, left : left + width] = picture
    return sheet

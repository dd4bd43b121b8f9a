"""Noise of the sensor, after J. Immerkaer, "Fast Noise Variance Estimation", CVIU 64(2), 1996.

Measured on native pixels, because the working copy has averaged most of it away. The paper takes the whole
picture; here the lower quartile of twelve patches does, so that a fence or gravel is not taken for noise.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

PATCH: Final = 48
ROWS: Final = 3
COLUMNS: Final = 4
_SECOND_DIFFERENCE = np.array([1.0, -2.0, 1.0])


def sigma(luma: NDArray[np.uint8]) -> float:
    """Standard deviation of the noise in luma levels, from the native luma plane (H, W)."""
    height, width = luma.shape
    if height < 5 or width < 5:
        return 0.0
    tall, wide = min(PATCH, height), min(PATCH, width)
    mosaic = np.empty((ROWS * tall, COLUMNS * wide), dtype=np.uint8)
    for row in range(ROWS):
        top = (height - tall) * (row + 1) // (ROWS + 1)
        for column in range(COLUMNS):
            left = (width - wide) * (column + 1) // (COLUMNS + 1)
            mosaic[row * tall : (row + 1) * tall, column * wide : (column + 1) * wide] = luma[
                top : top + tall, left : left + wide
            ]
    response = cv2.sepFilter2D(mosaic, cv2.CV_16S, _SECOND_DIFFERENCE, _SECOND_DIFFERENCE)
    patches = np.abs(response).reshape(ROWS, tall, COLUMNS, wide)[:, 1:-1, :, 1:-1]  # not across the seams
    found = np.add.reduce(np.add.reduce(patches, axis=1, dtype=np.int32), axis=-1) / ((tall - 2) * (wide - 2))
    return float(np.sort(found, axis=None)[ROWS * COLUMNS // 4] * np.sqrt(np.pi / 2) / 6)

"""The machine-readable frame number along the bottom edge of a frame.

Layout (all that a reader in another language needs):

* The strip is the bottom 4 % of the picture, full width: rows ``[H - round(0.04 * H), H)``.
* It is cut into 32 cells of equal width; cell ``i`` covers columns ``[i * W / 32, (i + 1) * W / 32)``.
* A white cell (luma 235) is a 1, a black cell (luma 16) is a 0.
* Cells 0-1 are the left finder ``1 0``; cells 30-31 the right finder ``0 1``.
* Cells 2-21 hold the frame number: 20 bits, most significant first, so 0 .. 1,048,575.
* Cells 22-29 hold a CRC-8, most significant bit first: polynomial 0x07, initial value 0xFF, not reflected, no
  final xor, over three bytes: ``n >> 16``, ``(n >> 8) & 255``, ``n & 255``.

How to read: take the mean luma of the middle of every cell: rows from ``0.97 * H`` to ``0.99 * H``, columns
from ``(i + 0.25) * W / 32`` to ``(i + 0.75) * W / 32`` (floor the start, ceil the end, at least one pixel).
The threshold is halfway between the mean of the white finder cells (0, 31) and of the black ones (1, 30).
There is no code (None) when white - black < 40, when a cell is nearer to the threshold than 15 % of
white - black, or when a finder or the CRC differs. Luma of an RGB picture is ``0.299 R + 0.587 G + 0.114 B``.
Nothing depends on the size of the picture, so that a scaled proxy reads like its source.

The number is drawn after everything else, as a recorder would: no fault of the lens touches it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

CELLS = 32
BITS = 20
LIMIT = 1 << BITS
STRIP = 0.04
WHITE, BLACK = 235, 16
LEAST_CONTRAST = 40.0
LEAST_MARGIN = 0.15

Image = NDArray[np.uint8]


def checksum(n: int) -> int:
    """Return the CRC-8 (0x07, initial 0xFF) of the three bytes of a frame number."""
    crc = 0xFF
    for byte in (n >> 16, (n >> 8) & 255, n & 255):
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ 0x07) & 255 if crc & 0x80 else crc << 1
    return crc


def cells(n: int) -> list[int]:
    """Return the 32 cells (0 or 1) of frame number ``n``; ValueError outside 0 .. 2**20 - 1."""
    if not 0 <= n < LIMIT:
        raise ValueError(f"A frame number must lie in 0 .. {LIMIT - 1}, not {n}.")
    number = [(n >> (BITS - 1 - i)) & 1 for i in range(BITS)]
    crc = checksum(n)
    return [1, 0, *number, *((crc >> (7 - i)) & 1 for i in range(8)), 0, 1]


def strip_top(height: int) -> int:
    """Return the first row of the strip in a picture of ``height`` rows."""
    return height - round(STRIP * height)


def draw(frame: Image, n: int) -> None:
    """Draw frame number ``n`` into ``frame`` in place: (H, W) luma or (H, W, 3) RGB, uint8."""
    height, width = frame.shape[:2]
    edges = [round(i * width / CELLS) for i in range(CELLS + 1)]
    row = np.repeat(np.where(cells(n), WHITE, BLACK).astype(np.uint8), np.diff(edges))
    frame[strip_top(height) :] = row if frame.ndim == 2 else row[:, None]


def read(frame: NDArray[Any]) -> int | None:
    """Read the frame number from (H, W) luma or (H, W, 3) RGB; None where there is no valid code."""
    height, width = frame.shape[:2]
    band = frame[math.floor(0.97 * height) : math.ceil(0.99 * height)].astype(np.float64)
    if band.size == 0:
        return None
    luma = band if band.ndim == 2 else band @ np.array([0.299, 0.587, 0.114])
    columns = luma.mean(axis=0)
    size = width / CELLS
    spans = [(math.floor((i + 0.25) * size), math.ceil((i + 0.75) * size)) for i in range(CELLS)]
    means = np.array([columns[a : max(b, a + 1)].mean() for a, b in spans])
    white, black = (means[0] + means[31]) / 2, (means[1] + means[30]) / 2
    contrast = white - black
    if contrast < LEAST_CONTRAST:
        return None
    distance = means - (white + black) / 2
    if np.abs(distance).min() < LEAST_MARGIN * contrast:
        return None
    bits = (distance > 0).astype(int).tolist()
    n = int("".join(map(str, bits[2:22])), 2)
    return n if bits == cells(n) else None

"""The camera's own overlay: its name and the time, in a 5 x 7 dot font with a dark outline."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

# Five columns a glyph, the lowest bit is the top dot.
GLYPHS = {
    "0": "3e5149453e", "1": "00427f4000", "2": "4261514946", "3": "2141454b31", "4": "1814127f10",
    "5": "2745454539", "6": "3c4a494930", "7": "0171090503", "8": "3649494936", "9": "064949291e",
    "A": "7e1111117e", "B": "7f49494936", "C": "3e41414122", "D": "7f4141221c", "E": "7f49494941",
    "F": "7f09090901", "G": "3e4149497a", "H": "7f0808087f", "I": "00417f4100", "J": "2040413f01",
    "K": "7f08142241", "L": "7f40404040", "M": "7f020c027f", "N": "7f0408107f", "O": "3e4141413e",
    "P": "7f09090906", "Q": "3e4151215e", "R": "7f09192946", "S": "4649494931", "T": "01017f0101",
    "U": "3f4040403f", "V": "1f2040201f", "W": "3f4038403f", "X": "6314081463", "Y": "0708700807",
    "Z": "6151494543", "-": "0808080808", ":": "0036360000", " ": "0000000000",
}  # fmt: skip


@lru_cache(maxsize=512)
def _stamp(text: str, dot: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return white and outline coverage (h, w) in 0 .. 1 for a text whose dots are ``dot`` pixels wide."""
    columns: list[int] = []
    for glyph in text:
        columns += [*bytes.fromhex(GLYPHS[glyph]), 0]
    dots = np.array([[column >> row & 1 for column in columns] for row in range(7)], np.float32)
    big = np.pad(np.kron(dots, np.ones((8, 8), np.float32)), 8)
    size = (max(1, round(big.shape[1] * dot / 8)), max(1, round(big.shape[0] * dot / 8)))
    ink = cv2.resize(big, size, interpolation=cv2.INTER_AREA)
    reach = np.ones((3, 3), np.uint8)
    edge = cv2.GaussianBlur(cv2.dilate(ink, reach), (3, 3), 0)
    return ink.astype(np.float32), edge.astype(np.float32)


def _blend(luma: NDArray[np.uint8], text: str, left: int, top: int, dot: float) -> None:
    ink, edge = _stamp(text, dot)
    height, width = ink.shape
    region = luma[top : top + height, left : left + width]
    ink, edge = ink[: region.shape[0], : region.shape[1]], edge[: region.shape[0], : region.shape[1]]
    dark = region * (1 - 0.75 * edge) + 24 * 0.75 * edge
    region[:] = (dark * (1 - ink) + 232 * ink).astype(np.uint8)


def draw(luma: NDArray[np.uint8], name: str, when: datetime) -> None:
    """Draw the camera's name (upper left) and the time (upper right) into an (H, W) luma plane in place."""
    height, width = luma.shape
    dot = height / 360 * 1.5
    margin = round(0.022 * height)
    _blend(luma, name.upper().replace("_", " "), margin, margin, dot)
    clock = when.strftime("%Y-%m-%d %H:%M:%S")
    _blend(luma, clock, width - margin - round((6 * len(clock) + 2) * dot), margin, dot)

"""The pose network: one person's 14 joints in a square of a picture.

Wei, Ramakrishna, Kanade, Sheikh: "Convolutional Pose Machines" (CVPR 2016, arXiv 1602.00134) on MobileNetV2,
as PoseEstimationForMobile trained it on AI Challenger: BGR pixels 0..255 as they are, 192 px square, heat
maps of 96. OpenCV runs it as LiteRT does, to 1e-6.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from training.ml import weights
from training.ml.errors import BadFile
from training.ml.pose.heatmaps import cells_of, peaks
from training.ml.pose.joints import JOINTS, Floats, Picture

WEIGHTS = weights.POSE_WEIGHTS
SIDE = 192
CELL = 8
"""Px of the square from one cell of the heat maps to the next; cell 0 lies on pixel 0. (Measured: a picture
and its mirror image then agree to 0.1 px; half a pixel further they are a whole one apart.)"""
LEAST = 0.1
"""Heat below which a joint was not seen."""
_GREY = 127
"""What lies beyond the picture."""
_BATCH = 8


@dataclass(frozen=True)
class Square:
    """A square part of a picture in whole px; it may reach beyond the picture."""

    left: int
    top: int
    side: int

    @classmethod
    def around(cls, x: float, y: float, side: float) -> "Square":
        """The square of that side, in px, about a place."""
        whole = max(16, round(side))
        return cls(round(x - (whole - 1) / 2), round(y - (whole - 1) / 2), whole)


class Looks(Protocol):
    """What finds one pose in each square."""

    def look(self, picture_HW3: Picture, squares: Iterable[Square]) -> Floats:
        """Poses (N, 14, 3) of a BGR picture's N squares, x and y in px of the picture."""


class PoseNetwork:
    """The network in OpenCV's hands. Not for sharing between threads."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` holds the weights (WEIGHTS_DIR). Raises BadFile where they are missing or damaged."""
        if folder is None or not (folder / WEIGHTS).is_file():
            raise BadFile(weights.no_pose_weights())
        found = weights.checked(weights.named(WEIGHTS), folder)
        self.sha256 = found.sha256
        self._net = cv2.dnn.readNetFromTFLite(str(found.path))

    def look(self, picture_HW3: Picture, squares: Iterable[Square]) -> Floats:
        """Poses (N, 14, 3) of a BGR picture's N squares, x and y in px of the picture."""
        wanted = list(squares)
        parts = [self._look(picture_HW3, wanted[n : n + _BATCH]) for n in range(0, len(wanted), _BATCH)]
        return np.concatenate([np.zeros((0, len(JOINTS), 3), np.float32), *parts])

    def _look(self, picture_HW3: Picture, squares: list[Square]) -> Floats:
        crops_BHW3 = np.stack([cropped(picture_HW3, each) for each in squares])
        self._net.setInput(np.ascontiguousarray(crops_BHW3.transpose(0, 3, 1, 2), np.float32))
        maps_BJHW = np.asarray(self._net.forward())
        return np.stack(
            [placed(found_J3, at) for found_J3, at in zip(peaks(cells_of(maps_BJHW)), squares, strict=True)]
        )


def cropped(picture_HW3: Picture, square: Square) -> Picture:
    """The square's pixels at SIDE px, grey where it reaches beyond the picture."""
    height, width = picture_HW3.shape[:2]
    right, bottom = square.left + square.side, square.top + square.side
    part = picture_HW3[max(0, square.top) : max(0, bottom), max(0, square.left) : max(0, right)]
    whole = np.full((square.side, square.side, 3), _GREY, np.uint8)
    top, left = max(0, -square.top), max(0, -square.left)
    if square.top < height and square.left < width:
        whole[top : top + part.shape[0], left : left + part.shape[1]] = part
    way = cv2.INTER_AREA if square.side > SIDE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(whole, (SIDE, SIDE), interpolation=way), np.uint8)


def placed(peaks_J3: Floats, square: Square) -> Floats:
    """Peaks in cells of a square as a pose in px of the picture; what has no heat is (0, 0, 0)."""
    pose_J3 = peaks_J3.copy()
    pose_J3[:, :2] = (peaks_J3[:, :2] * CELL + 0.5) * (square.side / SIDE) - 0.5 + (square.left, square.top)
    pose_J3[peaks_J3[:, 2] < LEAST] = 0
    return pose_J3

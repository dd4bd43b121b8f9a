"""Poses as a picture: each person's bones over the frames they were found in."""

from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame

from curation.media.decode import decode_pass
from curation.media.frames import Resizer, StreamInfo
from training.ml.models.skeleton.layouts import CPM14_BONES
from training.ml.places import spread
from training.ml.pose.joints import Floats, Picture
from training.ml.pose.poses import Poses
from training.ml.sheets import tiled

_TILES, _ACROSS, _TILE_WIDTH = 12, 4, 320
COLOURS = ((86, 180, 233), (230, 159, 0), (0, 158, 115), (204, 121, 167), (240, 228, 66), (213, 94, 0))
"""RGB of the persons in turn; Okabe and Ito's colours, which colour-blind people tell apart."""


def drawn(picture_HW3: Picture, joints_MV3: Floats) -> Picture:
    """A copy of an RGB picture with the bones of M people; joints that were not seen have none."""
    canvas = np.ascontiguousarray(picture_HW3.copy())
    thick = max(1, round(min(canvas.shape[:2]) / 160))
    for person, joints_V3 in enumerate(joints_MV3):
        colour = COLOURS[person % len(COLOURS)]
        for one, other in CPM14_BONES:
            if joints_V3[one, 2] > 0 and joints_V3[other, 2] > 0:
                ends = [(round(float(x)), round(float(y))) for x, y, _ in joints_V3[[one, other]]]
                cv2.line(canvas, ends[0], ends[1], colour, thick, cv2.LINE_AA)
        for x, y, sure in joints_V3:
            if sure > 0:
                cv2.circle(canvas, (round(float(x)), round(float(y))), thick + 1, colour, -1, cv2.LINE_AA)
    return canvas


def sheet(path: Path, poses: Poses) -> Picture:
    """Twelve of the frames that were looked at, or as many as there are, with their people, as one picture.

    Raises MediaError for a file that cannot be read.
    """
    chosen_K = spread(len(poses), min(_TILES, len(poses)))
    sink = _Kept({int(poses.ordinals_T[k]) for k in chosen_K})
    decode_pass(path, [sink])
    tiles = []
    for k in chosen_K:
        picture = drawn(sink.kept[int(poses.ordinals_T[k])], poses.joints_TMV3[k])
        width = min(_TILE_WIDTH, picture.shape[1])
        size = width, max(1, round(picture.shape[0] * width / picture.shape[1]))
        tiles.append(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8))
    return tiled(tiles, _ACROSS)


class _Kept:
    """Keeps the pictures of some frames."""

    def __init__(self, ordinals: set[int]) -> None:
        self._ordinals = ordinals
        self.kept: dict[int, Picture] = {}

    def open(self, stream: StreamInfo) -> None:  # noqa: ARG002
        """Begin, or start over."""
        self.kept = {}

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:  # noqa: ARG002
        """Keep one frame, if it is wanted."""
        if ordinal in self._ordinals:
            resize = Resizer(frame.width, frame.height, "rgb24")
            self.kept[ordinal] = np.asarray(resize(frame).to_ndarray(), np.uint8)

    def close(self) -> None:
        """Nothing is left to do."""

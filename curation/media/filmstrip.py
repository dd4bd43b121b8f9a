"""The filmstrip under the timeline, and the poster: small upright pictures taken as a video decodes."""

from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame
from PIL import Image

from curation.media.frames import Resizer, StreamInfo
from curation.media.sheets import Picture, tile_size, write_sheets

TILE_WIDTH = 160
MAX_TILES = 600
TILES_A_SECOND = 5
POSTER_SIDE = 1280
_POSTER_CANDIDATES = 10


class FilmstripSink:
    """A FrameSink that writes `<out>.json` and its sprite sheets `<out>-0.jpg`, `<out>-1.jpg`, ...

    Starts with five tiles a second; whenever there are 600, every other one is dropped, so that an
    hour and a second both fit. The manifest (see `write_sheets`) has `every_n_frames`: tile k shows
    frame `k * every_n_frames`.
    """

    def __init__(self, out_path: Path) -> None:
        """`out_path`: the manifest's path; its stem names the sheets beside it."""
        self._out = out_path

    def open(self, stream: StreamInfo) -> None:
        """Begin, or start over."""
        size = tile_size(stream.display_width, stream.display_height, widest=TILE_WIDTH)
        self._small = Upright(stream, *size)
        self._every = max(1, round(stream.fps / TILES_A_SECOND))
        self._tiles: list[Picture] = []

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:  # noqa: ARG002 - FrameSink
        """Keep a tile of every n-th frame."""
        if ordinal % self._every:
            return
        self._tiles.append(self._small(frame))
        if len(self._tiles) >= MAX_TILES:
            self._tiles = self._tiles[::2]
            self._every *= 2

    def close(self) -> None:
        """Write the sheets, then the manifest."""
        write_sheets(self._out, self._tiles, every_n_frames=self._every)


class PosterSink:
    """A FrameSink that writes one JPEG: the most contrasty of ten frames, a second apart, from the start."""

    def __init__(self, out_path: Path) -> None:
        self._out = out_path

    def open(self, stream: StreamInfo) -> None:
        """Begin, or start over."""
        width, height = stream.display_width, stream.display_height
        scale = min(1.0, POSTER_SIDE / max(width, height))
        self._shrunk = Upright(stream, max(1, round(width * scale)), max(1, round(height * scale)))
        self._every = max(1, round(stream.fps))
        self._best: Picture | None = None
        self._contrast = -1.0

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:  # noqa: ARG002 - FrameSink
        """Look at one frame a second for the first ten seconds."""
        if ordinal % self._every or ordinal >= self._every * _POSTER_CANDIDATES:
            return
        picture = self._shrunk(frame)
        contrast = float(picture[::8, ::8].std())
        if contrast > self._contrast:
            self._best, self._contrast = picture, contrast

    def close(self) -> None:
        """Write the poster."""
        if self._best is not None:
            Image.fromarray(self._best).save(self._out, quality=85)


class Upright:
    """Frames to small RGB pictures (H, W, 3) uint8, upright and in square pixels."""

    def __init__(self, stream: StreamInfo, width: int, height: int) -> None:
        """`width`, `height`: of the upright picture, in pixels."""
        self._rotation = stream.rotation
        if stream.rotation in (90, 270):
            width, height = height, width
        self._resize = Resizer(width, height, "rgb24", interpolation="AREA")

    def __call__(self, frame: VideoFrame) -> Picture:
        """A picture of its own, not a view of the frame."""
        return turned(np.asarray(self._resize(frame).to_ndarray(), np.uint8), self._rotation)


def turned(picture: Picture, rotation: int) -> Picture:
    """A picture turned clockwise by 0, 90, 180 or 270 degrees."""
    codes = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    upright = cv2.rotate(picture, codes[rotation]) if rotation else picture
    return np.ascontiguousarray(upright, dtype=np.uint8)

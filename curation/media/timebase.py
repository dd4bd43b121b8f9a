"""The frame index: which frame is shown when, as integers.

A frame's number is its place in presentation order (0, 1, 2, ...). The index holds the integer
timestamp of each in the source's own clock, strictly increasing, and is the only thing that turns
a number into a time or back. Its run-length form is what is stored and sent to the browser.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

PROXY_TIME_BASE = Fraction(1, 90_000)

Pts = npt.NDArray[np.int64]
Run = list[int]


@dataclass(frozen=True, eq=False)
class FrameIndex:
    """Timestamps of all frames of one video.

    `pts`: int64 (n,), n >= 1, strictly increasing, in units of `time_base` seconds.
    `last_duration`: how long the last frame is shown, in the same units: the delta before it, or
    for a single frame one nominal delta.
    `synthesised`: half-open `[start, end)` stretches of frames whose timestamps the file lacked,
    repeated or ran backwards; they are facts about the source and no part of the hash.
    """

    pts: Pts
    time_base: Fraction
    last_duration: int
    synthesised: tuple[tuple[int, int], ...] = field(default=())

    def __post_init__(self) -> None:
        pts = np.ascontiguousarray(self.pts, dtype=np.int64)
        if pts.ndim != 1 or len(pts) == 0:
            raise ValueError("a frame index needs at least one timestamp")
        if len(pts) > 1 and not bool(np.all(pts[1:] > pts[:-1])):
            raise ValueError("timestamps of a frame index must strictly increase")
        if self.last_duration <= 0 or self.time_base <= 0:
            raise ValueError("a frame index needs a positive time base and last duration")
        if len(pts) > 1 and self.last_duration != int(pts[-1] - pts[-2]):
            raise ValueError("the last frame lasts as long as the one before it")
        pts.setflags(write=False)
        object.__setattr__(self, "pts", pts)

    @classmethod
    def of(
        cls,
        pts: Sequence[int] | Pts,
        time_base: Fraction,
        *,
        nominal: int = 1,
        synthesised: tuple[tuple[int, int], ...] = (),
    ) -> "FrameIndex":
        """Build from timestamps; `nominal` is the delta of a video of one frame."""
        table = np.asarray(pts, dtype=np.int64)
        last = int(table[-1] - table[-2]) if len(table) > 1 else max(1, nominal)
        return cls(table, time_base, last, synthesised)

    @classmethod
    def from_runs(cls, runs: Sequence[Sequence[int]], time_base: Fraction) -> "FrameIndex":
        """Inverse of `runs`: `[[first_pts, delta, count], ...]`. Raises ValueError if they overlap."""
        if not runs or any(len(run) != 3 or run[2] < 1 for run in runs):
            raise ValueError("runs are [first_pts, delta, count] with a count of at least one")
        parts = [first + delta * np.arange(count, dtype=np.int64) for first, delta, count in runs]
        return cls.of(np.concatenate(parts), time_base, nominal=runs[-1][1])

    def __len__(self) -> int:
        return len(self.pts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FrameIndex) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    @cached_property
    def runs(self) -> list[Run]:
        """Run-length form `[[first_pts, delta, count], ...]`; the last delta is `last_duration`."""
        n = len(self.pts)
        if n == 1:
            return [[int(self.pts[0]), self.last_duration, 1]]
        deltas = np.diff(self.pts)
        # Greedy: a run of k equal deltas holds k + 1 frames, and the next run begins after them.
        ends = np.append(np.flatnonzero(np.diff(deltas)), n - 2)
        runs: list[Run] = []
        start = 0
        for end in ends.tolist():
            if end < start:  # the delta between two runs belongs to neither
                continue
            runs.append([int(self.pts[start]), int(deltas[start]), end - start + 2])
            start = end + 2
        if start < n:
            runs.append([int(self.pts[start]), self.last_duration, 1])
        return runs

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of time base, last duration and timestamps in a fixed byte form."""
        head = f"rushes-index-1 {self.time_base.numerator}/{self.time_base.denominator} "
        head += f"{len(self.pts)} {self.last_duration}\n"
        return hashlib.sha256(head.encode() + self.pts.astype("<i8").tobytes()).hexdigest()

    @property
    def end(self) -> int:
        """The timestamp at which the last frame ends."""
        return int(self.pts[-1]) + self.last_duration

    def end_of(self, ordinal: int) -> int:
        """The timestamp at which frame `ordinal` ends. Raises IndexError outside the video."""
        self._check(ordinal)
        return self.end if ordinal == len(self.pts) - 1 else int(self.pts[ordinal + 1])

    def midpoint(self, ordinal: int) -> Fraction:
        """The middle of a frame, in ticks: the one place where a seek is safe from rounding."""
        self._check(ordinal)
        return Fraction(int(self.pts[ordinal]) + self.end_of(ordinal), 2)

    def ordinal_at(self, pts: int | float | Fraction) -> int:
        """The frame shown at `pts` ticks: floor, never rounded; clamped to the first and last."""
        # floor(pts) first: int64 comparisons are exact where float64 ones are not
        tick = int(pts // 1)
        return max(0, int(np.searchsorted(self.pts, tick, side="right")) - 1)

    def seconds(self, ordinal: int) -> Fraction:
        """Seconds from the first frame's start to the start of `ordinal`."""
        self._check(ordinal)
        return int(self.pts[ordinal] - self.pts[0]) * self.time_base

    @cached_property
    def duration(self) -> Fraction:
        """Seconds from the start of the first frame to the end of the last."""
        return (self.end - int(self.pts[0])) * self.time_base

    @cached_property
    def fps(self) -> float:
        """Average frames per second. For showing and for thresholds, never for finding a frame."""
        return float(len(self.pts) / self.duration)

    def for_proxy(self) -> "FrameIndex":
        """The index of a proxy: the same frames from 0 in 1/90000 s, strictly increasing."""
        clock = ProxyClock(int(self.pts[0]), self.time_base)
        ticks = np.fromiter((clock.tick(int(p)) for p in self.pts), np.int64, len(self.pts))
        nominal = max(1, round(self.last_duration * self.time_base / PROXY_TIME_BASE))
        return FrameIndex.of(ticks, PROXY_TIME_BASE, nominal=nominal)

    def to_json(self) -> dict[str, Any]:
        """Everything of the index as JSON types; `from_json` brings it back."""
        return {
            "runs": self.runs,
            "time_base": f"{self.time_base.numerator}/{self.time_base.denominator}",
            "synthesised": [list(part) for part in self.synthesised],
            "sha256": self.hash,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "FrameIndex":
        """Inverse of `to_json`. Raises ValueError when the stored hash does not fit."""
        index = cls.from_runs(data["runs"], Fraction(data["time_base"]))
        if data.get("sha256", index.hash) != index.hash:
            raise ValueError("the stored hash does not belong to this frame index")
        spans = tuple((int(start), int(end)) for start, end in data.get("synthesised", ()))
        return cls(index.pts, index.time_base, index.last_duration, spans)

    def _check(self, ordinal: int) -> None:
        if not 0 <= ordinal < len(self.pts):
            raise IndexError(f"frame {ordinal} is outside 0..{len(self.pts) - 1}")


class ProxyClock:
    """Source timestamps to proxy ticks, one by one, the way `FrameIndex.for_proxy` says."""

    def __init__(self, first_pts: int, time_base: Fraction) -> None:
        ratio = time_base / PROXY_TIME_BASE
        self._first, self._num, self._den = first_pts, ratio.numerator, ratio.denominator
        self._last = -1

    def tick(self, pts: int) -> int:
        """Proxy tick of the next frame: rounded half up, and at least one past the last."""
        tick = (2 * (pts - self._first) * self._num + self._den) // (2 * self._den)
        self._last = max(tick, self._last + 1)
        return self._last

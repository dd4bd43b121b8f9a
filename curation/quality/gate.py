"""What a camera's gate does to its footage, and would do with other thresholds. Pure functions.

What people decided stands whatever the thresholds are: frames of confirmed spans stay out, frames of
restored spans stay in, and verdicts are laid around both.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from curation.quality.parts import reasons_within
from curation.quality.score import Column, Metrics
from curation.quality.verdict import METRIC_OF, REASONS, Mask, Reason, Span, Thresholds, bridged

Counts = NDArray[np.int64]

BINS: Final = 64
SCALES: Final[Mapping[str, tuple[str, float]]] = {
    **dict.fromkeys(REASONS, ("score", 1.0)),
    "freeze": ("seconds", 10.0),
    "flicker": ("levels", 32.0),
    "noise": ("levels", 64.0),
}
"""Unit and upper end of each reason's histogram; all begin at 0. One scale for all cameras, so that two can
be compared; what is beyond it is counted in the last bin."""
READ: Final = tuple(METRIC_OF.values())
"""The columns that rules read."""


@dataclass(frozen=True)
class Footage:
    """Many videos as the gate sees them, end to end: `n` frames of `v` videos, with `d` decided spans.

    `columns`: metric -> float32 (n,), those that rules read; `lengths` in frames and `fps`, (v,). The decided
    spans `[starts, ends)` lie in this row of frames, disjoint, and are `confirmed` or restored, (d,).
    `confirmed_for`: how many frames the confirmed ones count for each reason.
    """

    columns: Mapping[str, Column]
    lengths: Counts
    fps: NDArray[np.float64]
    starts: Counts
    ends: Counts
    confirmed: Mask
    confirmed_for: Mapping[str, int] = field(default_factory=dict)

    @property
    def frames(self) -> int:
        """Of all videos together."""
        return int(self.lengths.sum())


@dataclass(frozen=True)
class Change:
    """A number of frames with the thresholds that are, and with others."""

    before: int
    after: int


@dataclass(frozen=True)
class Effect:
    """What going from one set of thresholds to another would change over many videos.

    `reasons`: frames that are out for each reason, as the standing spans count them.
    """

    frames: int
    rejected_before: int
    rejected_after: int
    newly_rejected: int
    newly_accepted: int
    spans_before: int
    spans_after: int
    videos_changed: int
    reasons: Mapping[str, Change]


@dataclass(frozen=True)
class Histogram:
    """How often each value comes: `counts` of all frames, `kept` of those that no rule rejects.

    Both int64 (BINS,) on the scale of `SCALES`.
    """

    counts: Counts
    kept: Counts


def laid_around(metrics: Metrics, spans: Iterable[Span], decided: Iterable[tuple[int, int]]) -> list[Span]:
    """What is left of `spans` beside the stretches that people decided about, each part with its own reasons.

    Both are disjoint, `spans` sorted; `metrics` are of the whole video. A part without a frame over its
    threshold (a bridged gap) stays out for its neighbours' sake, with the main reason on no frame.
    """
    stretches = sorted(decided)
    starts, ends = [start for start, _ in stretches], [end for _, end in stretches]
    laid = []
    for span in spans:
        at = span.start
        inside = stretches[bisect_right(ends, span.start) : bisect_left(starts, span.end)]
        for start, end in [*inside, (span.end, span.end)]:
            if at < start:
                laid.append(_part(metrics, span, at, start))
            at = max(at, end)
    return laid


def _part(metrics: Metrics, span: Span, start: int, end: int) -> Span:
    if (start, end) == (span.start, span.end):
        return span
    reasons = reasons_within(metrics.columns, [asdict(reason) for reason in span.reasons], start, end)
    return Span(start, end, span.verdict, tuple(Reason(**reason) for reason in reasons))


def effect(footage: Footage, old: Thresholds, new: Thresholds) -> Effect:
    """How many frames and spans change from `old` to `new`, without building a span.

    Agrees with `judge` on every video, and on what a change of thresholds leaves of its spans.
    """
    decided = _Decided(footage)
    over_old, over_new = _Over(footage, decided.free), _Over(footage, decided.free)
    for reason in REASONS:
        low, high = getattr(old, reason), getattr(new, reason)
        mask = over_old.add(reason, low)
        over_new.add(reason, high, mask if low == high else None)
    before, spans_before = decided.laid(over_old.mask, old.bridge)
    after, spans_after = decided.laid(over_new.mask, new.bridge)
    changed = np.flatnonzero(before != after)
    return Effect(
        frames=footage.frames,
        rejected_before=int(np.count_nonzero(before)),
        rejected_after=int(np.count_nonzero(after)),
        newly_rejected=int(np.count_nonzero(after[changed])),
        newly_accepted=int(np.count_nonzero(before[changed])),
        spans_before=spans_before,
        spans_after=spans_after,
        videos_changed=len(np.unique(np.searchsorted(decided.stops, changed, side="right"))),
        reasons={reason: Change(over_old.counts[reason], over_new.counts[reason]) for reason in REASONS},
    )


def histograms(footage: Footage, thresholds: Thresholds) -> dict[str, Histogram]:
    """By reason how the values of its metric are spread; freeze in seconds."""
    decided = _Decided(footage)
    over = _Over(footage, decided.free)
    for reason in REASONS:
        over.add(reason, getattr(thresholds, reason))
    out, _ = decided.laid(over.mask, thresholds.bridge)
    rejected = np.flatnonzero(out)
    found = {}
    for reason in REASONS:
        bins = _bins(footage, reason)
        counts = np.bincount(bins, minlength=BINS)
        found[reason] = Histogram(counts, counts - np.bincount(bins[rejected], minlength=BINS))
    return found


class _Over:
    """Which frames are over any threshold, whatever was decided; `counts` how many are out for a reason."""

    def __init__(self, footage: Footage, free: Mask) -> None:
        self.mask = np.zeros(footage.frames, dtype=np.bool_)
        self.counts = {reason: footage.confirmed_for.get(reason, 0) for reason in REASONS}
        self._footage, self._free = footage, free

    def add(self, reason: str, limit: float | None, known: Mask | None = None) -> Mask | None:
        """Take in the frames over a rule's limit, which are `known` or compared; None where it is off."""
        if limit is None:
            return None
        over = self._compared(reason, limit) if known is None else known
        self.mask |= over
        self.counts[reason] += int(np.count_nonzero(over & self._free))
        return over

    def _compared(self, reason: str, limit: float) -> Mask:
        column = self._footage.columns[METRIC_OF[reason]]
        # Rounded to the columns' float32, as `judge` has it, which looks at one video at a time.
        if reason == "freeze":
            return column > _each(self._footage, (limit * self._footage.fps).astype(np.float32))
        return column > np.float32(limit)


def _each(footage: Footage, of_video: Column) -> Column:
    """For every frame what is said of its video."""
    return np.repeat(of_video, footage.lengths)


def _bins(footage: Footage, reason: str) -> NDArray[np.uint8]:
    column = footage.columns[METRIC_OF[reason]]
    if reason == "freeze":
        column = column / _each(footage, footage.fps.astype(np.float32))
    scaled = column * np.float32(BINS / SCALES[reason][1])
    bins: NDArray[np.uint8] = np.minimum(scaled, np.float32(BINS - 1)).astype(np.uint8)
    return bins


class _Decided:
    """What people decided about footage: masks over all frames, and `stops`, the ends of the videos."""

    def __init__(self, footage: Footage) -> None:
        yes = footage.confirmed
        self.stops = np.cumsum(footage.lengths)
        self.free = ~_marked(footage.frames, footage.starts, footage.ends)
        self.confirmed = _marked(footage.frames, footage.starts[yes], footage.ends[yes])
        self.confirmed_spans = int(np.count_nonzero(yes))

    def laid(self, over: Mask, bridge: int) -> tuple[Mask, int]:
        """Of frames over a threshold the frames that are out, and in how many spans they stand."""
        pending = _marked(len(over), *bridged(over, bridge, self.stops)) & self.free
        pieces = len(bridged(pending, 0, self.stops)[0])
        return pending | self.confirmed, pieces + self.confirmed_spans


def _marked(frames: int, starts: Counts, ends: Counts) -> Mask:
    """A mask of exactly these spans, which are disjoint."""
    steps = np.zeros(frames + 1, dtype=np.int8)
    steps[starts] += 1
    steps[ends] -= 1
    mask: Mask = np.cumsum(steps[:-1], dtype=np.int8) > 0
    return mask

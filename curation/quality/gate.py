"""What a camera's gate does to its footage, and would do with other thresholds. Pure functions.

What people decided stands whatever the thresholds are: frames of confirmed spans stay out, frames of
restored spans stay in, and verdicts are laid around both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from curation.quality.parts import reasons_within
from curation.quality.score import Column, Metrics
from curation.quality.verdict import METRIC_OF, REASONS, Mask, Reason, Span, Thresholds, bridged, limits

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
class Decision:
    """A span `[start, end)` that a person confirmed or restored; `frames` by reason, as it is stored."""

    start: int
    end: int
    confirmed: bool
    frames: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Recording:
    """One video as the gate sees it: `READ` columns of `frames` float32, and the decisions about it."""

    columns: Mapping[str, Column]
    frames: int
    fps: float
    decisions: Sequence[Decision] = ()


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

    counts: NDArray[np.int64]
    kept: NDArray[np.int64]


def laid_around(metrics: Metrics, spans: Iterable[Span], decided: Iterable[tuple[int, int]]) -> list[Span]:
    """What is left of `spans` beside the stretches that people decided about, each part with its own reasons.

    Both are disjoint, `spans` sorted; `metrics` are of the whole video. A part without a frame over its
    threshold (a bridged gap) stays out for its neighbours' sake, with the main reason on no frame.
    """
    stretches = sorted(decided)
    laid = []
    for span in spans:
        at = span.start
        inside = [(start, end) for start, end in stretches if start < span.end and span.start < end]
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


def effect(videos: Sequence[Recording], old: Thresholds, new: Thresholds) -> Effect:
    """How many frames and spans change from `old` to `new`, without building a span.

    Agrees with `judge` on every video, and on what a change of thresholds leaves of its spans.
    """
    view = _Footage(videos)
    before, after, reasons = view.over(old, new)
    spans_before, spans_after = view.judge(before, old), view.judge(after, new)
    changed = np.flatnonzero(before != after)
    return Effect(
        frames=view.frames,
        rejected_before=int(np.count_nonzero(before)),
        rejected_after=int(np.count_nonzero(after)),
        newly_rejected=int(np.count_nonzero(after[changed])),
        newly_accepted=int(np.count_nonzero(before[changed])),
        spans_before=spans_before,
        spans_after=spans_after,
        videos_changed=len(np.unique(np.searchsorted(view.stops, changed, side="right"))),
        reasons=reasons,
    )


def histograms(videos: Sequence[Recording], thresholds: Thresholds) -> dict[str, Histogram]:
    """By reason how the values of its metric are spread; freeze in seconds."""
    view = _Footage(videos)
    out, _, _ = view.over(thresholds, thresholds)
    view.judge(out, thresholds)
    found = {reason: np.zeros((2, BINS), np.int64) for reason in REASONS}
    for video, part in zip(videos, view.parts, strict=True):
        rejected = np.flatnonzero(out[part])
        for reason, (all_frames, kept) in found.items():
            bins = _bins(video, reason)
            counts = np.bincount(bins, minlength=BINS)
            all_frames += counts
            kept += counts - np.bincount(bins[rejected], minlength=BINS)
    return {reason: Histogram(counts=pair[0], kept=pair[1]) for reason, pair in found.items()}


def _bins(video: Recording, reason: str) -> NDArray[np.uint8]:
    column = video.columns[METRIC_OF[reason]]
    per_unit = BINS / SCALES[reason][1] / (video.fps if reason == "freeze" else 1.0)
    bins: NDArray[np.uint8] = np.minimum(column * np.float32(per_unit), np.float32(BINS - 1)).astype(np.uint8)
    return bins


class _Footage:
    """Many videos end to end: masks over all frames, cut at `stops`, the ends of the videos."""

    def __init__(self, videos: Sequence[Recording]) -> None:
        lengths = np.array([video.frames for video in videos], dtype=np.int64)
        self.videos = videos
        self.stops = np.cumsum(lengths)
        self.frames = int(self.stops[-1]) if len(videos) else 0
        starts = (self.stops - lengths).tolist()
        self.parts = [slice(at, at + video.frames) for at, video in zip(starts, videos, strict=True)]
        self.confirmed = np.zeros(self.frames, dtype=np.bool_)
        self.free = np.ones(self.frames, dtype=np.bool_)
        self.confirmed_spans = 0
        for at, video in zip(starts, videos, strict=True):
            for decision in video.decisions:
                decided = slice(at + decision.start, at + decision.end)
                self.free[decided] = False
                self.confirmed[decided] = decision.confirmed
                self.confirmed_spans += decision.confirmed

    def over(self, old: Thresholds, new: Thresholds) -> tuple[Mask, Mask, dict[str, Change]]:
        """Frames over any threshold of each set, and by reason how many are out for it.

        A rule that is the same in both sets is compared once.
        """
        before = np.zeros(self.frames, dtype=np.bool_)
        after = np.zeros(self.frames, dtype=np.bool_)
        counts = {reason: [0, 0] for reason in REASONS}
        for video, part in zip(self.videos, self.parts, strict=True):
            low, high = dict(limits(old, video.fps)), dict(limits(new, video.fps))
            free = self.free[part] if video.decisions else None
            for reason in low.keys() | high.keys():
                column = video.columns[METRIC_OF[reason]]
                marked: dict[float, tuple[Mask, int]] = {}
                for side, (limit, out) in enumerate(((low.get(reason), before), (high.get(reason), after))):
                    if limit is None:
                        continue
                    if limit not in marked:
                        mask = column > limit
                        count = np.count_nonzero(mask if free is None else mask & free)
                        marked[limit] = mask, int(count)
                    mask, count = marked[limit]
                    if np.any(mask):
                        out[part] |= mask
                    counts[reason][side] += count
            for decision in video.decisions:
                for reason, frames in decision.frames.items() if decision.confirmed else ():
                    counts[reason][0] += frames
                    counts[reason][1] += frames
        return before, after, {reason: Change(*pair) for reason, pair in counts.items()}

    def judge(self, mask: Mask, thresholds: Thresholds) -> int:
        """Make of the frames over a threshold those that are out, in place; the number of their spans."""
        _fill(mask, *bridged(mask, thresholds.bridge, self.stops))
        mask &= self.free
        pieces = len(bridged(mask, 0, self.stops)[0])
        mask |= self.confirmed
        return pieces + self.confirmed_spans


def _fill(mask: Mask, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
    """Mark exactly the spans, which takes the bridged gaps in."""
    steps = np.zeros(len(mask) + 1, dtype=np.int8)
    steps[starts] += 1
    steps[ends] -= 1
    mask[:] = np.cumsum(steps[:-1], dtype=np.int8) > 0

"""From per-frame metrics to rejected spans, with the numbers that led there.

Every rule reads one column and rejects what lies *above* its threshold, so raising a threshold can only
reject less. All context (previous frames, the camera's usual picture) is already in the columns, which
makes a verdict a handful of vector comparisons: a new threshold can be tried on a million frames while a
slider moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from curation.quality.score import Metrics

Mask = NDArray[np.bool_]

METRIC_OF: Final[Mapping[str, str]] = {
    "too_dark": "dark",
    "overexposed": "bright",
    "glare": "glare",
    "covered": "cover",
    "defocus": "defocus",
    "motion_blur": "motion_blur",
    "freeze": "freeze",
    "flicker": "flicker",
    "noise": "noise",
}
"""Which column each reason reads, those first that others follow from: what hangs before a lens is blurred
too. `freeze` counts frames there and seconds in its threshold."""

REASONS: Final = tuple(METRIC_OF)


class BadThresholdsError(ValueError):
    """Thresholds that are not what this version understands; the text is a sentence for a person."""


@dataclass(frozen=True)
class Thresholds:
    """What a camera tolerates: a frame is rejected when a metric is above its number; None switches a rule
    off.

    The scores of defocus, motion_blur, too_dark, overexposed, glare and covered run from 0 (fine) to 1
    (worst); freeze is in seconds, flicker in luma levels (0-255) of swing, noise in luma levels of standard
    deviation.
    `bridge`: accepted gaps shorter than this many frames between rejected ones are rejected too, so that a
    metric that hovers at its threshold gives one span and not twenty.
    """

    defocus: float | None = 0.5
    motion_blur: float | None = 0.5
    too_dark: float | None = 0.5
    overexposed: float | None = 0.5
    glare: float | None = 0.7
    covered: float | None = 0.45
    freeze: float | None = 2.0
    flicker: float | None = 8.0
    noise: float | None = 24.0
    bridge: int = 3

    def __post_init__(self) -> None:
        for name in REASONS:
            value = getattr(self, name)
            if value is not None and not (isinstance(value, int | float) and 0 <= value < float("inf")):
                raise BadThresholdsError(
                    f"The threshold for {name} must be a number of at least 0, or empty to switch it off."
                )
        if not isinstance(self.bridge, int) or self.bridge < 0:
            raise BadThresholdsError("The bridged gap must be a whole number of frames of at least 0.")

    def to_json(self) -> dict[str, float | None]:
        """A plain dict that `from_json` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Thresholds:
        """Missing names take their defaults; an unknown name raises `BadThresholdsError`."""
        unknown = sorted(set(data) - {field.name for field in fields(cls)})
        if unknown:
            raise BadThresholdsError(f"There is no threshold called {unknown[0]}.")
        return cls(**data)


@dataclass(frozen=True)
class Reason:
    """Why a span was rejected: its worst value, the threshold that it passed, and on how many of its
    frames."""

    reason: str
    metric: str
    value: float
    threshold: float
    frames: int


@dataclass(frozen=True)
class Span:
    """A rejected stretch `[start, end)` of ordinals; the reason that holds on most frames comes first."""

    start: int
    end: int
    verdict: str
    reasons: tuple[Reason, ...]

    def to_json(self) -> dict[str, Any]:
        """A plain dict: start, end, verdict, reasons."""
        reasons = [{**vars(reason)} for reason in self.reasons]
        return {"start": self.start, "end": self.end, "verdict": self.verdict, "reasons": reasons}


def judge(metrics: Metrics, thresholds: Thresholds, fps: float) -> list[Span]:
    """The rejected stretches of one video (or of one still picture: a single frame), sorted and disjoint.

    `fps` is the average frame rate; it turns the freeze threshold from seconds into frames.
    """
    passed = dict(limits(thresholds, fps)) if len(metrics) else {}
    masks = {reason: metrics[METRIC_OF[reason]] > limit for reason, limit in passed.items()}
    rejected = np.zeros(len(metrics), dtype=np.bool_)
    for mask in masks.values():
        rejected |= mask
    starts, ends = bridged(rejected, thresholds.bridge, np.array([len(metrics)]))
    spans = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        reasons = []
        for reason, mask in masks.items():
            count = int(np.count_nonzero(mask[start:end]))
            if count:
                metric = METRIC_OF[reason]
                worst = float(metrics[metric][start:end].max())
                reasons.append(Reason(reason, metric, worst, passed[reason], count))
        reasons.sort(key=lambda found: -found.frames)
        spans.append(Span(start, end, "rejected", tuple(reasons)))
    return spans


def limits(thresholds: Thresholds, fps: float) -> Iterator[tuple[str, float]]:
    """The rules that are switched on, in the units of their columns."""
    for reason in REASONS:
        limit: float | None = getattr(thresholds, reason)
        if limit is not None:
            yield reason, limit * fps if reason == "freeze" else limit


def bridged(mask: Mask, bridge: int, stops: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends of the runs of `mask`, cut at the ends of videos (`stops`), short gaps in one
    closed."""
    starts, ends = _runs(mask)
    if not len(starts):
        return starts, ends
    inside = np.unique(stops[(stops > 0) & (stops < len(mask))])  # an empty video stops where it starts
    cut = inside[mask[inside - 1] & mask[inside]]
    starts = np.sort(np.concatenate([starts, cut]))
    ends = np.sort(np.concatenate([ends, cut]))
    video = np.searchsorted(stops, starts, side="right")
    joined = (starts[1:] - ends[:-1] < bridge) & (video[1:] == video[:-1])
    return starts[np.concatenate([[True], ~joined])], ends[np.concatenate([~joined, [True]])]


def _runs(mask: Mask) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends of the runs of True."""
    edges = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    if not len(mask):
        return edges, edges
    if mask[0]:
        edges = np.concatenate([[0], edges])
    if mask[-1]:
        edges = np.concatenate([edges, [len(mask)]])
    return edges[0::2], edges[1::2]

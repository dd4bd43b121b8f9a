"""How well actions are found in time: mean average precision at overlaps of spans.

As ActivityNet's evaluation has it, and THUMOS'14 before (Jiang et al. 2014; Caba Heilbron et al., CVPR 2015):
what was said is taken by falling score, and finds the true span of its video and class that it overlaps most
and that nothing before it has found; what finds none is wrong, and so is the second to say the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.ml.errors import LearningError, TooLittle
from training.ml.metrics.classes import Floats

DETECTION_IOUS = (0.3, 0.4, 0.5, 0.6, 0.7)


class WrongSpan(LearningError):  # noqa: N818
    """A span ends before it starts."""


@dataclass(frozen=True)
class Span:
    """From `start` to `end` in any unit, the same in all: what happens there, and how sure that is."""

    video: str
    label: int
    start: float
    end: float
    score: float = 1.0

    def __post_init__(self) -> None:
        if not self.end >= self.start:
            raise WrongSpan(
                f"A span of {self.video} ends at {self.end:g}, before it starts at {self.start:g}."
            )


@dataclass(frozen=True)
class Detections:
    """Average precisions by overlap and class, and their means."""

    by_class: dict[int, tuple[float, ...]]
    """Of each true class a number for each overlap."""
    by_iou: dict[float, float]
    """mAP at each overlap."""
    mean: float
    """mAP over all of them."""


def detections(
    truths: Sequence[Span], said: Sequence[Span], ious: Sequence[float] = DETECTION_IOUS
) -> Detections:
    """Measure what was said. Classes that are nowhere true are left out, as in ActivityNet.

    Of equal scores the earlier in `said` comes first. Raises TooLittle where nothing is true.
    """
    if not truths:
        raise TooLittle("There is no true span to measure detections on.")
    by_class = {}
    for label in sorted({each.label for each in truths}):
        true = [each for each in truths if each.label == label]
        told = sorted((each for each in said if each.label == label), key=lambda each: -each.score)
        by_class[label] = tuple(_precision(true, told, iou) for iou in ious)
    means = np.mean(list(by_class.values()), axis=0).tolist()
    return Detections(by_class, dict(zip(ious, means, strict=True)), float(np.mean(means)))


def overlap(one: Span, other: Span) -> float:
    """Intersection over union of two spans in time; 0 for two without length."""
    both = max(0.0, min(one.end, other.end) - max(one.start, other.start))
    either = (one.end - one.start) + (other.end - other.start) - both
    return both / either if either > 0 else 0.0


def _precision(truths: Sequence[Span], told: Sequence[Span], iou: float) -> float:
    """The average precision of one class, interpolated as PASCAL VOC does since 2010."""
    in_video: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(truths):
        in_video[each.video].append(place)
    free = [True] * len(truths)
    hit_N = np.zeros(len(told))
    for n, each in enumerate(told):
        near = {place: overlap(each, truths[place]) for place in in_video[each.video] if free[place]}
        best = max(near, key=lambda place: near[place], default=None)
        if best is not None and near[best] >= iou:
            free[best], hit_N[n] = False, 1.0
    hits_N: Floats = np.cumsum(hit_N)
    precision_N, recall_N = hits_N / np.arange(1, len(told) + 1), hits_N / len(truths)
    best_N = np.maximum.accumulate(precision_N[::-1])[::-1]
    return float(np.sum(np.diff(recall_N, prepend=0.0) * best_N))

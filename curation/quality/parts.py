"""What is true of parts of a video: a span's reasons within a piece of it, what is usual outside. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.quality.verdict import METRIC_OF

Column = NDArray[np.float32]
ReasonJson = dict[str, Any]
"""`{"reason", "metric", "value", "threshold", "frames"}`, as `Reason` is stored."""


def reasons_within(
    columns: Mapping[str, Column], reasons: Sequence[ReasonJson], start: int, end: int
) -> list[ReasonJson]:
    """The reasons of `[start, end)` within a span that was rejected for `reasons`, the most frequent first.

    `columns` holds the whole video's metrics that the reasons name. The thresholds are those of `reasons`:
    the ones that rejected the span. Where no frame of the part is over any of them (a bridged gap), it keeps
    the span's main reason with the part's worst value, on no frame: it is out for its neighbours' sake.
    """
    found = []
    for reason in reasons:
        column = columns[reason["metric"]][start:end]
        frames = int(np.count_nonzero(column > reason["threshold"]))
        found.append({**reason, "value": float(column.max()), "frames": frames})
    holding = [reason for reason in found if reason["frames"]]
    return sorted(holding, key=lambda reason: -reason["frames"]) or found[:1]


def usual_of(columns: Mapping[str, Column], rejected: Sequence[tuple[int, int]]) -> dict[str, float]:
    """Each judged metric's median over the frames outside the `rejected` ranges; empty where none is left."""
    accepted = np.ones(len(columns[METRIC_OF["defocus"]]), dtype=np.bool_)
    for start, end in rejected:
        accepted[start:end] = False
    if not accepted.any():
        return {}
    return {metric: float(np.median(columns[metric][accepted])) for metric in METRIC_OF.values()}


def usual_among(videos: Sequence[tuple[Mapping[str, float], int]]) -> dict[str, float]:
    """The median of many videos' `usual_of`, each weighing as many frames as stand beside it."""
    found = {}
    for metric in METRIC_OF.values():
        known = sorted((usual[metric], frames) for usual, frames in videos if metric in usual)
        if known:
            weights = np.cumsum([frames for _, frames in known])
            found[metric] = known[int(np.searchsorted(weights, weights[-1] / 2))][0]
    return found

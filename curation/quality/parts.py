"""What is true of a part of a rejected span: its own reasons with its own numbers. Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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

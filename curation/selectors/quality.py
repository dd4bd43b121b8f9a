"""Questions about quality: a video's rejected spans, and its columns of numbers."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from numpy.typing import NDArray

from core.errors import NotFound
from curation.models import FrameMetrics, QualitySpan, Video
from curation.quality.score import METRICS

BINS = 56
"""Parts of a video in `rejected_over_time`."""

Column = NDArray[np.float32]


def spans_of(*, video: Video) -> QuerySet[QualitySpan]:
    """The rejected spans of a video, in the order of its frames."""
    return QualitySpan.objects.of_video(video)


def metrics_column(*, video_id: UUID, metric: str) -> Column:
    """One metric of every frame, float32 (frames,). Raises NotFound for an unknown one or before scoring.

    The database sends this column only.
    """
    if metric not in METRICS:
        raise NotFound(f"There is no metric called {metric}.")
    data = FrameMetrics.objects.filter(pk=video_id).values_list(metric, flat=True).first()
    if data is None:
        raise NotFound("This video has not been scored yet.")
    return np.frombuffer(bytes(data), dtype="<f4")


class Stretch(NamedTuple):
    """Frames `[start, end)` of a video by one metric."""

    video: UUID
    metric: str
    start: int
    end: int


def column_parts(wanted: Sequence[Stretch]) -> list[Column | None]:
    """Pieces of columns, float32 (end - start,), in the order asked; None for a video that is not scored.

    One query. The database cuts the columns, so that of an hour's footage no more comes than is asked for.
    """
    if not wanted:
        return []
    videos, metrics, starts, ends = zip(*wanted, strict=True)
    given = [str(video) for video in videos], list(metrics), list(starts), list(ends)
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, given)
        found = {place: np.frombuffer(bytes(data), dtype="<f4") for place, data in cursor.fetchall()}
    columns = [found.get(place) for place in range(1, len(wanted) + 1)]
    return [
        column if column is not None and len(column) == end - start else None
        for column, start, end in zip(columns, starts, ends, strict=True)
    ]


def decimated(column: Column, points: int) -> Column:
    """Least and greatest value of at most `points` equal parts: float32 (2 * parts,), min and max in turn.

    A spike one frame long is never lost, which an average would do.
    """
    parts = min(points, len(column))
    if parts == 0:
        return np.zeros(0, dtype="<f4")
    starts = np.arange(parts) * len(column) // parts
    pairs = np.stack([np.minimum.reduceat(column, starts), np.maximum.reduceat(column, starts)], axis=1)
    flat: Column = pairs.reshape(-1).astype("<f4")
    return flat


def rejected_over_time(spans: Iterable[tuple[int, int]], frames: int, bins: int = BINS) -> list[int]:
    """Percent of rejected frames in each of `bins` equal parts of a video; empty for one without frames.

    `spans` are disjoint, in any order.
    """
    if frames == 0:
        return []
    places, before = [0], [0]  # of every end of a span: its ordinal, and how many rejected frames lie before
    for start, end in sorted(spans):
        places += [start, end]
        before += [before[-1], before[-1] + end - start]
    edges = np.arange(bins + 1) * frames / bins
    rejected = np.diff(np.interp(edges, [*places, frames], [*before, before[-1]]))
    return [round(100 * float(share)) for share in rejected * bins / frames]


_COLUMN = " ".join(f"WHEN '{metric}' THEN m.{metric}" for metric in METRICS)
_PARTS = f"""
SELECT w.place,
       substring(CASE w.metric {_COLUMN} END FROM 4 * w.first + 1 FOR 4 * (w.last - w.first))
FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::int[]) WITH ORDINALITY
     AS w(video, metric, first, last, place)
JOIN curation_framemetrics AS m ON m.video_id = w.video
"""  # noqa: S608 - made of the names of columns alone

"""A rejected span as it is shown: pictures that stand for its parts, and the numbers behind each of them."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from core.errors import NotFound
from curation.models import QualitySpan, Video
from curation.quality.verdict import METRIC_OF
from curation.selectors.quality import Stretch, column_parts

MAX_TILES = 12
"""Pictures of a span, at most."""
AROUND = 4
"""Neighbours of a frame on each side."""


@dataclass(frozen=True)
class Tile:
    """One picture of a span: frame `frame`, picture `index` of the video's sprite, None where it has none.

    It stands for the frames `[start, end)`; `value` is the main metric at its frame.
    """

    frame: int
    index: int | None
    start: int
    end: int
    value: float | None


@dataclass(frozen=True)
class SpanRow:
    """A span with all that a grid shows of it. `usual`: the main metric's usual value at its camera."""

    span: QualitySpan
    video: Video
    at: datetime | None
    usual: float | None
    sprite: dict[str, Any] | None
    tiles: list[Tile]


@dataclass(frozen=True)
class Neighbour:
    """A frame near another: `inside` the span that was asked about, `rejected` by whichever stands."""

    frame: int
    at: datetime | None
    value: float | None
    rejected: bool
    inside: bool


def recorded_when(video: Video, frame: int) -> datetime | None:
    """When a frame was recorded, as far as the average frame rate tells."""
    if video.recorded_at is None or video.fps <= 0:
        return None
    return video.recorded_at + timedelta(seconds=frame / video.fps)


def span_rows(spans: Sequence[QualitySpan]) -> list[SpanRow]:
    """What a page shows of its spans; two queries."""
    ids = {span.video_id for span in spans}
    wanted = Video.objects.filter(pk__in=ids).select_related("camera__quality_profile").only(*_SHOWN)
    videos = wanted.in_bulk()
    columns = column_parts([Stretch(span.video_id, metric_of(span), span.start, span.end) for span in spans])
    return [_row(span, videos[span.video_id], column) for span, column in zip(spans, columns, strict=True)]


def metric_of(span: QualitySpan) -> str:
    """The metric that a span's main reason reads."""
    return METRIC_OF.get(span.reason, "luma")


def tiles_of(start: int, end: int, pictured: Sequence[int]) -> list[tuple[int, int | None, int, int]]:
    """(frame, index, start, end) of the pictures of a span; their parts cover it exactly, in its order.

    `pictured`: the frames of the video's sprite, ascending. Where none is in the span, it is shown by frames
    without an index, the first and the last among them.
    """
    first = bisect_left(pictured, start)
    frames: list[int] = list(pictured[first : bisect_left(pictured, end)])
    indices: list[int | None] = list(range(first, first + len(frames)))
    if not frames:
        count = min(MAX_TILES, end - start)
        frames = np.linspace(start, end - 1, count).round().astype(int).tolist()
        indices = [None] * count
    edges = [start, *((left + right + 1) // 2 for left, right in pairwise(frames)), end]
    return list(zip(frames, indices, edges[:-1], edges[1:], strict=True))


def neighbours_of(span: QualitySpan, around: int) -> list[Neighbour]:
    """The frames around `around` within the video of the span, which comes with it; two queries.

    Raises NotFound outside the video.
    """
    video = span.video
    if around >= video.frames:
        raise NotFound(f"{video.name} has {video.frames:,} frames: the last is number {video.frames - 1:,}.")
    first, last = max(0, around - AROUND), min(video.frames, around + AROUND + 1)
    standing = QualitySpan.objects.of_video(video).standing().filter(start__lt=last, end__gt=first)
    out = list(standing.values_list("start", "end"))
    (column,) = column_parts([Stretch(video.pk, metric_of(span), first, last)])
    return [
        Neighbour(
            frame=frame,
            at=recorded_when(video, frame),
            value=None if column is None else float(column[frame - first]),
            rejected=any(start <= frame < end for start, end in out),
            inside=span.start <= frame < span.end,
        )
        for frame in range(first, last)
    ]


def usual_at(video: Video, metric: str) -> float | None:
    """What the video's camera usually shows of a metric; None before it had a good frame."""
    usual: float | None = video.camera.quality_profile.usual.get(metric)
    return usual


def _row(span: QualitySpan, video: Video, column: Any) -> SpanRow:
    told = video.rejects
    shown = tiles_of(span.start, span.end, told.get("frames", []))
    tiles = [
        Tile(frame, index, start, end, None if column is None else float(column[frame - span.start]))
        for frame, index, start, end in shown
    ]
    return SpanRow(
        span=span,
        video=video,
        at=recorded_when(video, span.start),
        usual=usual_at(video, metric_of(span)),
        sprite=told if any(tile.index is not None for tile in tiles) else None,
        tiles=tiles,
    )


_SHOWN = ("name", "fps", "recorded_at", "rejects", "camera__name", "camera__quality_profile__usual")

"""Questions about the rejected spans of a project: which a filter finds, in numbers, a page at a time.

Times of day come from a video's average frame rate: to show and to narrow by, never to find a frame.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self, cast
from uuid import UUID

from django.db import connection
from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models import Exists as AnyRow
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, ExtractHour, NullIf

from core.errors import NotFound
from core.models import Project
from curation.models import Camera, QualitySpan, ReviewBatch, SpanState, Video
from curation.quality.verdict import REASONS

SECOND = Value(timedelta(seconds=1), DurationField())


@dataclass(frozen=True)
class SpanFilter:
    """Which spans: None does not narrow. `since` and `until` are when a span's first frame was recorded.

    `hour`: of the day, 0 to 23, by the recorder's clock.
    """

    camera: UUID | None = None
    reason: str | None = None
    state: SpanState | None = None
    video: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    hour: int | None = None

    @property
    def anything(self) -> Self:
        """The same but for camera, reason and state: what the facets count."""
        return type(self)(video=self.video, since=self.since, until=self.until, hour=self.hour)


class SpanSort(StrEnum):
    """The orders in which spans are listed."""

    WORST = "worst"
    TIME = "time"
    FRAMES = "frames"


@dataclass
class Counts:
    """Spans and their frames, and how many of the spans nobody has decided yet, whatever state is asked."""

    spans: int = 0
    frames: int = 0
    pending: int = 0


@dataclass
class Overview:
    """What a filter finds, in numbers; each facet leaves its own filter aside."""

    found: Counts = field(default_factory=Counts)
    decided: int = 0
    reasons: dict[str, Counts] = field(default_factory=dict)
    cameras: list[tuple[Camera, Counts]] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None
    without_time: int = 0


def after(frames: Combinable | str, *, video: str = "video__") -> "ExpressionWrapper[Any]":
    """When the frame with that ordinal was recorded, as SQL; NULL where nobody knows."""
    seconds = Cast(frames, FloatField()) / NullIf(F(f"{video}fps"), Value(0.0))
    return ExpressionWrapper(F(f"{video}recorded_at") + seconds * SECOND, output_field=DateTimeField())


def spans_found(*, project: Project, where: SpanFilter) -> QuerySet[QualitySpan]:
    """The spans that a filter finds among the project's videos that can be looked at."""
    spans = QualitySpan.objects.in_project(project)
    equal = {
        "video__camera": where.camera,
        "reason": where.reason,
        "state": where.state,
        "video": where.video,
    }
    spans = spans.filter(**{name: value for name, value in equal.items() if value is not None})
    if where.since is not None:
        spans = spans.alias(at=after("start")).filter(Q(at__gte=where.since))
    if where.until is not None:
        spans = spans.alias(at=after("start")).filter(Q(at__lt=where.until))
    if where.hour is not None:
        spans = spans.alias(of_day=ExtractHour(after("start"))).filter(Q(of_day=where.hour))
    return spans


def looked_at() -> datetime:
    """The time by the database's clock, which also says when a decision was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        [at] = cursor.fetchone()
    return cast("datetime", at)


def spans_page(spans: QuerySet[QualitySpan], *, sort: SpanSort, limit: int, offset: int) -> list[QualitySpan]:
    """One page, with who decided; two queries, since sorting all the rows whole would carry their reasons."""
    ids = list(spans.order_by(*_ORDERS[sort]).values_list("pk", flat=True)[offset : offset + limit])
    rows = QualitySpan.objects.select_related("reviewed_by").in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def spans_size(spans: QuerySet[QualitySpan]) -> tuple[int, int]:
    """How many spans there are, and how many frames in them."""
    size = spans.order_by().aggregate(spans=Count("*"), frames=Sum(F("end") - F("start")))
    return size["spans"], size["frames"] or 0


def span_of(*, project: Project, span_id: UUID) -> QualitySpan:
    """One span of the project with its video and camera. Raises NotFound."""
    spans = QualitySpan.objects.in_project(project).select_related("video__camera__quality_profile")
    span = spans.filter(pk=span_id).first()
    if span is None:
        raise NotFound("This span is not there any more: it was decided in parts, or judged again.")
    return span


def batch_of(*, project: Project, batch_id: UUID) -> ReviewBatch:
    """One decision of the project, without what was before it. Raises NotFound."""
    batch = ReviewBatch.objects.in_project(project).defer("before").filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("This project has no such decision.")
    return batch


def spans_overview(*, project: Project, where: SpanFilter, cameras: Sequence[Camera]) -> Overview:
    """The numbers of all facets from one pass over the spans; two queries. `cameras` are the project's."""
    overview = Overview(reasons={reason: Counts() for reason in REASONS}, **_recorded(project))
    by_camera: dict[UUID, Counts] = {camera.pk: Counts() for camera in cameras}
    overview.cameras = [(camera, by_camera[camera.pk]) for camera in cameras]
    for row in _groups(project, where.anything):
        camera, reason, state = row["video__camera"], row["reason"], SpanState(row["state"])
        here, fits = where.camera in (None, camera), where.reason in (None, reason)
        asked = where.state in (None, state)
        held = [
            *([overview.found] if here and fits else []),
            *([overview.reasons.setdefault(reason, Counts())] if here else []),
            *([by_camera[camera]] if fits and camera in by_camera else []),
        ]
        for count in held:
            count.pending += row["n"] if state == SpanState.PENDING else 0
            count.spans += row["n"] if asked else 0
            count.frames += row["all_frames"] if asked else 0
        overview.decided += row["n"] if here and fits and state != SpanState.PENDING else 0
    return overview


def _groups(project: Project, where: SpanFilter) -> Iterable[Mapping[str, Any]]:
    """A row a camera, reason and state."""
    spans = spans_found(project=project, where=where).order_by()
    groups = spans.values("video__camera", "reason", "state")
    rows: Iterable[Mapping[str, Any]] = groups.annotate(n=Count("*"), all_frames=Sum(F("end") - F("start")))
    return rows


def _recorded(project: Project) -> dict[str, Any]:
    """When the project's rejected footage was recorded, and of how many videos nobody knows."""
    videos = Video.objects.in_project(project).kept().ready()
    videos = videos.filter(AnyRow(QualitySpan.objects.filter(video=OuterRef("pk"))))
    return videos.aggregate(
        since=Min("recorded_at"),
        until=Max(after("frames", video="")),
        without_time=Count("pk", filter=Q(recorded_at=None)),
    )


_ORDERS: dict[SpanSort, tuple[Any, ...]] = {
    SpanSort.WORST: (F("severity").desc(nulls_last=True), "id"),
    SpanSort.TIME: (after("start").asc(nulls_last=True), "video__name", "video", "start"),
    SpanSort.FRAMES: ((F("end") - F("start")).desc(), "id"),
}

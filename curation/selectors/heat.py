"""At what hour of the day which camera rejects how much of what it records."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Extract, ExtractHour, Greatest, Least, TruncHour
from numpy.typing import NDArray

from core.models import Project
from curation.models import Camera, SpanState, Video
from curation.selectors.spans import SpanFilter, after, spans_found

HOURS = 24
HOUR = timedelta(hours=1)

LENGTH = ExpressionWrapper(F("ended") - F("began"), output_field=DurationField())
"""How long a stretch is."""

Share = list[float | None]
Frames = NDArray[np.float64]


def rejected_by_hour(
    *, project: Project, where: SpanFilter, cameras: Iterable[Camera]
) -> list[tuple[Camera, Share]]:
    """For each camera, the share of the frames recorded in each hour of the day that is rejected.

    At most four queries. None where nothing was recorded. All that stands counts: filters by camera, hour and
    state are left aside, since a map that is picked from must not shrink to what was picked. Hours are those
    of the recorder's clock; a stretch across two is split.
    """
    here = replace(where, camera=None, hour=None, state=None)
    spans = spans_found(project=project, where=here).exclude(state=SpanState.RESTORED)
    spans = spans.filter(video__recorded_at__isnull=False, video__fps__gt=0)
    spans = spans.annotate(place=F("video__camera"), rate=F("video__fps"))
    out = _by_hour(spans.annotate(began=after("start"), ended=after("end")))
    recorded = _by_hour(_footage(project, where))
    shares = []
    for camera in cameras:
        parts = zip(out[camera.pk].tolist(), recorded[camera.pk].tolist(), strict=True)
        shares.append((camera, [min(1.0, mine / of) if of > 0 else None for mine, of in parts]))
    return shares


def _footage(project: Project, where: SpanFilter) -> QuerySet[Video, Any]:
    """What was recorded between `since` and `until`, as stretches of time."""
    videos = Video.objects.in_project(project).kept().ready().filter(recorded_at__isnull=False, fps__gt=0)
    if where.video is not None:
        videos = videos.filter(pk=where.video)
    began: Any = F("recorded_at")
    ended: Any = after("frames", video="")
    if where.since is not None:
        began = Greatest(began, Value(where.since, DateTimeField()))
    if where.until is not None:
        ended = Least(ended, Value(where.until, DateTimeField()))
    videos = videos.annotate(place=F("camera"), rate=F("fps"), began=began, ended=ended)
    return videos.filter(Q(began__lt=F("ended")))


def _by_hour(rows: QuerySet[Any, Any]) -> defaultdict[UUID, Frames]:
    """Frames by camera and hour. `rows` carry place (the camera), rate (fps), began and ended.

    Most stretches lie in one hour of one day, and the database sums them; the others come in a second query
    and are split.
    """
    found: defaultdict[UUID, Frames] = defaultdict(lambda: np.zeros(HOURS))
    rows = rows.order_by().annotate(first=TruncHour("began"), last=TruncHour("ended"))
    hour = Case(When(first=F("last"), then=ExtractHour("began")), default=None)
    frames = Sum(Cast(Extract(LENGTH, "epoch"), FloatField()) * F("rate"))
    across = False
    for row in rows.annotate(hour=hour).values("place", "hour").annotate(n=frames):
        if row["hour"] is None:
            across = True
        else:
            found[row["place"]][row["hour"]] += row["n"]
    if across:
        apart = rows.exclude(first=F("last")).values_list("place", "began", "ended", "rate")
        for place, began, ended, rate in apart:
            _spread(found[place], began, ended, rate)
    return found


def _spread(hours: Frames, began: datetime, ended: datetime, rate: float) -> None:
    """Share out the frames of a stretch among the hours that it lies in."""
    while began < ended:
        until = min(ended, began.replace(minute=0, second=0, microsecond=0) + HOUR)
        hours[began.hour] += rate * (until - began).total_seconds()
        began = until

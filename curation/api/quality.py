"""How good a video's frames are: verdicts as spans, metrics as columns of numbers."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from core.api.auth import Slug, member, membership_of
from core.models import Role
from curation.api.schemas import QualityOut, SpanOut
from curation.quality.score import METRICS
from curation.selectors.quality import decimated, metrics_column, rejected_over_time, spans_of
from curation.selectors.videos import video_of

router = Router(tags=["quality"])

Points = Annotated[int | None, Query(ge=1, le=20_000)]
Bins = Annotated[int, Query(ge=1, le=2_000)]


@router.get(
    "/videos/{uuid:video_id}/quality",
    auth=member(Role.VIEWER),
    response=QualityOut,
    operation_id="video_quality",
)
def video_quality(request: HttpRequest, slug: Slug, video_id: UUID, bins: Bins = 56) -> QualityOut:
    """The rejected spans with their reasons, and the share rejected in each of `bins` equal parts."""
    video = video_of(project=membership_of(request).project, video_id=video_id)
    spans = list(spans_of(video=video))
    profile = video.camera.quality_profile
    return QualityOut(
        frames=video.frames,
        rejected_frames=video.rejected_frames,
        over_time=rejected_over_time([(span.start, span.end) for span in spans], video.frames, bins),
        thresholds=profile.thresholds,
        profile_revision=profile.revision,
        metrics=list(METRICS),
        spans=[SpanOut.of(span) for span in spans],
    )


@router.get(
    "/videos/{uuid:video_id}/metrics/{metric}",
    auth=member(Role.VIEWER),
    operation_id="video_metric",
    openapi_extra={"responses": {200: {"content": {"application/octet-stream": {}}}}},
)
def video_metric(
    request: HttpRequest, slug: Slug, video_id: UUID, metric: str, points: Points = None
) -> HttpResponse:
    """One metric as little-endian float32: a value a frame, or with `points` least and greatest a part."""
    video = video_of(project=membership_of(request).project, video_id=video_id)
    column = metrics_column(video_id=video.pk, metric=metric)
    data = column if points is None else decimated(column, points)
    response = HttpResponse(data.tobytes(), content_type="application/octet-stream")
    response["Cache-Control"] = "private, max-age=300"
    return response

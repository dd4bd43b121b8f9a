"""Reviewing what the gate rejected: what there is, a page of it, what lies around it; decisions."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from core.api.auth import Slug, member, membership_of
from core.api.paging import Limit, Offset
from core.models import Role
from curation.api.review_schemas import (
    FrameNear,
    FramesNear,
    HeatRow,
    OverviewOut,
    PartIn,
    ReviewIn,
    ReviewOut,
    SpanPage,
    SpanRowOut,
    SpanWhere,
)
from curation.selectors.heat import rejected_by_hour
from curation.selectors.sites import cameras_of
from curation.selectors.spans import (
    SpanSort,
    batch_of,
    looked_at,
    span_of,
    spans_found,
    spans_overview,
    spans_page,
    spans_size,
)
from curation.selectors.tiles import metric_of, neighbours_of, span_rows, usual_at
from curation.services.review import Part, spans_review
from curation.services.review_undo import UNDO, review_undo

router = Router(tags=["review"])

Ordinal = Annotated[int | None, Query(ge=0, le=2**31 - 1)]


@router.get("/quality", auth=member(Role.VIEWER), response=OverviewOut, operation_id="quality_overview")
def quality_overview(request: HttpRequest, slug: Slug, where: Query[SpanWhere]) -> OverviewOut:
    """What was rejected, by reason, by camera, and by camera and hour of the day."""
    project = membership_of(request).project
    cameras = list(cameras_of(project=project))
    overview = spans_overview(project=project, where=where.asked(), cameras=cameras)
    heat = rejected_by_hour(project=project, where=where.asked(), cameras=cameras)
    rows = [HeatRow(camera=camera.pk, name=camera.name, share=share) for camera, share in heat]
    return OverviewOut.of(overview, rows)


@router.get("/quality/spans", auth=member(Role.VIEWER), response=SpanPage, operation_id="quality_spans")
def quality_spans(
    request: HttpRequest,
    slug: Slug,
    where: Query[SpanWhere],
    sort: SpanSort = SpanSort.WORST,
    limit: Limit = 50,
    offset: Offset = 0,
) -> SpanPage:
    """A page of rejected spans with reasons, numbers and pictures."""
    at = looked_at()
    found = spans_found(project=membership_of(request).project, where=where.asked())
    total, frames = spans_size(found)
    page = spans_page(found, sort=sort, limit=limit, offset=offset)
    return SpanPage(at=at, total=total, frames=frames, items=[SpanRowOut.of(row) for row in span_rows(page)])


@router.get(
    "/quality/spans/{uuid:span_id}/frames",
    auth=member(Role.VIEWER),
    response=FramesNear,
    operation_id="quality_neighbours",
)
def quality_neighbours(request: HttpRequest, slug: Slug, span_id: UUID, around: Ordinal = None) -> FramesNear:
    """The frames around one of a span, by default around its first."""
    span = span_of(project=membership_of(request).project, span_id=span_id)
    near = neighbours_of(span, span.start if around is None else around)
    main = span.reasons[0] if span.reasons else {}
    return FramesNear(
        video=span.video_id,
        metric=metric_of(span),
        reason=span.reason,
        threshold=main.get("threshold"),
        usual=usual_at(span.video, metric_of(span)),
        items=[FrameNear.of(neighbour) for neighbour in near],
    )


@router.post(
    "/quality/review",
    auth=member(Role.REVIEWER),
    response={201: ReviewOut},
    operation_id="quality_review",
)
def quality_review(request: HttpRequest, slug: Slug, body: ReviewIn) -> Status[ReviewOut]:
    """Confirm, restore or put back spans or parts of them; when this answers, it is committed.

    The same `id` again changes nothing. 409 where the filter finds another number of spans than was `seen`,
    and where somebody else has decided since.
    """
    membership = membership_of(request)
    batch = spans_review(
        project=membership.project,
        actor=membership.user,
        batch_id=body.id,
        to=body.to,
        spans=_parts(body.spans or []),
        where=None if body.where is None else body.where.asked(),
        besides=_parts(body.besides),
        seen=body.seen,
        at=body.at,
    )
    return Status(201, ReviewOut.of(batch, undo=UNDO))


@router.post(
    "/quality/review/{uuid:batch_id}/undo",
    auth=member(Role.REVIEWER),
    response=ReviewOut,
    operation_id="quality_review_undo",
)
def quality_review_undo(request: HttpRequest, slug: Slug, batch_id: UUID) -> ReviewOut:
    """Put back what a decision found. 409 where somebody has decided about any of it since, and says who."""
    membership = membership_of(request)
    batch = batch_of(project=membership.project, batch_id=batch_id)
    return ReviewOut.of(review_undo(batch=batch, actor=membership.user), undo=UNDO)


def _parts(given: list[PartIn]) -> list[Part]:
    return [Part(part.id, part.start, part.end, part.state, part.video) for part in given]

"""Reviewing what the gate rejected: what there is, a page of it, what lies around it."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from core.api.auth import Slug, member, membership_of
from core.api.paging import Limit, Offset
from core.models import Role
from curation.api.review_schemas import (
    HeatRow,
    NeighbourOut,
    NeighboursOut,
    OverviewOut,
    SpanPage,
    SpanRowOut,
    SpanWhere,
)
from curation.selectors.heat import rejected_by_hour
from curation.selectors.sites import cameras_of
from curation.selectors.spans import SpanSort, span_of, spans_found, spans_overview, spans_page, spans_size
from curation.selectors.tiles import metric_of, neighbours_of, span_rows, usual_at

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
    found = spans_found(project=membership_of(request).project, where=where.asked())
    total, frames = spans_size(found)
    page = spans_page(found, sort=sort, limit=limit, offset=offset)
    return SpanPage(total=total, frames=frames, items=[SpanRowOut.of(row) for row in span_rows(page)])


@router.get(
    "/quality/spans/{uuid:span_id}/frames",
    auth=member(Role.VIEWER),
    response=NeighboursOut,
    operation_id="quality_neighbours",
)
def quality_neighbours(
    request: HttpRequest, slug: Slug, span_id: UUID, around: Ordinal = None
) -> NeighboursOut:
    """The frames around one of a span, by default around its first."""
    span = span_of(project=membership_of(request).project, span_id=span_id)
    near = neighbours_of(span, span.start if around is None else around)
    main = span.reasons[0] if span.reasons else {}
    return NeighboursOut(
        video=span.video_id,
        metric=metric_of(span),
        reason=span.reason,
        threshold=main.get("threshold"),
        usual=usual_at(span.video, metric_of(span)),
        items=[NeighbourOut.of(neighbour) for neighbour in near],
    )

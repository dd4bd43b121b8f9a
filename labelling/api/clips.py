"""Clips: lists of them, one of them whole, what was said of it, and saying something new."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from core.api.auth import Slug, member, membership_of
from core.api.paging import Limit, Offset
from core.api.revisions import IfMatch, revision_seen
from core.models import Role
from labelling.api.schemas import AnnotationIn, AnnotationOut, ClipList, ClipOut, HistoryOut, SavedOut
from labelling.api.show import clip_rows, clip_whole
from labelling.models import ClipState, SuggestionState
from labelling.selectors.annotations import history_of
from labelling.selectors.clips import ClipFilter, ClipSort, clip_of, clips_counts, clips_found, clips_page
from labelling.services.annotations import SegmentIn, Verdict, annotation_submit

router = Router(tags=["clips"])


@router.get("/clips", auth=member(Role.VIEWER), response=ClipList, operation_id="clips")
def clip_list(
    request: HttpRequest,
    slug: Slug,
    state: ClipState | None = None,
    label: UUID | None = None,
    video: UUID | None = None,
    camera: UUID | None = None,
    flagged: bool | None = None,
    search: str = "",
    sort: ClipSort = ClipSort.QUEUE,
    limit: Limit = 50,
    offset: Offset = 0,
) -> ClipList:
    """A page of clips, by default in the order of the queue. `search` looks at videos, subjects, cameras."""
    project = membership_of(request).project
    where = ClipFilter(label=label, video=video, camera=camera, flagged=flagged, search=search)
    counts = clips_counts(project=project, where=where)
    found = clips_found(project=project, where=where)
    page = clips_page(found, state=state, sort=sort, limit=limit, offset=offset)
    total = sum(counts.values()) if state is None else counts[state]
    return ClipList(items=clip_rows(page, slug=slug), total=total, counts=counts)


@router.get("/clips/{uuid:clip_id}", auth=member(Role.VIEWER), response=ClipOut, operation_id="clip")
def clip_detail(request: HttpRequest, response: HttpResponse, slug: Slug, clip_id: UUID) -> ClipOut:
    """All that the label screen needs. The ETag is the revision, to send back as If-Match."""
    membership = membership_of(request)
    clip = clip_of(project=membership.project, clip_id=clip_id)
    response["ETag"] = f'"{clip.revision}"'
    response["Cache-Control"] = "private, no-cache"
    return clip_whole(clip, user=membership.user)


@router.get(
    "/clips/{uuid:clip_id}/history",
    auth=member(Role.VIEWER),
    response=HistoryOut,
    operation_id="clip_history",
)
def clip_past(request: HttpRequest, slug: Slug, clip_id: UUID) -> HistoryOut:
    """Every revision of a clip, newest first."""
    clip = clip_of(project=membership_of(request).project, clip_id=clip_id)
    return HistoryOut(items=[AnnotationOut.of(row) for row in history_of(clip=clip)])


@router.put(
    "/clips/{uuid:clip_id}/annotation",
    auth=member(Role.ANNOTATOR),
    response=SavedOut,
    operation_id="annotation_put",
)
def annotation_save(
    request: HttpRequest,
    response: HttpResponse,
    slug: Slug,
    clip_id: UUID,
    body: AnnotationIn,
    if_match: IfMatch = None,
) -> SavedOut:
    """Add a revision to a clip: when this answers, it is committed.

    If-Match says which revision was seen: 428 without it, 412 with both versions in the details where
    somebody was faster. The same `client_id` again answers what is stored.
    """
    membership = membership_of(request)
    base = revision_seen(if_match, of="the clip")
    clip = clip_of(project=membership.project, clip_id=clip_id)
    said = body.suggestion
    verdict = None if said is None else Verdict(said.id, SuggestionState(said.verdict))
    revision = annotation_submit(
        clip=clip,
        author=membership.user,
        base=base,
        client_id=body.client_id,
        outcome=body.outcome,
        label=body.label,
        segments=[
            SegmentIn(key=part.key, label=part.label, start=part.start, end=part.end, actor=part.actor or "")
            for part in body.segments
        ],
        comment=body.comment,
        suggestion=verdict,
    )
    response["ETag"] = f'"{revision.number}"'
    return SavedOut(annotation=AnnotationOut.of(revision), clip_state=ClipState(clip.state))

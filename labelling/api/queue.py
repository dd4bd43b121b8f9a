"""The queue: what to label next, and giving it back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from core.api.auth import Slug, member, membership_of
from core.models import Role
from labelling.api.schemas import NextIn, NextOut
from labelling.api.show import clip_rows, clip_whole
from labelling.selectors.clips import clip_of
from labelling.selectors.queue import upcoming
from labelling.selectors.summary import done_today, seconds_each
from labelling.services.assignments import assignment_next, assignment_release, assignment_take

router = Router(tags=["queue"])

UPCOMING = 8


@router.post(
    "/queue/next",
    auth=member(Role.ANNOTATOR),
    response={200: NextOut, 204: None},
    operation_id="queue_next",
)
def queue_give(
    request: HttpRequest, response: HttpResponse, slug: Slug, body: NextIn
) -> NextOut | Status[None]:
    """Lease the next clip to this person, or look at `clip`, which they named. 204 when none is left."""
    membership = membership_of(request)
    project, user = membership.project, membership.user
    if body.clip is not None:
        clip = clip_of(project=project, clip_id=body.clip)
        assignment_take(clip=clip, user=user)
    else:
        given = assignment_next(project=project, user=user, skip=body.skip)
        if given is None:
            return Status(204, None)
        clip = clip_of(project=project, clip_id=given.pk)
    following = upcoming(project=project, user=user, skip={clip.pk, *body.skip}, limit=UPCOMING)
    response["ETag"] = f'"{clip.revision}"'
    return NextOut(
        clip=clip_whole(clip, user=user),
        upcoming=clip_rows(following, slug=slug),
        done_today=done_today(project=project, user=user),
        seconds_each=seconds_each(project=project, user=user),
    )


@router.post(
    "/queue/{uuid:clip_id}/release",
    auth=member(Role.ANNOTATOR),
    response={204: None},
    operation_id="queue_release",
)
def queue_take_back(request: HttpRequest, slug: Slug, clip_id: UUID) -> Status[None]:
    """Give a clip back to the queue; nothing happens where one does not hold it."""
    membership = membership_of(request)
    clip = clip_of(project=membership.project, clip_id=clip_id)
    assignment_release(clip=clip, user=membership.user)
    return Status(204, None)

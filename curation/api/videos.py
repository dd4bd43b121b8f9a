"""Videos of a project: list, detail, index for the player, move, retry, remove, restore."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from core.api.auth import Slug, member, membership_of
from core.api.paging import Limit, Offset
from core.errors import Conflict
from core.models import Role
from curation.api.schemas import IndexOut, VideoChange, VideoList, VideoOut, VideoRow
from curation.models import VideoState
from curation.selectors.sites import camera_of
from curation.selectors.videos import VideoSort, video_of, videos_found, videos_page, videos_totals
from curation.services.moving import video_move
from curation.services.videos import video_remove, video_restore, video_retry

router = Router(tags=["videos"])


@router.get("/videos", auth=member(Role.VIEWER), response=VideoList, operation_id="video_list")
def video_list(
    request: HttpRequest,
    slug: Slug,
    search: str = "",
    state: VideoState | None = None,
    camera: UUID | None = None,
    sort: VideoSort = VideoSort.NEWEST,
    limit: Limit = 50,
    offset: Offset = 0,
) -> VideoList:
    """A page of videos. `search` looks in the names of videos and cameras."""
    project = membership_of(request).project
    found = videos_found(project=project, search=search, camera=camera)
    totals = videos_totals(project=project, search=search, camera=camera, state=state)
    page = videos_page(found, state=state, sort=sort, limit=limit, offset=offset)
    return VideoList(
        items=[VideoRow.of(video) for video in page],
        total=totals.videos,
        frames=totals.frames,
        seconds=totals.seconds,
        rejected_frames=totals.rejected_frames,
        by_state=totals.by_state,
    )


@router.get(
    "/videos/{uuid:video_id}", auth=member(Role.VIEWER), response=VideoOut, operation_id="video_detail"
)
def video_detail(request: HttpRequest, slug: Slug, video_id: UUID) -> VideoOut:
    """Everything about one video but its index and its numbers."""
    return VideoOut.of(video_of(project=membership_of(request).project, video_id=video_id))


@router.get(
    "/videos/{uuid:video_id}/index", auth=member(Role.VIEWER), response=IndexOut, operation_id="video_index"
)
def video_index(request: HttpRequest, slug: Slug, video_id: UUID) -> IndexOut:
    """The frame index of the proxies. 409 until the video is ready."""
    video = video_of(project=membership_of(request).project, video_id=video_id)
    if video.state != VideoState.READY:
        raise Conflict(f"{video.name} is not ready to be played.")
    return IndexOut.of(video)


@router.post(
    "/videos/{uuid:video_id}/retry",
    auth=member(Role.REVIEWER),
    response=VideoOut,
    operation_id="video_retry",
)
def video_try_again(request: HttpRequest, slug: Slug, video_id: UUID) -> VideoOut:
    """Try a failed video again."""
    membership = membership_of(request)
    video = video_of(project=membership.project, video_id=video_id)
    video_retry(video=video, actor=membership.user)
    return VideoOut.of(video_of(project=membership.project, video_id=video_id))


@router.patch(
    "/videos/{uuid:video_id}", auth=member(Role.REVIEWER), response=VideoOut, operation_id="video_move"
)
def video_change(request: HttpRequest, slug: Slug, video_id: UUID, body: VideoChange) -> VideoOut:
    """Put a video under another camera, whose gate judges it again. 409 if it is read or moved since."""
    mine = membership_of(request)
    video = video_of(project=mine.project, video_id=video_id)
    camera = camera_of(project=mine.project, camera_id=body.camera)
    video_move(video=video, camera=camera, seen=body.seen, actor=mine.user)
    return VideoOut.of(video_of(project=mine.project, video_id=video_id))


@router.delete(
    "/videos/{uuid:video_id}", auth=member(Role.REVIEWER), response={204: None}, operation_id="video_remove"
)
def video_take_away(request: HttpRequest, slug: Slug, video_id: UUID) -> Status[None]:
    """Remove a video; it can be restored for 30 days."""
    membership = membership_of(request)
    video_remove(video=video_of(project=membership.project, video_id=video_id), actor=membership.user)
    return Status(204, None)


@router.post(
    "/videos/{uuid:video_id}/restore",
    auth=member(Role.REVIEWER),
    response=VideoOut,
    operation_id="video_restore",
)
def video_bring_back(request: HttpRequest, slug: Slug, video_id: UUID) -> VideoOut:
    """Bring a removed video back. 409 if its bytes came in again meanwhile."""
    membership = membership_of(request)
    video = video_of(project=membership.project, video_id=video_id, removed=True)
    video_restore(video=video, actor=membership.user)
    return VideoOut.of(video_of(project=membership.project, video_id=video_id))

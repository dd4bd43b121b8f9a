"""Questions about videos."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, FloatField, QuerySet, Sum, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast

from core.errors import NotFound
from core.models import Project
from curation.models import Camera, Upload, Video, VideoState

HEAVY = ("runs", "proxy_runs", "damage", "artifacts")
"""Columns that a list has no use for and that may be long."""


class VideoSort(StrEnum):
    """The orders in which videos are listed."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    LONGEST = "longest"
    REJECTED = "rejected"


@dataclass(frozen=True)
class VideoTotals:
    """What a search found, in numbers. `by_state` leaves the filter by state aside; the others obey it."""

    videos: int = 0
    frames: int = 0
    seconds: float = 0.0
    rejected_frames: int = 0
    by_state: dict[str, int] = field(default_factory=dict)


def videos_found(*, project: Project, search: str = "", camera: UUID | None = None) -> QuerySet[Video]:
    """The project's videos that are not removed, narrowed by name and by camera."""
    videos = Video.objects.in_project(project).kept()
    if search.strip():
        videos = videos.named_like(search.strip(), cameras=_cameras_named(project, search.strip()))
    return videos if camera is None else videos.from_camera(camera)


def videos_page(
    videos: QuerySet[Video], *, state: VideoState | None, sort: VideoSort, limit: int, offset: int
) -> list[Video]:
    """One page of rows for a list, with camera, site and job, in one query."""
    if state is not None:
        videos = videos.filter(state=state)
    rows = videos.order_by(*_ORDERS[sort])
    return list(rows.select_related("camera__site", "job").defer(*HEAVY)[offset : offset + limit])


def videos_totals(videos: QuerySet[Video], *, state: VideoState | None) -> VideoTotals:
    """Counts and sums of what `videos_found` found, in one query."""
    rows = (
        videos.order_by()
        .values("state")
        .annotate(
            videos=Count("pk"),
            all_frames=Sum("frames"),
            all_seconds=Sum("seconds"),
            rejected=Sum("rejected_frames"),
        )
    )
    by_state = dict.fromkeys(VideoState.values, 0)
    count, frames, seconds, rejected = 0, 0, 0.0, 0
    for row in rows:
        by_state[row["state"]] = row["videos"]
        if state is None or row["state"] == state:
            count += row["videos"]
            frames += row["all_frames"]
            seconds += row["all_seconds"]
            rejected += row["rejected"]
    return VideoTotals(count, frames, seconds, rejected, by_state)


def video_of(*, project: Project, video_id: UUID, removed: bool = False) -> Video:
    """One video of the project, with camera, site and job. Raises NotFound, also for a removed one."""
    videos = Video.objects.in_project(project).select_related("camera__site", "job", "project")
    video = (videos if removed else videos.kept()).filter(pk=video_id).first()
    if video is None:
        raise NotFound("This project has no such video.")
    return video


def video_to_ingest(*, video_id: UUID) -> Video:
    """The video an ingest job is about, removed or not, with its camera's quality profile."""
    return Video.objects.select_related("camera__quality_profile").get(pk=video_id)


def videos_standing(*, ids: list[UUID]) -> QuerySet[Video]:
    """These videos with their jobs, to follow how they get on."""
    return Video.objects.filter(pk__in=ids).select_related("job").defer(*HEAVY)


def artifact_of(*, video: Video, name: str) -> dict[str, Any]:
    """`{"key", "bytes", "sha256", "type"}` of a file made from a video, by name, its extension optional.

    Raises NotFound, also before the video is ready.
    """
    made: dict[str, Any] | None = video.artifacts.get(name) or video.artifacts.get(name.partition(".")[0])
    if made is None:
        raise NotFound(f"{video.name} has no file called {name}.")
    return made


def upload_of(*, project: Project, upload_id: UUID) -> Upload:
    """One upload of the project. Raises NotFound."""
    upload = Upload.objects.in_project(project).filter(pk=upload_id).first()
    if upload is None:
        raise NotFound("This project has no such upload.")
    return upload


def _cameras_named(project: Project, text: str) -> list[UUID]:
    """Few rows, looked up first: a join would keep the name index from being used."""
    cameras = Camera.objects.in_project(project).filter(name__icontains=text)
    return list(cameras.values_list("pk", flat=True))


_REJECTED_SHARE = Case(
    When(frames=0, then=Value(0.0)),
    default=Cast(F("rejected_frames"), FloatField()) / F("frames"),
    output_field=FloatField(),
)
_ORDERS: dict[VideoSort, tuple[str | OrderBy, ...]] = {
    VideoSort.NEWEST: ("-created_at", "id"),
    VideoSort.OLDEST: ("created_at", "-id"),
    VideoSort.NAME: ("folded_name", "id"),
    VideoSort.LONGEST: ("-seconds", "id"),
    VideoSort.REJECTED: (_REJECTED_SHARE.desc(), "id"),
}

"""Questions about videos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, FloatField, QuerySet, Sum
from django.db.models.functions import Cast

from core.errors import NotFound
from core.models import Project
from curation.models import Camera, Upload, Video, VideoState, VideoTally

HEAVY = ("runs", "proxy_runs", "damage", "artifacts", "rejects")
"""Columns that a list has no use for and that may be long."""


class VideoSort(StrEnum):
    """The orders in which videos are listed. Newest and oldest go by when the camera recorded."""

    NEWEST = "newest"
    OLDEST = "oldest"
    ADDED = "added"
    NAME = "name"
    LONGEST = "longest"
    REJECTED = "rejected"


@dataclass
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
    """One page of rows for a list, with camera, site and job, in two queries.

    The ids come first, from an index alone, so that a page far down costs little more than the first.
    """
    if state is not None:
        videos = videos.filter(state=state)
    ids = list(videos.order_by(*_ORDERS[sort]).values_list("pk", flat=True)[offset : offset + limit])
    rows = Video.objects.select_related("camera__site", "job").defer(*HEAVY).in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def videos_totals(
    *, project: Project, state: VideoState | None, search: str = "", camera: UUID | None = None
) -> VideoTotals:
    """Counts and sums of what `videos_found` finds; from the tallies where no words narrow it."""
    totals = VideoTotals(by_state=dict.fromkeys(VideoState.values, 0))
    for row in _sums(project, search, camera):
        totals.by_state[row["state"]] = row["n"]
        if state is None or row["state"] == state:
            totals.videos += row["n"]
            totals.frames += row["all_frames"]
            totals.seconds += row["all_seconds"]
            totals.rejected_frames += row["all_rejected"]
    return totals


def _sums(project: Project, search: str, camera: UUID | None) -> Sequence[Mapping[str, Any]]:
    """A row a state."""
    if search.strip():
        found = videos_found(project=project, search=search, camera=camera).order_by().values("state")
        rows = found.annotate(
            n=Count("*"),
            all_frames=Sum("frames"),
            all_seconds=Sum("seconds"),
            all_rejected=Sum("rejected_frames"),
        )
        return [dict(row) for row in rows]
    tallies = VideoTally.objects.filter(project=project)
    tallies = tallies if camera is None else tallies.filter(camera=camera)
    sums = tallies.values("state").annotate(
        n=Sum("videos"),
        all_frames=Sum("frames"),
        all_seconds=Cast(Sum("milliseconds"), FloatField()) / 1000,
        all_rejected=Sum("rejected_frames"),
    )
    return [dict(row) for row in sums]


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


_ORDERS: dict[VideoSort, tuple[str, ...]] = {
    VideoSort.NEWEST: ("-taken_at", "id"),
    VideoSort.OLDEST: ("taken_at", "-id"),
    VideoSort.ADDED: ("-created_at", "id"),
    VideoSort.NAME: ("folded_name", "id"),
    VideoSort.LONGEST: ("-seconds", "id"),
    VideoSort.REJECTED: ("-rejected_share", "id"),
}

"""Questions about clips."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from core.errors import NotFound
from core.models import Project
from curation.models import Camera, Video
from labelling.models import Clip, ClipState, ClipTally, Suggestion
from labelling.models.clips import QUEUE_ORDER, ClipQuerySet

HEAVY = tuple(
    f"video__{name}" for name in ("runs", "proxy_runs", "damage", "artifacts", "rejected_over_time")
)
"""Columns of a clip's video that a list has no use for and that may be long."""


class ClipSort(StrEnum):
    """The orders in which clips are listed."""

    QUEUE = "queue"
    NEWEST = "newest"
    ANNOTATED = "annotated"


@dataclass(frozen=True)
class ClipFilter:
    """What narrows a list of clips, beside their state. `search` looks at videos, subjects and cameras."""

    label: UUID | None = None
    video: UUID | None = None
    camera: UUID | None = None
    flagged: bool | None = None
    search: str = ""

    @property
    def tallied(self) -> bool:
        """Whether the tallies know the answer without counting."""
        return self.video is None and not self.search.strip()


EVERYTHING = ClipFilter()


def clips_found(*, project: Project, where: ClipFilter = EVERYTHING) -> ClipQuerySet:
    """The project's standing clips that the filter lets through, in any state."""
    clips = Clip.objects.in_project(project).standing()
    for name in ("label", "video", "camera", "flagged"):
        if (wanted := getattr(where, name)) is not None:
            clips = clips.filter(**{name: wanted})
    return clips.filter(_said(project, where.search.strip())) if where.search.strip() else clips


def clips_page(
    clips: ClipQuerySet, *, state: ClipState | None, sort: ClipSort, limit: int, offset: int
) -> list[Clip]:
    """One page of rows for a list, with video and camera, in two queries: ids first, from an index."""
    if state is not None:
        clips = clips.in_state(state)
    if sort == ClipSort.ANNOTATED:
        clips = clips.filter(annotated_at__isnull=False)
    ids = list(clips.order_by(*_ORDERS[sort]).values_list("pk", flat=True)[offset : offset + limit])
    return clips_by_id(ids)


def clips_by_id(ids: Sequence[UUID]) -> list[Clip]:
    """These clips with video and camera, in this order."""
    rows = Clip.objects.select_related("video", "camera").defer(*HEAVY).in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def clips_counts(*, project: Project, where: ClipFilter = EVERYTHING) -> dict[str, int]:
    """How many clips there are in every state that the filter lets through.

    Without words and video it comes from the tallies, less the few clips whose videos were removed.
    """
    counts = dict.fromkeys(ClipState.values, 0)
    if not where.tallied:
        counts |= _counted(clips_found(project=project, where=where))
        return counts
    tallies = ClipTally.objects.filter(project=project)
    gone = Clip.objects.in_project(project).filter(withdrawn_at=None, video__in=_removed(project))
    for name in ("label", "camera", "flagged"):
        if (wanted := getattr(where, name)) is not None:
            tallies, gone = tallies.filter(**{name: wanted}), gone.filter(**{name: wanted})
    counts |= dict(tallies.values_list("state").annotate(n=Sum("clips")).order_by())
    for state, n in _counted(gone).items():
        counts[state] -= n
    return counts


def clip_of(*, project: Project, clip_id: UUID) -> Clip:
    """One clip of the project, with video, camera and class. Raises NotFound, also for a removed video.

    One that was withdrawn meanwhile is found: somebody may have it open, and what they say is kept.
    """
    rows = Clip.objects.in_project(project).filter(video__deleted_at=None)
    clip = rows.select_related("video__camera", "camera", "label", "project").filter(pk=clip_id).first()
    if clip is None:
        raise NotFound("This project has no such clip.")
    return clip


def neighbours_of(*, clip: Clip) -> QuerySet[Clip]:
    """The standing clips of the same video in the order of its frames, this one among them."""
    return Clip.objects.of_video(clip.video).standing()


def suggestions_for(clips: Iterable[Clip]) -> dict[UUID, Suggestion]:
    """The open suggestion of each of these clips that has one, by the clip's id; one query."""
    rows = Suggestion.objects.open().filter(clip__in=[clip.pk for clip in clips])
    return {row.clip_id: row for row in rows}


def suggestions_waiting(*, project: Project) -> QuerySet[Suggestion]:
    """The project's suggestions about which nobody has said anything yet."""
    return Suggestion.objects.open().filter(project=project)


def _counted(clips: QuerySet[Clip]) -> dict[str, int]:
    return dict(clips.order_by().values_list("state").annotate(n=Count("pk")))


def _removed(project: Project) -> list[UUID]:
    return list(Video.objects.in_project(project).removed().values_list("pk", flat=True))


def _said(project: Project, text: str) -> Q:
    """Videos and cameras are looked up first: their rows are fewer, and a join would hide their indexes."""
    cameras = Camera.objects.in_project(project).filter(name__icontains=text)
    videos = Video.objects.in_project(project).named_like(text)
    return (
        Q(video__in=list(videos.values_list("pk", flat=True)))
        | Q(camera__in=list(cameras.values_list("pk", flat=True)))
        | Q(subject__icontains=text)
    )


_ORDERS: dict[ClipSort, tuple[str, ...]] = {
    ClipSort.QUEUE: QUEUE_ORDER,
    ClipSort.NEWEST: ("-created_at", "id"),
    ClipSort.ANNOTATED: ("-annotated_at", "id"),
}

"""Clips to be read by a model, without what anybody said of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.models import Project
from curation.models import VideoState
from curation.selectors.rejections import Stretches, rejections_of
from labelling.models import Clip, ClipState, Suggestion
from training.selectors.examples import PROXY

Place = tuple[UUID, int, int]
"""Video, start, end: the order in which clips are read, so that neighbours share a proxy."""


@dataclass(frozen=True, slots=True)
class Footage:
    """Frames `[start, end)` of a video, what is rejected of them, and the proxy they are read from."""

    clip: UUID
    video: UUID
    content_sha256: str
    index_sha256: str
    start: int
    end: int
    fps: float
    proxy: dict[str, Any] | None
    rejected: Stretches

    @property
    def place(self) -> Place:
        """Where it lies among all clips."""
        return self.video, self.start, self.end


def open_clips(*, project: Project) -> QuerySet[Clip]:
    """Standing clips of ready videos that nobody has labelled yet, in the order in which they are read."""
    clips = Clip.objects.in_project(project).standing().in_state(ClipState.OPEN)
    return clips.filter(video__state=VideoState.READY).order_by("video", "start", "end")


def clips_after(clips: QuerySet[Clip], place: Place | None) -> QuerySet[Clip]:
    """Those behind a place."""
    if place is None:
        return clips
    video, start, end = place
    here = Q(video=video, start=start, end__gt=end) | Q(video=video, start__gt=start)
    return clips.filter(Q(video__gt=video) | here)


def without_word_of(clips: QuerySet[Clip], model: str) -> QuerySet[Clip]:
    """Those of which this model has not said anything that is still open."""
    said = Suggestion.objects.open().filter(clip=OuterRef("pk"), model_version=model)
    return clips.filter(~Exists(said))


def footage_of(clips: QuerySet[Clip]) -> list[Footage]:
    """What is read of these clips; no label is."""
    rows = list(clips.values_list("pk", "start", "end", *(f"video__{name}" for name in _VIDEO)))
    out = rejections_of(videos={video for _, _, _, video, *_ in rows})
    return [
        Footage(
            pk, video, sha256, index, start, end, fps, artifacts.get(PROXY), out.inside(video, start, end)
        )
        for pk, start, end, video, sha256, index, fps, artifacts in rows
    ]


def footage_by_ids(*, project: Project, ids: Collection[str]) -> list[Footage]:
    """What is read of these clips of the project, in the order in which they are read; no label is."""
    clips = Clip.objects.in_project(project).filter(pk__in=ids)
    return footage_of(clips.order_by("video", "start", "end"))


def clips_of_videos(*, project: Project, videos: Collection[UUID]) -> QuerySet[Clip]:
    """All standing clips of these videos, whatever was said of them."""
    clips = Clip.objects.in_project(project).standing().filter(video__in=videos)
    return clips.filter(video__state=VideoState.READY).order_by("video", "start", "end")


_VIDEO = ("pk", "sha256", "index_sha256", "fps", "artifacts")

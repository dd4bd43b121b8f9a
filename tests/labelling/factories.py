"""Rows for the tests of labelling, made by the services that people use where there is one."""

import itertools
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from core.models import Project, User
from curation.models import QualitySpan, SpanState, Video
from labelling.models import AnnotationRevision, Clip, LabelClass, Outcome, Suggestion
from labelling.services.annotations import SegmentIn, annotation_submit
from labelling.services.cutting import by_time
from labelling.services.label_sets import class_add, label_set_ensure
from labelling.services.suggestions import Guess, suggestions_record
from tests.curation.factories import make_camera, make_ready_video
from tests.factories import user_make

_numbers = itertools.count(1)


def make_class(project: Project, name: str = "") -> LabelClass:
    """A class of the project's label set, which is made where it is missing."""
    label_set = label_set_ensure(project=project, actor=None)
    return class_add(label_set=label_set, name=name or f"Class {next(_numbers)}", actor=None)


def make_clip(video: Video | None = None, *, start: int = 0, end: int | None = None, **fields: Any) -> Clip:
    """A clip of a ready video; the whole of a video of its own where nothing is said."""
    video = video or make_ready_video()
    values = {"index_sha256": video.index_sha256, "priority": by_time(video), **fields}
    return Clip.objects.create(
        project=video.project,
        video=video,
        camera=video.camera,
        start=start,
        end=video.frames if end is None else end,
        **values,
    )


def make_clips(count: int, project: Project | None = None, **fields: Any) -> list[Clip]:
    """Clips of one video of 10 frames each, in the order of the queue."""
    camera = make_camera(project)
    video = make_ready_video(camera, frames=10 * count)
    return [make_clip(video, start=10 * n, end=10 * n + 10, **fields) for n in range(count)]


def make_span(video: Video, start: int, end: int, state: SpanState = SpanState.PENDING) -> QualitySpan:
    """A rejected stretch of a video."""
    return QualitySpan.objects.create(
        video=video, start=start, end=end, reason="too_dark", state=state, profile_revision=1
    )


def annotate(
    clip: Clip,
    label: LabelClass | None = None,
    *,
    author: User | None = None,
    outcome: Outcome = Outcome.LABELLED,
    segments: Sequence[SegmentIn] = (),
    **more: Any,
) -> AnnotationRevision:
    """Say something about a clip as it stands now; without `label` a labelled one gets a class of its own."""
    clip.refresh_from_db()
    if label is None and outcome == Outcome.LABELLED and not segments:
        label = make_class(clip.project)
    values = {"base": clip.revision, "client_id": uuid4(), **more}
    return annotation_submit(
        clip=clip,
        author=author or user_make(),
        outcome=outcome,
        label=None if label is None else label.pk,
        segments=segments,
        **values,
    )


def segment(label: LabelClass, start: int, end: int, key: UUID | None = None, actor: str = "") -> SegmentIn:
    """A segment as it is sent."""
    return SegmentIn(key=key or uuid4(), label=label.pk, start=start, end=end, actor=actor)


def suggest(clip: Clip, scores: dict[LabelClass, float], model: str = "v1") -> Suggestion:
    """An open suggestion for an open clip."""
    guess = Guess(
        clip=clip.pk, scores={label.pk: score for label, score in scores.items()}, chosen=[clip.start]
    )
    assert suggestions_record(project=clip.project, model_version=model, guesses=[guess]) == 1
    return Suggestion.objects.open().get(clip=clip)

"""Questions about runs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from core.errors import NotFound
from core.models import Project
from training.models import RunState, TrackState, TrainingRun

ROWS = 5000
"""So many tracks are read at once."""


@dataclass(frozen=True)
class FeatureProgress:
    """How many of a run's clips have features, of how many; `failed` ones could not be read."""

    done: int
    total: int
    failed: int


@dataclass(frozen=True)
class LeftOut:
    """Clips of a recording that a run does without, and the sentence why."""

    video: UUID
    name: str
    clips: int
    sentence: str


def runs_of(*, project: Project) -> QuerySet[TrainingRun]:
    """The project's runs with dataset, model and who started them, newest first, and of reports the top-1.

    Whole reports hold a row a clip or a class; only who looks at one run needs them.
    """
    runs = TrainingRun.objects.in_project(project).select_related("dataset", "model", "created_by")
    return runs.with_top1().defer(*_REPORTS).newest_first()


def run_of(*, project: Project, number: int) -> TrainingRun:
    """One run of the project, with its job too. Raises NotFound."""
    run = runs_of(project=project).select_related("dataset", "model", "created_by", "job", "project")
    found = run.defer(None).filter(number=number).first()
    if found is None:
        raise NotFound("This project has no such run.")
    return found


def run_under_way(*, project: Project) -> TrainingRun | None:
    """The run that is on, if one is."""
    return TrainingRun.objects.in_project(project).under_way().first()


def feature_progress(*, run: TrainingRun) -> FeatureProgress:
    """How far the reading of frames is; one query."""
    counts = run.tracks.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=TrackState.READY)),
        failed=Count("pk", filter=Q(state=TrackState.FAILED)),
    )
    return FeatureProgress(**counts)


def left_out_of(*, run: TrainingRun) -> list[LeftOut]:
    """What could not be read for a run, most clips first; as it was at its end where it made a model."""
    if run.state == RunState.DONE:
        return left_out_told(run.result or {})
    if run.state == RunState.CANCELLED:  # nobody tried
        return []
    failed = run.tracks.filter(state=TrackState.FAILED)
    rows = failed.values_list("video_id", "video__name").annotate(clips=Count("pk"), why=F("sentence"))
    return [LeftOut(*row) for row in rows.order_by("-clips", "video__name", "why")]


def left_out_told(report: dict[str, Any]) -> list[LeftOut]:
    """The same from a report; reports of earlier versions do not tell."""
    return [LeftOut(**{**row, "video": UUID(row["video"])}) for row in report.get("left_out", [])]


_REPORTS = (
    *("result", "model__report", "model__card", "model__files"),
    *("dataset__counts", "dataset__split", "dataset__left_out"),
)

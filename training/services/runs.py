"""Training runs: begun with one click, followed by jobs, stopped and gone on with."""

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Coalesce, Now

from core.errors import Conflict, Invalid
from core.models import Job, JobState, Project, User
from core.services.audit import audit_record
from core.services.jobs import job_cancel, job_retry
from core.services.state import advance
from training.errors import RunUnderWay
from training.ml.recipes.base import UnknownRecipe
from training.models import FeatureTrack, RunState, TrainingRun
from training.models.runs import UNDER_WAY
from training.selectors.recipes import DEFAULT, Recipe, recipe_named
from training.selectors.runs import ROWS, run_of, run_under_way
from training.services.advancing import run_advance, waiting_hold
from training.services.batches import batched
from training.services.datasets import dataset_freeze, manifest_of
from training.services.features import ALIVE, tracks_ensure
from training.services.reading import stretch_of

MAX_THREADS = 4
"""More threads change nothing but the order of sums, and a run must end alike wherever it is gone on with."""
ENDED = (RunState.FAILED, RunState.CANCELLED)
AT_ONCE = 200


def run_start(
    *,
    project: Project,
    actor: User | None,
    recipe: str = DEFAULT,
    options: dict[str, Any] | None = None,
    test_share: float | None = None,
) -> TrainingRun:
    """Freeze the labels of this moment and begin to train on them, in one transaction.

    Clips without features get them first, by jobs that all workers share. `options` may hold `budget`,
    `epochs` and `seed`; `test_share=0` is for a test that lies elsewhere.
    Raises RunUnderWay where a run of the project is on, NothingToLearn where there are too few labels,
    Invalid for a recipe that there is not.
    """
    wanted = dict(options or {})
    seed = int(wanted.pop("seed", 0))
    running = run_under_way(project=project)
    if running is not None:
        raise RunUnderWay(number=running.number)
    chosen = _recipe(recipe)
    try:
        with transaction.atomic():
            dataset = dataset_freeze(project=project, actor=actor, test_share=test_share)
            Project.objects.select_for_update(no_key=True).get(pk=project.pk)
            last = TrainingRun.objects.in_project(project).aggregate(last=Max("number"))["last"] or 0
            run = TrainingRun.objects.create(
                project=project,
                number=last + 1,
                dataset=dataset,
                recipe=chosen.name,
                options={**wanted, "threads": min(MAX_THREADS, os.cpu_count() or 1)},
                seed=seed,
                created_by=actor,
            )
            _read_frames(run)
            audit_record(
                verb="trainingrun.start",
                obj=run,
                project=project,
                actor=actor,
                number=run.number,
                dataset=dataset.number,
                recipe=run.recipe,
                options=run.options,
            )
    except IntegrityError as error:
        running = run_under_way(project=project)
        if running is None:
            raise
        raise RunUnderWay(number=running.number) from error
    return run_of(project=project, number=run.number)


def _recipe(name: str) -> Recipe:
    try:
        found = recipe_named(name)
    except UnknownRecipe as error:
        raise Invalid(error.sentence) from error
    if found.damaged:
        raise Invalid(found.damaged)
    return found


def run_cancel(*, run: TrainingRun, actor: User | None) -> TrainingRun:
    """Stop a run. What it has done is kept, so that it can be gone on with. Raises Conflict for an ended one.

    A train job that runs is asked to stop, and the run ends with it. Before that the run ends at once, and
    so do its feature jobs that nobody has begun with; those under way end soon, and what they make is kept.
    """
    # The run first: otherwise the last of its feature jobs to go would let it begin to train.
    if _stopped_before_training(run, actor):
        _cancel_features(run, actor)
        return run_of(project=run.project, number=run.number)
    run = run_of(project=run.project, number=run.number)
    if run.state not in UNDER_WAY or run.job is None:
        raise Conflict(f"Run {run.number} has ended already, so there is nothing to cancel.")
    if run.job.state in ALIVE:
        job_cancel(job=run.job, actor=actor)
    else:  # its job could not tell it that it ended, and nobody else will
        advance(run, to=RunState.CANCELLED, actor=actor, sentence=_CANCELLED, finished_at=Now())
    return run_of(project=run.project, number=run.number)


def run_resume(*, run: TrainingRun, actor: User | None) -> TrainingRun:
    """Go on with a failed or cancelled run from where it was: its features, its last checkpoint.

    Raises Conflict for any other, RunUnderWay where another run of the project is on.
    """
    run = run_of(project=run.project, number=run.number)
    if run.state not in ENDED:
        raise Conflict(f"Run {run.number} has not failed and was not cancelled: nothing to go on with.")
    try:
        with transaction.atomic():
            if run.job is not None:  # jobs are locked before what they belong to
                if run.job.state == JobState.RUNNING:
                    raise Conflict(f"Run {run.number} is being stopped. Try again in a moment.")
                job_retry(job=run.job, actor=actor)
            if not advance(run, to=RunState.QUEUED, from_=ENDED, actor=actor, sentence="", finished_at=None):
                raise Conflict(f"Somebody else goes on with run {run.number} already.")
            if run.job is None:
                _read_frames(run)
    except IntegrityError as error:
        running = run_under_way(project=run.project)
        if running is None:
            raise
        raise RunUnderWay(number=running.number) from error
    return run_of(project=run.project, number=run.number)


def runs_reading(*, tracks: Iterable[FeatureTrack]) -> None:
    """The runs that wait for these tracks have begun."""
    ids = [track.pk for track in tracks]
    for run in TrainingRun.objects.filter(state=RunState.QUEUED, job=None, tracks__in=ids).distinct():
        advance(run, to=RunState.FEATURES, from_=[RunState.QUEUED], started_at=Now())


def run_training(*, run_id: UUID) -> TrainingRun:
    """The train job of a run has begun, or begins again; the run with all that it needs."""
    run = TrainingRun.objects.select_related("dataset", "project", "job").get(pk=run_id)
    advance(run, to=RunState.TRAINING, started_at=Coalesce("started_at", Now()))
    return run


def run_ended(*, run_id: UUID, cancelled: bool, sentence: str) -> None:
    """The train job of a run ended without a model."""
    run = TrainingRun.objects.get(pk=run_id)
    to = RunState.CANCELLED if cancelled else RunState.FAILED
    said = _CANCELLED if cancelled else sentence
    advance(run, to=to, from_=UNDER_WAY, note=said, sentence=said, finished_at=Now())


def _read_frames(run: TrainingRun) -> None:
    """Have features made for what has none, and go on at once where nothing is missing."""
    manifest = manifest_of(run.dataset)
    stretches = [stretch_of(clip) for clip in manifest.clips]
    tracks = tracks_ensure(project=run.project, stretches=stretches, recipe=recipe_named(run.recipe))
    needs = TrainingRun.tracks.through
    needs._default_manager.bulk_create(
        (needs(trainingrun_id=run.pk, featuretrack_id=track.pk) for track in tracks),
        ignore_conflicts=True,
        batch_size=ROWS,
    )
    waiting_hold(who=run)
    run_advance(run_id=run.pk)


@transaction.atomic
def _stopped_before_training(run: TrainingRun, actor: User | None) -> bool:
    """End a run that has no train job yet; whether it was one.

    Locked first: where the last features come in at this moment, `run_advance` gives it a job, and a run
    that ends beside its job would be brought back by it.
    """
    here = TrainingRun.objects.select_for_update(no_key=True).under_way().filter(pk=run.pk, job=None)
    return here.first() is not None and advance(
        run, to=RunState.CANCELLED, actor=actor, sentence=_CANCELLED, finished_at=Now()
    )


def _cancel_features(run: TrainingRun, actor: User | None) -> None:
    """Cancel the feature jobs of a cancelled run that nobody has begun with, a few at a time."""
    waiting = run.tracks.filter(job__state=JobState.QUEUED).order_by("job").distinct("job")
    for some in batched(list(waiting.values_list("job", flat=True)), AT_ONCE):
        if not _cancelled(run.project, some, actor):
            return


@transaction.atomic
def _cancelled(project: Project, jobs: Iterable[UUID], actor: User | None) -> bool:
    """Cancel these, unless another run has begun, which reads the same frames and may wait for them.

    A run begins under the same lock: it is seen here, or it finds these jobs cancelled and asks again.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if run_under_way(project=project) is not None:
        return False
    for job in Job.objects.filter(pk__in=jobs):
        with suppress(Conflict):  # it has ended meanwhile
            job_cancel(job=job, actor=actor)
    return True


_CANCELLED = "This was cancelled. Go on with it whenever you like: what it has done is kept."

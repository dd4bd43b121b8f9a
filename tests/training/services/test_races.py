"""Several connections at once, on the real database."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from core.models import Job, JobState
from core.services.jobs import job_claim
from core.services.kinds import Outcome
from labelling.models import Suggestion
from tests.connections import elsewhere, until_they_wait
from tests.factories import project_make
from tests.labelling.factories import make_class
from tests.labelling.services.test_races import at_once
from tests.training.factories import make_examples, make_model, make_open_clips, stored
from training.errors import RunUnderWay
from training.jobs import KINDS
from training.models import FeatureTrack, ModelState, ModelVersion, RunState, TrainingRun
from training.services.datasets import dataset_freeze
from training.services.features import FEATURES
from training.services.models import model_promote
from training.services.runs import run_cancel, run_start
from training.services.suggesting import PREDICTIONS, SUGGEST, suggestions_keep

pytestmark = pytest.mark.django_db(transaction=True)

FEATURE_KIND = next(kind for kind in KINDS if kind.name == FEATURES)


def commits(job: Job) -> Callable[[], None]:
    """What the worker's last transaction does for a feature job, its child being done."""
    keys = FeatureTrack.objects.filter(pk__in=job.params["tracks"]).values_list("key", flat=True)
    made = {key: {"bytes": 1, "sha256": "0" * 64} for key in keys}
    files = {f"{key}.safetensors": f"features/{key}" for key in keys}

    def step() -> None:
        with transaction.atomic():
            FEATURE_KIND.commit(job, Outcome(result={"clips": made}, files=files))

    return step


def test_of_two_feature_jobs_that_end_at_once_one_lets_the_run_train() -> None:
    for _ in range(5):
        clips = make_examples(subjects=4)
        run = run_start(project=clips[0].project, actor=None)
        jobs = list(Job.objects.filter(kind=FEATURES, project=run.project))
        assert len(jobs) == 2
        at_once(*[commits(job) for job in jobs])
        run.refresh_from_db()
        assert run.job is not None, "the last one to commit saw all of them"
        assert Job.objects.filter(kind="training.train", project=run.project).count() == 1


def test_a_run_that_is_cancelled_as_its_last_features_come_in_does_not_train() -> None:
    clips = make_examples(subjects=2)
    run = run_start(project=clips[0].project, actor=None)
    (job,) = Job.objects.filter(kind=FEATURES, project=run.project)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            commits(job)()
            asked = elsewhere(pool, lambda: run_cancel(run=run, actor=None))
            until_they_wait(asked)
        asked.result(30)
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert Job.objects.get(kind="training.train", project=run.project).state == JobState.CANCELLED


def test_features_that_come_in_while_a_run_begins_are_not_waited_for() -> None:
    clips = make_examples(subjects=2)
    first = run_start(project=clips[0].project, actor=None)
    (job,) = Job.objects.filter(kind=FEATURES, project=first.project)
    job_claim(job_id=str(job.pk), owner="somebody")
    run_cancel(run=first, actor=None)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            run = run_start(project=first.project, actor=None)
            ended = elsewhere(pool, commits(job))
            until_they_wait(ended)
        ended.result(30)
    run.refresh_from_db()
    assert run.job is not None


def test_of_two_clicks_at_once_one_starts_a_run() -> None:
    clips = make_examples()

    def click() -> int | None:
        try:
            return run_start(project=clips[0].project, actor=None).number
        except RunUnderWay as error:
            number: int = error.details["run"]
            return -number

    assert sorted(filter(None, at_once(click, click))) == [-1, 1]
    assert TrainingRun.objects.count() == 1


def test_the_same_labels_frozen_twice_at_once_are_one_version() -> None:
    project = make_examples()[0].project
    freeze = [lambda: dataset_freeze(project=project, actor=None).number] * 3
    assert at_once(*freeze) == [1, 1, 1]


def test_two_models_promoted_at_once_leave_one_champion() -> None:
    first = make_model(state=ModelState.CHAMPION)
    others = [make_model(first.project), make_model(first.project)]
    at_once(*[lambda model=model: model_promote(model=model, actor=None) for model in others])
    assert ModelVersion.objects.champions().count() == 1
    assert ModelVersion.objects.filter(state=ModelState.RETIRED).count() == 2


def test_a_late_batch_does_not_speak_over_a_new_champion() -> None:
    (clip,) = make_open_clips(project_make(), 1)
    old, new = make_model(clip.project, state=ModelState.CHAMPION), make_model(clip.project)
    row = {"clip": str(clip.pk), "chosen": [0], "scores": {str(make_class(clip.project).pk): 1.0}}
    files = {PREDICTIONS: stored(json.dumps([row]).encode())["key"]}
    params = {"model": str(old.pk), "clips": [str(clip.pk)]}
    job = Job.objects.create(kind=SUGGEST, dedupe_key="late", params=params, project=clip.project)

    def speak() -> int:
        with transaction.atomic():
            return suggestions_keep(job=job, result={"features": {}, "errors": {}}, files=files)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            model_promote(model=new, actor=None)
            spoken = elsewhere(pool, speak)
            until_they_wait(spoken)
        assert spoken.result(30) == 0
    assert not Suggestion.objects.open().exists()

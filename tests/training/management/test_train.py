"""`manage.py train`, with jobs that learn nothing."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.models import Job, JobState
from tests.factories import project_make
from tests.training.factories import make_examples, make_filmed_examples, make_open_clips, make_run
from training.models import RunState, TrainingRun

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick")]


def train(**options: Any) -> str:
    out = StringIO()
    call_command("train", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_it_waits_for_the_model_and_its_suggestions(worker: None) -> None:
    clips = make_filmed_examples()
    make_open_clips(clips[0].project, 1)
    said = json.loads(train(wait=True, json=True, budget=3))
    assert (said["run"], said["state"], said["model"], said["model_state"]) == (1, "done", 1, "champion")
    assert said["result"]["budget"] == 3
    assert not Job.objects.filter(project=clips[0].project).exclude(state=JobState.DONE).exists()


def test_without_waiting_it_leaves_the_run_to_the_workers() -> None:
    make_examples()
    assert train().startswith("Run 1 on dataset 1 (8 clips): queued.")
    assert TrainingRun.objects.get().state == RunState.QUEUED


def test_in_words_it_tells_the_number_and_what_comes_next(worker: None) -> None:
    make_filmed_examples()
    said = train(wait=True)
    assert "Model 1 is champion. Top-1 50.0%" in said
    assert "0 clips wait for somebody" in said


def test_too_few_labels_are_said() -> None:
    project_make()
    with pytest.raises(CommandError, match="Label at least two clips of at least two classes"):
        train()


def test_a_run_that_is_on_is_said() -> None:
    run = make_run(make_examples()[0].project)
    with pytest.raises(CommandError, match=f"Run {run.number} is on already"):
        train()


def test_a_run_that_fails_ends_with_its_sentence(worker: None) -> None:
    make_examples()  # their proxies are nowhere
    with pytest.raises(CommandError) as caught:
        train(wait=True)
    assert caught.value.returncode == 1
    assert str(caught.value).startswith("8 of 8 labelled clips could not be read")

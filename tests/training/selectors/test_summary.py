from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.models import Role
from curation.services.videos import video_remove
from labelling.models import SuggestionState
from labelling.services.annotations import Verdict
from tests.factories import project_make
from tests.labelling.api.house import label_desk
from tests.labelling.factories import annotate, make_class, make_clip, segment, suggest
from tests.training.factories import (
    label_of,
    make_examples,
    make_footage,
    make_model,
    make_report,
    make_run,
)
from training.models import DatasetVersion, ModelState, RunState
from training.selectors.preflight import preflight_of
from training.selectors.summary import training_summary
from training.services.datasets import dataset_freeze

pytestmark = pytest.mark.django_db


def test_an_empty_project_has_nothing_to_tell() -> None:
    found = training_summary(project=project_make())
    assert (found.dataset, found.new_labels, found.champion, found.running, found.latest) == (
        *(None, 0, None, None),
        [],
    )


def test_labels_newer_than_the_dataset_are_new() -> None:
    clips = make_examples()
    project = clips[0].project
    assert training_summary(project=project).new_labels == 8
    dataset = dataset_freeze(project=project, actor=None)
    assert training_summary(project=project).new_labels == 0
    annotate(clips[0], label_of(clips[1]))
    found = training_summary(project=project)
    assert (found.dataset, found.new_labels) == (dataset, 1)


def test_what_is_new_is_counted_alike_wherever_it_is_shown_and_in_clips() -> None:
    clips = make_examples()
    project = clips[0].project
    dataset_freeze(project=project, actor=None)
    for _ in range(2):
        annotate(clips[0], label_of(clips[1]))
    parts = [segment(label_of(clips[1]), 0, 10), segment(label_of(clips[1]), 20, 30)]
    annotate(clips[2], segments=parts)
    home, train = training_summary(project=project), preflight_of(project=project)
    assert (home.new_labels, train.new_labels) == (2, 2)


def test_a_label_that_the_freeze_did_not_see_is_new_whatever_its_time() -> None:
    clips = make_examples()
    project = clips[0].project
    dataset_freeze(project=project, actor=None)
    annotate(clips[0], label_of(clips[0]))
    DatasetVersion.objects.update(created_at=timezone.now() + timedelta(hours=1))
    assert training_summary(project=project).new_labels == 1
    assert sum(row.new for row in preflight_of(project=project).classes) == 1


def test_labels_of_footage_that_is_gone_are_not_new() -> None:
    clips = make_examples()
    video_remove(video=clips[0].video, actor=None)
    assert training_summary(project=clips[0].project).new_labels == 7


def test_a_label_that_was_left_out_is_not_new_once_a_run_has_seen_it() -> None:
    clips = make_examples()
    project = clips[0].project
    dataset = dataset_freeze(project=project, actor=None)
    annotate(make_clip(make_footage(clips[0].camera)))
    assert training_summary(project=project).new_labels == 1
    assert dataset_freeze(project=project, actor=None) == dataset
    assert training_summary(project=project).new_labels == 0


def test_models_are_oldest_first_and_measured_on_val_where_there_is_no_test(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    project = project_make()
    first = make_model(project, report=make_report(top1=None))
    second = make_model(project, state=ModelState.CHAMPION)
    run = make_run(project, state=RunState.TRAINING)
    with django_assert_num_queries(6):
        found = training_summary(project=project)
    assert found.latest == [(first.number, 0.75), (second.number, 0.8)]
    assert (found.champion, found.accepted, found.running) == (second, None, run)


def test_home_is_told_in_one_answer() -> None:
    at = label_desk(Role.VIEWER)
    model = make_model(at.project, state=ModelState.CHAMPION)
    clip, label = at.clip(), make_class(at.project)
    said = suggest(clip, {label: 1.0}, model.name)
    annotate(clip, label, suggestion=Verdict(said.pk, SuggestionState.ACCEPTED))
    assert at.get("training/summary").json() == {
        "dataset": model.run.dataset.number,
        "new_labels": 1,
        "champion": {"number": model.number, "top1": 0.8},
        "accepted": {"accepted": 1, "judged": 1},
        "running": None,
        "latest": [{"number": model.number, "top1": 0.8}],
    }

import pytest
from pytest_django import DjangoAssertNumQueries

from core.models import Role
from labelling.models import SuggestionState
from labelling.services.annotations import Verdict
from tests.factories import project_make
from tests.labelling.api.house import label_desk
from tests.labelling.factories import annotate, make_class, suggest
from tests.training.factories import label_of, make_examples, make_model, make_report, make_run
from training.models import ModelState, RunState
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

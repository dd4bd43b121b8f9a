from collections.abc import Callable

import pytest

from curation.models import Camera, Video
from curation.services.videos import video_remove
from labelling.models import Clip, LabelClass, Outcome
from tests.labelling.factories import annotate, make_class
from tests.training.factories import label_of, make_examples, make_run
from training.models import DatasetVersion, RunState, SeenLabels, TrainingRun
from training.selectors.marks import preflight_mark
from training.services.datasets import dataset_freeze

pytestmark = pytest.mark.django_db(transaction=True)  # a mark tells transactions apart


def _relabelled(clip: Clip) -> None:
    annotate(clip, make_class(clip.project))


def _saw_nothing() -> None:
    SeenLabels.objects.update_or_create(dataset=DatasetVersion.objects.get(), defaults={"revisions": []})


CHANGES: dict[str, Callable[[Clip], object]] = {
    "a label": _relabelled,
    "a label taken back": lambda clip: annotate(clip, None, outcome=Outcome.CLEARED),
    "a subject": lambda clip: Clip.objects.filter(pk=clip.pk).update(subject="Ada"),
    "a removed video": lambda clip: video_remove(video=clip.video, actor=None),
    "the day of a recording": lambda clip: Video.objects.update(recorded_at="2026-10-14T08:12:00Z"),
    "the name of a class": lambda clip: LabelClass.objects.filter(pk=label_of(clip).pk).update(name="other"),
    "the name of a camera": lambda clip: Camera.objects.filter(pk=clip.camera_id).update(name="other"),
    "a dataset and its test side": lambda clip: dataset_freeze(project=clip.project, actor=None),
    "what a dataset saw": lambda clip: _saw_nothing(),
    "a run": lambda clip: make_run(clip.project, state=RunState.FAILED),
    "the state of a run": lambda clip: TrainingRun.objects.update(state="done"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_a_preflight_depends_on_changes_its_mark(change: Callable[[Clip], object]) -> None:
    clip = make_examples(subjects=5)[0]
    make_run(clip.project)
    before = preflight_mark(project=clip.project)
    assert preflight_mark(project=clip.project) == before
    change(clip)
    assert preflight_mark(project=clip.project) != before


def test_what_happens_in_another_project_does_not() -> None:
    clip = make_examples()[0]
    before = preflight_mark(project=clip.project)
    make_run(make_examples()[0].project)
    assert preflight_mark(project=clip.project) == before

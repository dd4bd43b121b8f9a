from datetime import timedelta

import pytest
from django.utils import timezone

from labelling.models import Outcome
from labelling.services.label_sets import class_change
from tests.curation.factories import make_camera
from tests.factories import project_make
from tests.labelling.factories import annotate, make_class, make_clip
from tests.training.factories import (
    label_of,
    make_dataset,
    make_examples,
    make_footage,
    make_model,
    make_run,
)
from training.models import HeldOut, ModelState, RunState
from training.selectors import preflight
from training.selectors.preflight import preflight_of
from training.services.datasets import dataset_freeze

pytestmark = pytest.mark.django_db


def titles(found: object) -> list[tuple[str, str]]:
    return [(each.level, each.title) for each in found.findings]  # type: ignore[attr-defined]


def test_an_empty_project_is_told_what_to_do() -> None:
    found = preflight_of(project=project_make())
    assert found.blocked.startswith("Label at least two clips of at least two classes.")
    assert found.classes == []
    assert found.dealt.sides == {"train": 0, "val": 0, "test": 0}
    assert [title for _, title in titles(found)] == ["No pretrained weights"]


def test_one_class_alone_says_which() -> None:
    clip = make_examples(classes=1)[0]
    found = preflight_of(project=clip.project)
    assert f"so far only {label_of(clip).name} has" in found.blocked


def test_it_counts_classes_and_sides_by_subjects() -> None:
    clips = make_examples(classes=2, subjects=5, each=2)
    found = preflight_of(project=clips[0].project)
    assert [row.clips for row in found.classes] == [10, 10]
    assert [row.new for row in found.classes] == [10, 10]
    assert found.dealt.split.by == "subject"
    assert sum(found.dealt.sides.values()) == 20
    assert sum(found.dealt.split.groups.values()) == 5
    assert found.even
    assert not found.blocked
    assert ("ok", "A test side") in titles(found)
    assert ("warn", "No pretrained weights") in titles(found)


def test_what_was_labelled_since_the_latest_version_is_new() -> None:
    first = make_examples()[0]
    dataset = dataset_freeze(project=first.project, actor=None)
    annotate(make_clip(make_footage(first.camera)), label_of(first))
    found = preflight_of(project=first.project)
    assert found.dataset == dataset
    assert {row.row: row.new for row in found.classes if row.new} == {label_of(first): 1}


def test_a_class_with_one_example_is_left_out_and_said() -> None:
    clips = make_examples()
    annotate(make_clip(make_footage(clips[0].camera)))
    found = preflight_of(project=clips[0].project)
    assert len(found.classes) == 2
    assert next(each.detail for each in found.findings if each.title == "Left out").endswith("at least 2.")


def test_uneven_classes_are_said() -> None:
    first = make_examples()[0]
    for _ in range(3):
        annotate(make_clip(make_footage(first.camera)), label_of(first))
    found = preflight_of(project=first.project)
    assert not found.even
    assert ("info", "Classes are uneven") in titles(found)
    assert ("info", "Clips without a subject") in titles(found)


def test_classes_too_small_to_measure_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_examples()[0]
    assert ("warn", "All classes are small") in titles(preflight_of(project=first.project))
    for _ in range(3):
        annotate(make_clip(make_footage(first.camera)), label_of(first))
    largest = max(row.clips for row in preflight_of(project=first.project).classes)
    monkeypatch.setattr(preflight, "FEW", largest)
    said = next(
        each.detail for each in preflight_of(project=first.project).findings if each.title == "Small classes"
    )
    assert label_of(first).name not in said.split(":")[0]
    assert said.split(":")[1].startswith(f" fewer than {largest} clips")


def test_without_groups_there_is_no_test_number_and_it_says_why() -> None:
    camera = make_camera()
    labels = [make_class(camera.site.project) for _ in range(2)]
    for video in [make_footage(camera, frames=20) for _ in range(2)]:
        for start, label in zip((0, 10), labels, strict=True):
            annotate(make_clip(video, start=start, end=start + 10), label)
    found = preflight_of(project=camera.site.project)
    assert found.dealt.sides["test"] == 0
    detail = next(each.detail for each in found.findings if each.title == "No test side")
    assert "no test number" in detail


def test_one_subject_is_a_subject_and_a_class_seen_only_there_waits() -> None:
    clips = make_examples(subjects=4)
    project = clips[0].project
    dataset_freeze(project=project, actor=None)
    found = preflight_of(project=project)
    detail = next(each.detail for each in found.findings if each.title == "A test side")
    assert detail == "2 clips of 1 subject are kept for the test and never trained on."
    (tested,) = HeldOut.objects.all()
    new = make_class(project, name="Climbing")
    for _ in range(2):
        annotate(make_clip(make_footage(clips[0].camera), subject=tested.group), new)
    later = preflight_of(project=project)
    assert ("warn", "Classes that cannot be learned yet") in titles(later)
    assert not later.blocked


def test_labels_that_were_taken_back_do_not_count() -> None:
    clips = make_examples()
    annotate(clips[0], outcome=Outcome.CLEARED)
    annotate(clips[1], outcome=Outcome.REJECTED)
    assert [row.clips for row in preflight_of(project=clips[0].project).classes] == [3, 3]


def test_an_archived_class_that_carries_labels_counts() -> None:
    clip = make_examples()[0]
    class_change(label_class=label_of(clip), actor=None, archived=True)
    assert len(preflight_of(project=clip.project).classes) == 2


def test_each_recipe_tells_how_long_its_own_latest_run_took() -> None:
    clips = make_examples()
    project = clips[0].project
    began = timezone.now()
    for recipe, minutes in (("smart_motion", 90), ("smart_motion", 10), ("x3d_xs", 40)):
        dataset = make_dataset(project, clips=len(clips))
        ended = began + timedelta(minutes=minutes)
        times = {"started_at": began, "finished_at": ended}
        make_run(project, dataset=dataset, recipe=recipe, state=RunState.DONE, **times)
    found = preflight_of(project=project)
    assert found.recipes[0].name == "smart_motion", "the usual one comes first"
    assert found.minutes == {"smart_motion": (7.0, 15.0), "x3d_xs": (28.0, 60.0)}


def test_it_names_the_champion_and_the_run_that_is_on() -> None:
    project = project_make()
    champion = make_model(project, state=ModelState.CHAMPION)
    run = make_run(project, state=RunState.TRAINING)
    found = preflight_of(project=project)
    assert (found.compares_to, found.running) == (champion.number, run.number)

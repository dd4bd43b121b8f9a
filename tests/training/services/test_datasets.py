import hashlib
import time
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage

from core.models import AuditEvent
from curation.models import SpanState
from curation.services.videos import video_remove
from labelling.models import Clip, Outcome
from tests.curation.factories import make_camera
from tests.factories import project_make, user_make
from tests.labelling.factories import annotate, make_class, make_clip, make_span, segment
from tests.training.factories import label_of, make_examples, make_footage
from training.errors import NothingToLearn
from training.ml.manifest import ManifestClip
from training.models import DatasetVersion, HeldOut
from training.services.datasets import dataset_freeze, manifest_of

pytestmark = pytest.mark.django_db


def sides(dataset: DatasetVersion) -> dict[str, str]:
    """The side of each subject."""
    return {clip.subject: clip.split for clip in manifest_of(dataset).clips}


def test_a_version_is_a_manifest_in_storage_named_by_its_hash() -> None:
    clips, actor = make_examples(), user_make()
    dataset = dataset_freeze(project=clips[0].project, actor=actor)
    with default_storage.open(dataset.manifest_key) as file:
        data = file.read()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (dataset.sha256, dataset.bytes)
    assert (dataset.number, dataset.clips, dataset.classes, dataset.even) == (1, 8, 2, True)
    assert dataset.split["by"] == "subject"
    counted = [sum(side.values()) for side in dataset.counts.values()]
    assert counted == [4, 4]
    event = AuditEvent.objects.get(verb="dataset.freeze")
    assert (event.actor, event.data["sha256"]) == (actor, dataset.sha256)


def test_a_line_says_which_frames_whose_word_and_where_to_read() -> None:
    clip = make_examples()[0]
    clip.video.recorded_at = datetime(2026, 3, 1, 7, tzinfo=UTC)
    clip.video.save()
    found = manifest_of(dataset_freeze(project=clip.project, actor=None))
    line = next(line for line in found.clips if line.clip == str(clip.pk))
    assert (line.start, line.end, line.frames, line.fps) == (0, 50, 50, 25.0)
    assert (line.content_sha256, line.index_sha256) == (clip.video.sha256, "0" * 64)
    assert (line.subject, line.day, line.camera) == ("Person 0", "2026-03-01", clip.camera.name)
    assert (line.proxy.key, line.label) == ("proxies/a.mp4", str(label_of(clip).pk))
    assert (line.annotation.revision, line.annotation.source) == (1, "person")
    assert line.annotation.author.startswith("person")


def test_segments_are_examples_of_their_own_frames() -> None:
    clips = make_examples()
    one, other = label_of(clips[0]), label_of(clips[1])
    whole = make_clip(make_footage(clips[0].camera, frames=100))
    annotate(whole, segments=[segment(one, 0, 40), segment(other, 60, 90)])
    lines: list[ManifestClip] = [
        line
        for line in manifest_of(dataset_freeze(project=whole.project, actor=None)).clips
        if line.video == str(whole.video_id)
    ]
    assert [(line.start, line.end, line.label) for line in lines] == [
        (0, 40, str(one.pk)),
        (60, 90, str(other.pk)),
    ]
    assert len({line.clip for line in lines} | {str(whole.pk)}) == 3


def test_frames_with_two_classes_at_once_are_left_out_and_said() -> None:
    clips = make_examples()
    both = make_clip(make_footage(clips[0].camera))
    annotate(both, segments=[segment(label_of(clips[0]), 0, 9), segment(label_of(clips[1]), 0, 9)])
    dataset = dataset_freeze(project=both.project, actor=None)
    assert dataset.clips == 8
    assert dataset.left_out == ["1 stretch of frames carries two classes at once and is left out."]


def test_the_same_labels_again_are_the_same_version() -> None:
    project = make_examples(subjects=6, each=2)[0].project
    first = dataset_freeze(project=project, actor=None)
    assert dataset_freeze(project=project, actor=None) == first
    assert DatasetVersion.objects.count() == 1
    assert len(list(default_storage.listdir("training.datasets")[0])) == 1


def test_one_label_more_is_another_version_with_the_next_number() -> None:
    clip = make_examples()[0]
    first = dataset_freeze(project=clip.project, actor=None)
    annotate(make_clip(make_footage(clip.camera)), label_of(clip))
    second = dataset_freeze(project=clip.project, actor=None)
    assert (second.number, second.clips) == (2, 9)
    assert second.sha256 != first.sha256


def test_what_was_tested_on_stays_on_the_test_side() -> None:
    clips = make_examples(subjects=5)
    first = sides(dataset_freeze(project=clips[0].project, actor=None))
    tested = {subject for subject, side in first.items() if side == "test"}
    assert set(HeldOut.objects.values_list("by", "group")) == {("subject", name) for name in tested}
    for n in range(20, 30):
        for clip in clips[:2]:
            annotate(make_clip(make_footage(clip.camera), subject=f"Person {n}"), label_of(clip))
    annotate(make_clip(make_footage(clips[0].camera), subject=min(tested)), label_of(clips[0]))
    later = sides(dataset_freeze(project=clips[0].project, actor=None))
    assert {later[name] for name in tested} == {"test"}


def test_a_new_class_seen_only_where_it_is_tested_waits_and_moves_nobody() -> None:
    clips = make_examples(subjects=5)
    project = clips[0].project
    first = sides(dataset_freeze(project=project, actor=None))
    tested = {subject for subject, side in first.items() if side == "test"}
    new = make_class(project)
    for _ in range(2):
        annotate(make_clip(make_footage(clips[0].camera), subject=min(tested)), new)
    dataset = dataset_freeze(project=project, actor=None)
    later = sides(dataset)
    assert {name for name, side in later.items() if side == "test"} >= tested
    assert dataset.counts[str(new.pk)] == {"train": 0, "val": 0, "test": 2}
    assert dataset.split["note"] == ""


def test_labels_of_before_do_not_bring_back_what_was_tested_on_since() -> None:
    clips = make_examples(subjects=4)
    project = clips[0].project
    first = dataset_freeze(project=project, actor=None)
    was = sides(first)
    trained = min(subject for subject, side in was.items() if side == "train")
    HeldOut.objects.create(project=project, by="subject", group=trained)
    second = dataset_freeze(project=project, actor=None)
    assert (second.number, sides(second)[trained]) == (2, "test")
    assert dataset_freeze(project=project, actor=None) == second


def test_without_a_test_share_nothing_is_tested_on() -> None:
    dataset = dataset_freeze(project=make_examples()[0].project, actor=None, test_share=0)
    assert "test" not in sides(dataset).values()
    assert not HeldOut.objects.exists()


def test_grouped_anew_so_that_nothing_would_be_left_to_train_on_it_says_so() -> None:
    clips = make_examples(subjects=15)
    every = Clip.objects.in_project(clips[0].project)
    every.update(subject="")
    dataset_freeze(project=clips[0].project, actor=None)
    held = set(HeldOut.objects.filter(by="recording").values_list("group", flat=True))
    assert len(held) >= 3
    for tested in (True, False):  # every subject comes to own a recording that was tested on
        some = [clip for clip in clips if (clip.video.sha256 in held) is tested]
        for n, clip in enumerate(some):
            every.filter(pk=clip.pk).update(subject=f"Person {n % 3}")
    dataset = dataset_freeze(project=clips[0].project, actor=None)
    assert dataset.split["by"] == "subject"
    assert "grouped in another way" in dataset.split["note"]
    assert len({clip.label for clip in manifest_of(dataset).side("train")}) == 2


def test_removed_footage_and_labels_taken_back_are_not_in_it() -> None:
    clips = make_examples()
    video_remove(video=clips[0].video, actor=None)
    annotate(clips[1], outcome=Outcome.CLEARED)
    assert dataset_freeze(project=clips[0].project, actor=None).clips == 6


def test_another_projects_labels_are_not_in_it() -> None:
    make_examples()
    assert dataset_freeze(project=make_examples()[0].project, actor=None).clips == 8


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(NothingToLearn, match="at least two classes"):
        dataset_freeze(project=project_make(), actor=None)
    assert not DatasetVersion.objects.exists()


def test_thousands_of_labels_take_moments() -> None:
    camera = make_camera()
    labels = [make_class(camera.site.project) for _ in range(2)]
    video = make_footage(camera, frames=4000)
    whole = make_clip(video)
    annotate(whole, segments=[segment(labels[n % 2], 2 * n, 2 * n + 2) for n in range(2000)])
    began = time.monotonic()
    assert dataset_freeze(project=camera.site.project, actor=None).clips == 2000
    assert time.monotonic() - began < 10


def test_frames_rejected_inside_a_clip_are_frozen_with_it() -> None:
    clips = make_examples()
    first = dataset_freeze(project=clips[0].project, actor=None)
    make_span(clips[0].video, 10, 20)
    make_span(clips[0].video, 30, 40, SpanState.RESTORED)
    second = dataset_freeze(project=clips[0].project, actor=None)
    assert second.number == first.number + 1, "other frames are learned from"
    rejected = {clip.clip: clip.rejected for clip in manifest_of(second).clips if clip.rejected}
    assert rejected == {str(clips[0].pk): ((10, 20),)}

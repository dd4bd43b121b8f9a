"""Feature jobs that end in other ways than well."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django.fixtures import Settings

from core.jobs.runner import run
from core.models import Job, JobState
from core.services.jobs import job_cancel
from core.services.kinds import holding, job_kind
from labelling.models import Suggestion
from tests.labelling.factories import make_span
from tests.training.conftest import work_off
from tests.training.factories import (
    film,
    label_of,
    make_examples,
    make_filmed_examples,
    make_open_clips,
    stored,
)
from training.models import FeatureTrack, ModelVersion, RunState, TrackState, TrainingRun
from training.selectors.runs import left_out_of
from training.services import reading
from training.services.damage import DAMAGED
from training.services.features import FEATURES
from training.services.runs import run_resume, run_start
from training.services.suggesting import suggestions_ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick")]


def test_the_first_feature_job_to_begin_puts_the_run_to_reading() -> None:
    clips = make_filmed_examples()
    started = run_start(project=clips[0].project, actor=None)
    run(str(Job.objects.filter(kind=FEATURES).earliest("created_at").pk))
    started.refresh_from_db()
    assert (started.state, started.job) == (RunState.FEATURES, None)
    assert started.started_at is not None
    assert FeatureTrack.objects.ready().count() == 4


def test_a_feature_file_is_named_and_hashed() -> None:
    clips = make_filmed_examples()
    run_start(project=clips[0].project, actor=None)
    work_off()
    for track in FeatureTrack.objects.all():
        assert track.file_key.endswith(f"/{track.key}.safetensors")
        assert (track.bytes, len(track.sha256), track.sentence) == (64, 64, "")


def test_clips_whose_recording_is_gone_are_missing_and_the_others_are_learned_from() -> None:
    clips = make_examples(subjects=10)
    for clip in clips[:-2]:
        film(clip)
    started = run_start(project=clips[0].project, actor=None)
    work_off()
    started.refresh_from_db()
    assert started.result is not None
    assert (started.state, started.result["notes"]) == (
        RunState.DONE,
        ["The recording's files are gone."] * 2,
    )


def test_a_feature_job_that_was_given_up_ends_the_run_in_words_and_is_done_again() -> None:
    clips = make_filmed_examples()
    started = run_start(project=clips[0].project, actor=None)
    first, second = Job.objects.filter(kind=FEATURES).order_by("created_at")
    job_cancel(job=first, actor=None)
    run(str(second.pk))
    started.refresh_from_db()
    assert (started.state, started.job) == (RunState.FAILED, None)
    assert started.sentence.startswith("4 of 8 labelled clips could not be read")
    lost = left_out_of(run=started)
    assert sum(row.clips for row in lost) == 4
    assert {row.sentence for row in lost} == {"Its frames could not be read. Cancelled."}
    run_resume(run=started, actor=None)
    work_off()
    started.refresh_from_db()
    assert (started.state, left_out_of(run=started)) == (RunState.DONE, [])
    assert FeatureTrack.objects.ready().count() == 8


def test_a_class_of_which_nothing_could_be_read_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_UNREAD", 1.0)
    clips = make_filmed_examples()
    for clip in clips:
        if clip.label == clips[0].label:
            film(clip, broken=True)
    started = run_start(project=clips[0].project, actor=None)
    work_off()
    started.refresh_from_db()
    assert started.state == RunState.FAILED
    assert f"there is nothing to learn {label_of(clips[0]).name} from" in started.sentence


def test_a_job_that_is_given_up_leaves_what_another_was_asked_for_since() -> None:
    clips = make_filmed_examples()
    started = run_start(project=clips[0].project, actor=None)
    first, second = Job.objects.filter(kind=FEATURES).order_by("created_at")
    FeatureTrack.objects.filter(job=first).update(job=second)
    job_cancel(job=first, actor=None)
    started.refresh_from_db()
    assert started.job is None
    assert FeatureTrack.objects.waiting().count() == 8


def test_damaged_features_are_missing_once_and_then_made_again() -> None:
    clips = make_filmed_examples()
    run_start(project=clips[0].project, actor=None)
    work_off()
    track = FeatureTrack.objects.earliest("pk")
    Path(default_storage.path(track.file_key)).write_bytes(b"torn")
    notes = []
    for _ in range(2):
        begun = run_start(project=clips[0].project, actor=None)
        work_off()
        begun.refresh_from_db()
        assert begun.state == RunState.DONE, begun.sentence
        notes.append((begun.result or {})["notes"])
    assert notes == [[DAMAGED], []]
    assert FeatureTrack.objects.ready().count() == 8


def test_features_that_a_run_could_not_use_are_made_again_by_the_next() -> None:
    clips = make_filmed_examples()
    run_start(project=clips[0].project, actor=None)
    work_off()
    track = FeatureTrack.objects.earliest("pk")
    kept = stored(b"torn")  # and its hash is right
    FeatureTrack.objects.filter(pk=track.pk).update(file_key=kept["key"], sha256=kept["sha256"])
    for state in (TrackState.FAILED, TrackState.READY):
        run_start(project=clips[0].project, actor=None)
        work_off()
        track.refresh_from_db()
        assert track.state == state


def test_damaged_features_are_made_again_for_suggestions() -> None:
    clips = make_open_clips(make_filmed_examples()[0].project)
    run_start(project=clips[0].project, actor=None)
    work_off()
    said = Suggestion.objects.open().count()
    track = FeatureTrack.objects.get(video=clips[0].video)
    Path(default_storage.path(track.file_key)).write_bytes(b"torn")
    suggestions_ask(model=ModelVersion.objects.get())
    work_off()
    track.refresh_from_db()
    assert (said, Suggestion.objects.open().count(), track.state) == (2, 2, TrackState.READY)
    assert Path(default_storage.path(track.file_key)).read_bytes() == track.key.encode()


def test_a_run_that_cannot_train_says_why_and_frees_the_way() -> None:
    clips = make_examples()  # no proxy is anywhere
    started = run_start(project=clips[0].project, actor=None)
    work_off()
    started.refresh_from_db()
    assert started.state == RunState.FAILED
    assert started.sentence.startswith("8 of 8 labelled clips could not be read")
    assert started.finished_at is not None
    assert not TrainingRun.objects.under_way().exists()


def test_a_train_job_that_died_three_times_fails_the_run_in_words(settings: Settings) -> None:
    settings.JOB_BACKOFF_SECONDS = 0
    clips = make_filmed_examples()
    started = run_start(project=clips[0].project, actor=None)
    settings.CHECKPOINT_DIR.parent.mkdir(exist_ok=True)
    settings.CHECKPOINT_DIR.write_text("a file where a folder must be")
    work_off()
    started.refresh_from_db()
    assert started.job is not None
    assert started.job.state == JobState.QUARANTINED
    assert started.state == RunState.FAILED
    assert started.sentence.startswith("This did not work in 3 attempts.")
    assert started.sentence.endswith("Go on with it, or start anew.")


def test_frames_that_the_gate_rejected_are_no_part_of_what_is_read() -> None:
    clips = make_filmed_examples()
    make_span(clips[0].video, 40, 60)
    run_start(project=clips[0].project, actor=None)
    with holding():
        asked = [job_kind(FEATURES).prepare(job) for job in Job.objects.filter(kind=FEATURES)]
    rejected = [clip["rejected"] for params in asked for clip in params["clips"] if clip["rejected"]]
    assert rejected == [[[40, 50]]], "cut to the clip, which ends at frame 50"

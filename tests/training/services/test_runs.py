from typing import Any

import pytest
from pytest_django.fixtures import Settings

from core.errors import Conflict, Invalid
from core.models import AuditEvent, Job, JobState
from core.services.jobs import job_claim
from core.services.state import advance
from labelling.models import Clip
from tests.factories import project_make, user_make
from tests.labelling.factories import annotate, make_clip
from tests.training.conftest import work_off
from tests.training.factories import (
    film,
    label_of,
    make_examples,
    make_filmed_examples,
    make_footage,
    make_model,
    make_ready,
    make_run,
)
from training.errors import NothingToLearn, RunUnderWay
from training.models import DatasetVersion, FeatureTrack, ModelState, RunState, TrackState, TrainingRun
from training.services import runs
from training.services.datasets import manifest_of
from training.services.features import BATCH, FEATURES
from training.services.reading import champion_features
from training.services.runs import run_cancel, run_resume, run_start

pytestmark = pytest.mark.django_db(transaction=True)


def started(clips: list[Clip]) -> TrainingRun:
    return run_start(project=clips[0].project, actor=None)


def test_a_run_freezes_labels_and_has_frames_read() -> None:
    clips, actor = make_examples(), user_make()
    run = run_start(project=clips[0].project, actor=actor, options={"budget": 3, "epochs": 5, "seed": 7})
    assert (run.number, run.state, run.dataset.number, run.seed) == (1, RunState.QUEUED, 1, 7)
    assert (run.options["budget"], run.options["epochs"], run.created_by) == (3, 5, actor)
    assert run.job is None
    assert FeatureTrack.objects.waiting().count() == run.tracks.count() == 8
    jobs = Job.objects.filter(kind=FEATURES)
    assert sorted(pk for job in jobs for pk in job.params["tracks"]) == sorted(
        FeatureTrack.objects.values_list("pk", flat=True)
    )
    assert AuditEvent.objects.get(verb="trainingrun.start").data["dataset"] == 1


def test_batches_are_small_and_keep_a_video_together() -> None:
    clips = make_examples(subjects=1, each=2)
    long = make_footage(clips[0].camera, frames=1000)
    for n in range(40):
        annotate(make_clip(long, start=10 * n, end=10 * n + 10), label_of(clips[n % 2]))
    started(clips)
    videos = []
    for job in Job.objects.filter(kind=FEATURES):
        tracks = FeatureTrack.objects.filter(pk__in=job.params["tracks"])
        assert tracks.count() <= BATCH
        videos.append(set(tracks.values_list("video", flat=True)))
    assert sum(long.pk in some for some in videos) <= 8


def test_with_all_features_there_it_goes_straight_to_the_trainer() -> None:
    clips = make_examples()
    run = started(clips)
    run_cancel(run=run, actor=None)
    make_ready(list(FeatureTrack.objects.all()))
    again = started(clips)
    assert again.dataset == run.dataset
    assert again.job is not None
    assert again.job.kind == "training.train"


def test_a_second_click_says_which_run_is_on() -> None:
    clips = make_examples()
    started(clips)
    with pytest.raises(RunUnderWay, match="Run 1 is on already") as caught:
        started(clips)
    assert caught.value.details == {"run": 1}
    assert TrainingRun.objects.count() == 1


def test_too_few_labels_start_nothing() -> None:
    with pytest.raises(NothingToLearn):
        run_start(project=project_make(), actor=None)
    assert not TrainingRun.objects.exists()
    assert not DatasetVersion.objects.exists()
    assert not Job.objects.exists()


def test_a_run_is_of_the_recipe_that_was_asked_for() -> None:
    clips = make_examples()
    run = run_start(project=clips[0].project, actor=None, recipe="x3d_xs")
    assert run.recipe == "x3d_xs"
    assert {track.recipe for track in run.tracks.all()} == {"x3d_xs"}
    assert {job.params["recipe"] for job in Job.objects.filter(kind=FEATURES)} == {"x3d_xs"}
    assert AuditEvent.objects.get(verb="trainingrun.start").data["recipe"] == "x3d_xs"


def test_a_recipe_that_there_is_not_starts_nothing() -> None:
    clips = make_examples()
    with pytest.raises(Invalid, match="no recipe named best; there are: "):
        run_start(project=clips[0].project, actor=None, recipe="best")
    assert not DatasetVersion.objects.exists()


def test_a_champion_of_another_recipe_finds_what_was_read_for_it() -> None:
    clips = make_examples(subjects=6)
    project = clips[0].project
    first = run_start(project=project, actor=None)
    make_ready(list(first.tracks.all()))
    TrainingRun.objects.filter(pk=first.pk).update(state=RunState.DONE)
    champion = make_model(project, run=first, state=ModelState.CHAMPION)
    second = run_start(project=project, actor=None, recipe="x3d_xs")
    tested = {clip.clip for clip in manifest_of(second.dataset).side("test")}
    found = champion_features(run=second, champion=champion)
    assert set(found) == tested != set()
    assert {track.recipe for track in found.values()} == {"smart_motion"}
    assert champion_features(run=first, champion=champion) == {}, "they are the run's own"


def test_poses_without_their_network_start_nothing_and_say_what_to_do(settings: Settings) -> None:
    settings.WEIGHTS_DIR = "/nowhere"
    clips = make_examples()
    with pytest.raises(Invalid, match=r"weights fetch cpm_pose14_192\.tflite"):
        run_start(project=clips[0].project, actor=None, recipe="as_gcn")
    assert not DatasetVersion.objects.exists()


def test_damaged_weights_start_nothing(settings: Settings) -> None:
    settings.WEIGHTS_DIR.mkdir()
    (settings.WEIGHTS_DIR / "mobilenet_v2_tf_imagenet1001_fp16.pth").write_bytes(b"not weights")
    with pytest.raises(Invalid, match="are damaged"):
        started(make_examples())


def test_cancelling_while_frames_are_read_stops_at_once_and_keeps_what_is_done() -> None:
    clips = make_examples()
    run = started(clips)
    first, second = Job.objects.filter(kind=FEATURES).order_by("pk")
    assert job_claim(job_id=str(first.pk), owner="somebody") is not None
    run = run_cancel(run=run, actor=None)
    assert (run.state, run.job) == (RunState.CANCELLED, None)
    assert run.sentence.startswith("This was cancelled.")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.cancel_requested) == (JobState.RUNNING, False)
    assert second.state == JobState.CANCELLED
    assert FeatureTrack.objects.filter(state=TrackState.FAILED).count() == len(second.params["tracks"])
    with pytest.raises(Conflict, match="has ended already"):
        run_cancel(run=run, actor=None)


def test_a_run_that_begins_as_another_is_cancelled_keeps_the_frames_that_both_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clips = make_examples()
    first = started(clips)

    def then_somebody_clicks(row: TrainingRun, **change: Any) -> bool:
        won = advance(row, **change)
        run_start(project=row.project, actor=None)
        return won

    monkeypatch.setattr(runs, "advance", then_somebody_clicks)
    assert run_cancel(run=first, actor=None).state == RunState.CANCELLED
    assert not Job.objects.filter(kind=FEATURES).exclude(state=JobState.QUEUED).exists()
    assert not FeatureTrack.objects.exclude(state=TrackState.WAITING).exists()


def test_a_waiting_train_job_is_cancelled_with_its_run_and_gone_on_with() -> None:
    clips = make_examples()
    run = run_cancel(run=started(clips), actor=None)
    make_ready(list(FeatureTrack.objects.all()))
    run = run_resume(run=run, actor=None)
    assert run.state == RunState.QUEUED
    assert run.job is not None
    run = run_cancel(run=run, actor=None)
    assert run.state == RunState.CANCELLED
    run = run_resume(run=run, actor=None)
    assert (run.state, run.sentence, run.finished_at) == (RunState.QUEUED, "", None)
    assert run.job is not None
    assert run.job.state == JobState.QUEUED


def test_a_running_train_job_is_asked_to_stop() -> None:
    clips = make_examples()
    run = run_cancel(run=started(clips), actor=None)
    make_ready(list(FeatureTrack.objects.all()))
    run = run_resume(run=run, actor=None)
    assert run.job is not None
    job_claim(job_id=str(run.job.pk), owner="somebody")
    run = run_cancel(run=run, actor=None)
    assert run.state == RunState.QUEUED
    assert run.job is not None
    assert run.job.cancel_requested
    with pytest.raises(Conflict, match="has not failed"):
        run_resume(run=run, actor=None)


@pytest.mark.usefixtures("quick")
def test_going_on_reads_again_what_could_not_be_read() -> None:
    clips = make_filmed_examples()
    run = run_cancel(run=started(clips), actor=None)
    assert FeatureTrack.objects.filter(state=TrackState.FAILED).count() == 8
    run_resume(run=run, actor=None)
    work_off()
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert FeatureTrack.objects.ready().count() == 8


@pytest.mark.usefixtures("quick")
def test_a_clip_that_cannot_be_read_is_missing_and_said() -> None:
    clips = make_filmed_examples(subjects=6)
    film(clips[3], broken=True)
    run = started(clips)
    work_off()
    run.refresh_from_db()
    assert run.result is not None
    assert (run.state, run.result["notes"]) == (RunState.DONE, ["The proxy is damaged."])


def test_another_run_that_is_on_keeps_this_one_from_going_on() -> None:
    project = project_make()
    ended, on = make_run(project, state=RunState.FAILED, job=None), make_run(project)
    job = Job.objects.create(project=project, kind="training.train", dedupe_key="x", state=JobState.FAILED)
    TrainingRun.objects.filter(pk=ended.pk).update(job=job)
    with pytest.raises(RunUnderWay, match=f"Run {on.number} is on"):
        run_resume(run=ended, actor=None)
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_a_run_whose_job_ended_without_a_word_can_be_cancelled_and_gone_on_with() -> None:
    job = Job.objects.create(kind="training.train", dedupe_key="x", state=JobState.QUARANTINED)
    run = run_cancel(run=make_run(state=RunState.TRAINING, job=job), actor=None)
    assert run.state == RunState.CANCELLED
    assert run_resume(run=run, actor=None).state == RunState.QUEUED

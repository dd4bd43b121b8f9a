"""Ingest jobs through the real runner, each with its real child process."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from core.jobs.kinds import Limits
from core.jobs.runner import run
from core.models import Job, JobState
from core.services.jobs import job_cancel
from curation import jobs
from curation.models import FrameMetrics, QualityProfile, QualitySpan, SpanState, Video, VideoState
from curation.quality.score import METRICS, Metrics
from curation.selectors.gate import REJUDGE
from curation.selectors.quality import metrics_column
from curation.services.ingest import LostVideoError, video_ingested
from curation.services.videos import video_register, video_remove, video_retry
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera, scene, write_audio, write_video

pytestmark = pytest.mark.django_db(transaction=True)

Ingest = Callable[[Path], Video]
BLACK = np.zeros((240, 320, 3), np.uint8)


@pytest.fixture
def register(disk: Disk) -> Ingest:
    """Register a file from the one camera there is."""
    camera = make_camera()

    def call(path: Path) -> Video:
        return video_register(
            project=camera.site.project, camera=camera, name=path.name, source=path, actor=None
        )

    return call


@pytest.fixture
def ingest(register: Ingest) -> Ingest:
    """Register a file and run its job."""
    return lambda path: work_on(register(path))


def work_on(video: Video) -> Video:
    run(str(video.job_id))
    return Video.objects.select_related("job").get(pk=video.pk)


def state_of_job(video: Video) -> str:
    assert video.job is not None
    video.job.refresh_from_db()
    return video.job.state


def test_a_good_file_becomes_a_ready_video(ingest: Ingest, tmp_path: Path) -> None:
    video = ingest(write_video(tmp_path / "a.mp4", 45))
    assert (video.state, video.frames, video.damaged) == (VideoState.READY, 45, False)
    assert (video.width, video.height, video.codec, video.sentence) == (320, 240, "h264", "")
    assert state_of_job(video) == JobState.DONE
    assert {"proxy720", "proxy360", "poster", "filmstrip", "index"} <= set(video.artifacts)


def test_every_frame_has_every_metric(ingest: Ingest, tmp_path: Path, disk: Disk) -> None:
    video = ingest(write_video(tmp_path / "a.mp4", 45))
    stored = Metrics.load(disk.media / video.artifacts["metrics"]["key"])
    for name in METRICS:
        np.testing.assert_array_equal(metrics_column(video_id=video.pk, metric=name), stored[name])
        assert len(stored[name]) == 45


def test_what_is_rejected_is_kept_as_spans(ingest: Ingest, tmp_path: Path) -> None:
    pictures = [scene(n) if n < 30 or n >= 50 else BLACK for n in range(80)]
    video = ingest(write_video(tmp_path / "a.mp4", pictures))
    span = QualitySpan.objects.get(video=video)
    assert (span.start, span.end, span.state, span.profile_revision) == (30, 50, SpanState.PENDING, 1)
    assert span.reason == span.reasons[0]["reason"]
    assert video.rejected_frames == 20
    assert sum(video.rejected_over_time) == pytest.approx(100 * 56 * 20 / 80, abs=30)


def test_what_is_rejected_is_pictured_and_what_is_usual_is_known(ingest: Ingest, tmp_path: Path) -> None:
    pictures = [scene(n) if n < 30 or n >= 50 else BLACK for n in range(80)]
    video = ingest(write_video(tmp_path / "a.mp4", pictures))
    frames = video.rejects["frames"]
    assert (frames[0], frames[-1], len(frames)) == (30, 49, 12)
    assert {Path(sheet).stem for sheet in video.rejects["sheets"]} <= set(video.artifacts)
    profile = QualityProfile.objects.get(camera=video.camera_id)
    assert profile.usual == video.usual
    assert profile.usual["dark"] < 0.2


def test_thresholds_changed_while_it_is_worked_on_judge_again(
    register: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest_kind, *others = jobs.KINDS
    tolerant = dict.fromkeys(("too_dark", "defocus", "covered", "freeze", "motion_blur"))

    def prepare(job: Job) -> dict[str, Any]:
        params = ingest_kind.prepare(job)
        QualityProfile.objects.update(thresholds=tolerant, revision=2)
        return params

    monkeypatch.setattr(jobs, "KINDS", (replace(ingest_kind, prepare=prepare), *others))
    video = work_on(register(write_video(tmp_path / "a.mp4", [BLACK] * 20)))
    assert (video.state, video.rejected_frames) == (VideoState.READY, 0)
    [again] = Job.objects.filter(kind=REJUDGE)
    assert again.params["videos"] == [str(video.pk)], "its sprites show what the earlier gate rejected"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"not a video at all, only words", "."),
        (b"\x00" * 4096, "blank"),
        (b"audio", "sound"),
    ],
    ids=["empty", "words", "blank", "sound alone"],
)
def test_a_file_that_is_no_video_fails_in_words_and_leaves_nothing(
    ingest: Ingest, tmp_path: Path, disk: Disk, content: bytes, said: str
) -> None:
    path = tmp_path / "bad.mp4"
    write_audio(path) if content == b"audio" else path.write_bytes(content)
    video = ingest(path)
    assert (video.state, state_of_job(video)) == (VideoState.FAILED, JobState.FAILED)
    assert said in video.sentence
    assert video.sentence.endswith(".")
    assert disk.stored() == [video.source_key]
    assert not FrameMetrics.objects.exists()
    assert not QualitySpan.objects.exists()
    assert not [path for path in disk.work.rglob("*") if path.is_file()]


def test_a_failed_video_tried_again_gets_the_same_verdict(ingest: Ingest, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"not a video")
    video = ingest(tmp_path / "a.mp4")
    before = video.sentence
    again = work_on(video_retry(video=video, actor=None))
    assert (again.state, again.sentence) == (VideoState.FAILED, before)


def test_a_file_that_was_cut_short_is_ready_but_damaged(ingest: Ingest, tmp_path: Path) -> None:
    whole = write_video(tmp_path / "a.mkv", 90).read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) * 2 // 3])
    video = ingest(tmp_path / "cut.mkv")
    assert video.state == VideoState.READY
    assert 0 < video.frames < 90


def test_a_worker_that_dies_three_times_fails_the_video_and_says_so(
    register: Ingest, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, disk: Disk
) -> None:
    settings.JOB_BACKOFF_SECONDS = 0
    ingest_kind = jobs.KINDS[0]
    starved = replace(ingest_kind, limits=Limits(output_bytes=1000))
    monkeypatch.setattr(jobs, "KINDS", (starved, jobs.KINDS[1]))
    video = register(write_video(tmp_path / "a.mp4", 20))
    for _ in range(3):
        video = work_on(video)
    assert (video.state, state_of_job(video)) == (VideoState.FAILED, JobState.QUARANTINED)
    assert video.sentence.startswith("This did not work in 3 attempts. ")
    assert video.sentence.endswith("Try it again, or remove it.")
    assert disk.stored() == [video.source_key]


def test_cancelling_fails_the_video_in_words(register: Ingest, tmp_path: Path) -> None:
    video = register(write_video(tmp_path / "a.mp4", 5))
    assert video.job is not None
    job_cancel(job=video.job, actor=None)
    video.refresh_from_db()
    assert video.state == VideoState.FAILED
    assert "cancelled" in video.sentence


def test_a_video_removed_while_it_waits_is_not_worked_on(
    register: Ingest, tmp_path: Path, disk: Disk
) -> None:
    video = register(write_video(tmp_path / "a.mp4", 5))
    video_remove(video=video, actor=None)
    assert work_on(video).frames == 0


def test_a_source_that_changed_in_storage_is_not_taken_for_the_video(
    register: Ingest, tmp_path: Path, disk: Disk
) -> None:
    video = register(write_video(tmp_path / "a.mp4", 5))
    (disk.media / video.source_key).write_bytes(write_video(tmp_path / "b.mp4", 6).read_bytes())
    video = work_on(video)
    assert video.state == VideoState.WORKING
    assert state_of_job(video) == JobState.QUEUED


def test_results_for_a_video_that_is_not_being_worked_on_are_refused(ingest: Ingest, tmp_path: Path) -> None:
    video = ingest(write_video(tmp_path / "a.mp4", 5))
    result: dict[str, Any] = {"spans": [], "revision": 1, "damage": [], "notes": [], "frames": 5, "files": {}}
    made = video.artifacts["metrics"]
    result["files"] = {
        "metrics.npz": {"name": "metrics", "sha256": made["sha256"], "bytes": made["bytes"], "type": "x"}
    }
    facts = {name: getattr(video, name) for name in ("fps", "seconds", "width", "height", "rotation")}
    more = ("codec", "had_audio", "time_base", "runs", "last_duration", "proxy_runs", "proxy_last_duration")
    facts |= {name: getattr(video, name) for name in (*more, "index_sha256", "decoder")}
    with pytest.raises(LostVideoError), transaction.atomic():
        video_ingested(video=video, result={**result, **facts}, files={"metrics.npz": made["key"]})

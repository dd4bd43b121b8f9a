"""Judging again through the real runner, with its real child process and real footage."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage

from core.jobs.runner import run
from core.models import Job, JobState
from curation import jobs
from curation.models import QualitySpan, SpanState, Video
from curation.quality.verdict import Thresholds
from curation.selectors.gate import REJUDGE
from curation.services.gate import gate_apply
from curation.services.videos import video_register
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera, scene, write_video

pytestmark = pytest.mark.django_db(transaction=True)
BLACK = np.zeros((240, 320, 3), np.uint8)
OFF = Thresholds(too_dark=None, defocus=None, covered=None, freeze=None, motion_blur=None)


def footage(folder: Path) -> Video:
    """80 frames of a new camera that came in: 10 to 20 and 40 to 60 are black."""
    pictures = [BLACK if 10 <= n < 20 or 40 <= n < 60 else scene(n) for n in range(80)]
    camera = make_camera()
    source = write_video(folder / "a.mp4", pictures)
    video = video_register(
        project=camera.site.project, camera=camera, name="a.mp4", source=source, actor=None
    )
    run(str(video.job_id))
    return Video.objects.select_related("camera").get(pk=video.pk)


def applied(video: Video, thresholds: Thresholds, revision: int) -> Job:
    """Apply a gate and judge again; the job."""
    gate_apply(camera=video.camera, thresholds=thresholds, revision=revision, actor=None)
    job = Job.objects.get(kind=REJUDGE, params__revision=revision + 1)
    run(str(job.pk))
    job.refresh_from_db()
    video.refresh_from_db()
    return job


def sprites(video: Video) -> dict[str, str]:
    """Keys of the files of the sprite, by name."""
    return {name: made["key"] for name, made in video.artifacts.items() if name.startswith("rejects")}


def test_a_new_gate_judges_again_and_pictures_what_is_rejected_then(disk: Disk, tmp_path: Path) -> None:
    video = footage(tmp_path)
    assert [(span.start, span.end) for span in QualitySpan.objects.of_video(video)] == [(10, 20), (40, 60)]
    QualitySpan.objects.filter(start=10).update(state=SpanState.CONFIRMED)
    first = sprites(video)

    job = applied(video, OFF, 1)
    assert job.state == JobState.DONE
    span = QualitySpan.objects.get(video=video)
    assert (span.start, span.end, span.state) == (10, 20, SpanState.CONFIRMED)
    assert video.rejected_frames == 10
    second = sprites(video)
    assert video.rejects["frames"] == list(range(10, 20))
    assert set(second) == {"rejects", video.rejects["sheets"][0].removesuffix(".jpg")}
    assert all(default_storage.exists(key) for key in second.values())
    assert not [key for key in first.values() if default_storage.exists(key)]

    job = applied(video, Thresholds(), 2)
    assert [(span.start, span.end) for span in QualitySpan.objects.of_video(video)] == [(10, 20), (40, 60)]
    assert not [key for key in second.values() if default_storage.exists(key)]
    assert video.rejects["frames"][0] == 10
    assert video.rejects["frames"][-1] == 59

    QualitySpan.objects.update(state=SpanState.PENDING)
    job = applied(video, OFF, 3)
    assert (video.rejected_frames, video.rejects, sprites(video)) == (0, {}, {})
    assert not [key for key in disk.stored() if "rejects" in key]


def test_verdicts_of_a_gate_that_changed_meanwhile_leave_nothing_behind(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = footage(tmp_path)
    QualitySpan.objects.filter(start=10).update(state=SpanState.CONFIRMED)
    before = disk.stored()
    *others, rejudge = jobs.KINDS

    def prepare(job: Job) -> dict[str, Any]:
        params = rejudge.prepare(job)
        gate_apply(camera=video.camera, thresholds=Thresholds(glare=None), revision=2, actor=None)
        return params

    monkeypatch.setattr(jobs, "KINDS", (*others, replace(rejudge, prepare=prepare)))
    assert applied(video, OFF, 1).state == JobState.DONE
    assert disk.stored() == before
    assert QualitySpan.objects.of_video(video).count() == 2
    assert Job.objects.filter(kind=REJUDGE, params__revision=3, state=JobState.QUEUED).count() == 1


def test_a_video_whose_files_are_lost_is_judged_from_the_database(disk: Disk, tmp_path: Path) -> None:
    video = footage(tmp_path)
    for name in ("metrics", "proxy720"):
        default_storage.delete(video.artifacts[name]["key"])
    assert applied(video, OFF, 1).state == JobState.DONE
    assert (video.rejected_frames, QualitySpan.objects.of_video(video).count()) == (0, 0)
    assert sprites(video)

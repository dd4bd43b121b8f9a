"""A video that comes in is cut into clips by a job of its own."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from core.jobs.runner import run
from core.models import Job, JobState
from curation.services.videos import video_register, videos_follow_up
from labelling.models import Clip
from labelling.services.cutting import CUT, cut_later
from tests.curation.conftest import Disk, disk  # noqa: F401 - a fixture
from tests.curation.factories import make_camera, make_ready_video, write_video
from tests.labelling.factories import make_span

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_video_that_came_in_is_cut(disk: Disk, tmp_path: Path) -> None:  # noqa: F811
    camera = make_camera()
    source = write_video(tmp_path / "a.mp4", 30)
    video = video_register(
        project=camera.site.project, camera=camera, name="a.mp4", source=source, actor=None
    )
    run(str(video.job_id))
    assert not Clip.objects.exists(), "not in the ingest's own transaction"
    job = Job.objects.get(kind=CUT)
    assert (job.state, job.project) == (JobState.QUEUED, video.project)
    run(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.DONE
    clip = Clip.objects.get()
    assert (clip.video, clip.start, clip.end) == (video, 0, 30)


def test_new_verdicts_ask_for_another_cut() -> None:
    video = make_ready_video(frames=100)
    for cause in ("ready", "profile 2", "profile 2"):
        videos_follow_up(videos=[video], cause=cause)
    first, second = Job.objects.filter(kind=CUT).order_by("created_at")
    run(str(first.pk))
    make_span(video, 0, 50)
    run(str(second.pk))
    clip = Clip.objects.standing().get()
    assert (clip.start, clip.end) == (50, 100)


def test_nothing_stands_on_curation_that_settings_do_not_name(settings: Settings) -> None:
    settings.AFTER_INGEST_JOBS = []
    videos_follow_up(videos=[make_ready_video()], cause="ready")
    assert not Job.objects.exists()


def test_a_cut_asked_for_twice_is_one_job() -> None:
    video = make_ready_video()
    cut_later(video_id=video.pk, cause="x")
    cut_later(video_id=video.pk, cause="x")
    assert Job.objects.get().project == video.project

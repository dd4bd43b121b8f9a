from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import Conflict, Invalid
from core.jobs.runner import run
from core.models import AuditEvent, Job, JobState, Project
from core.services.jobs import job_claim, job_fail
from curation.errors import DuplicateVideo
from curation.models import Camera, Video, VideoState
from curation.services.videos import (
    INGEST,
    video_name,
    video_register,
    video_remove,
    video_restore,
    video_retry,
)
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera, make_video
from tests.factories import project_make

pytestmark = pytest.mark.django_db

Bring = Callable[..., Video]


@pytest.fixture
def bring(disk: Disk, tmp_path: Path) -> Bring:
    """Register bytes as a video."""

    def register(content: bytes = b"footage", name: str = "a.mp4", camera: Camera | None = None) -> Video:
        camera = camera or make_camera()
        source = tmp_path / "incoming"
        source.write_bytes(content)
        return video_register(
            project=camera.site.project, camera=camera, name=name, source=source, actor=None
        )

    return register


def refuse(video: Video, sentence: str = "It holds no picture.") -> Video:
    """Let the video's job end with a verdict."""
    job = job_claim(job_id=str(video.job_id), owner="test")
    assert job is not None
    assert job_fail(job=job, reason=sentence, permanent=True)
    video.refresh_from_db()
    return video


def test_a_registered_video_waits_with_its_job(bring: Bring) -> None:
    video = bring()
    assert (video.state, video.bytes) == (VideoState.REGISTERED, 7)
    job = Job.objects.get(kind=INGEST)
    assert (video.job, job.state, job.params) == (job, JobState.QUEUED, {"video": str(video.pk)})


def test_the_time_in_its_name_is_when_it_was_recorded(bring: Bring) -> None:
    assert bring(name="yard_20261014_170000.mp4").recorded_at == datetime(2026, 10, 14, 17, tzinfo=UTC)


def test_a_duplicate_is_refused_with_a_pointer_to_the_first(bring: Bring, disk: Disk) -> None:
    camera = make_camera()
    first = bring(name="first.mp4", camera=camera)
    with pytest.raises(
        DuplicateVideo, match=r"^again\.mp4 is already in this project, as first\.mp4\.$"
    ) as caught:
        bring(name="again.mp4", camera=make_camera(camera.site.project, site="Gate"))
    assert caught.value.details == {"video": str(first.pk), "name": "first.mp4"}
    assert caught.value.status == 409
    assert disk.stored() == [first.source_key]
    assert Job.objects.filter(kind=INGEST).count() == 1


def test_the_same_bytes_in_another_project_are_no_duplicate(bring: Bring, disk: Disk) -> None:
    one, other = bring(), bring()
    assert one.sha256 == other.sha256
    assert one.project != other.project
    assert one.source_key != other.source_key


def test_a_removed_video_does_not_stand_in_the_way(bring: Bring) -> None:
    camera = make_camera()
    video_remove(video=bring(camera=camera), actor=None)
    assert bring(camera=camera).state == VideoState.REGISTERED


def test_a_camera_of_another_project_is_refused(disk: Disk, tmp_path: Path) -> None:
    source = tmp_path / "a.mp4"
    source.write_bytes(b"x")
    with pytest.raises(Invalid, match="camera"):
        video_register(project=project_make(), camera=make_camera(), name="a.mp4", source=source, actor=None)
    assert disk.stored() == []


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\export\\yard.mp4", "yard.mp4"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\nc.mp4", "a b c.mp4"),
        ("x" * 300 + ".mp4", "x" * 251 + ".mp4"),
    ],
)
def test_a_name_is_made_fit_to_be_shown(given: str, shown: str) -> None:
    assert video_name(given) == shown


@pytest.mark.parametrize("given", ["", " ", "..", "/", "\n"])
def test_no_name_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        video_name(given)


def test_registering_is_written_down_with_who_did_it(bring: Bring) -> None:
    video = bring()
    event = AuditEvent.objects.get(verb="video.register")
    assert (event.object_id, event.data) == (str(video.pk), {"name": "a.mp4"})


def test_a_verdict_fails_the_video_with_its_sentence(bring: Bring) -> None:
    video = refuse(bring())
    assert (video.state, video.sentence) == (VideoState.FAILED, "It holds no picture.")


def test_a_failed_video_is_tried_again_from_the_start(bring: Bring) -> None:
    video = video_retry(video=refuse(bring()), actor=None)
    assert (video.state, video.sentence) == (VideoState.REGISTERED, "")
    assert Job.objects.get(video=video).state == JobState.QUEUED


def test_only_a_failed_video_is_tried_again(bring: Bring) -> None:
    with pytest.raises(Conflict):
        video_retry(video=bring(), actor=None)


def test_removing_a_waiting_video_cancels_its_job(bring: Bring) -> None:
    video = bring()
    video_remove(video=video, actor=None)
    assert Job.objects.get(video=video).state == JobState.CANCELLED
    assert not Video.objects.kept().filter(pk=video.pk)


def test_removing_twice_is_written_down_once(bring: Bring) -> None:
    video = bring()
    video_remove(video=video, actor=None)
    video_remove(video=video, actor=None)
    assert AuditEvent.objects.filter(verb="video.remove").count() == 1


def test_a_removed_video_comes_back(bring: Bring, disk: Disk) -> None:
    video = bring()
    video_remove(video=video, actor=None)
    assert video_restore(video=video, actor=None).deleted_at is None
    assert disk.stored() == [video.source_key]


def test_a_video_that_came_in_again_is_not_restored_beside_itself(bring: Bring) -> None:
    camera = make_camera()
    removed = bring(camera=camera)
    video_remove(video=removed, actor=None)
    bring(name="again.mp4", camera=camera)
    with pytest.raises(DuplicateVideo, match="again"):
        video_restore(video=removed, actor=None)


def test_a_video_whose_files_are_gone_does_not_come_back() -> None:
    video = make_video(source_key="", deleted_at="2026-01-01T00:00Z")
    with pytest.raises(Conflict, match="files are gone"):
        video_restore(video=video, actor=None)


def test_a_job_of_a_removed_project_does_nothing(bring: Bring) -> None:
    video = bring()
    job = str(video.job_id)
    Project.objects.filter(pk=video.project_id).update(name="x")
    Video.objects.filter(pk=video.pk).delete()
    Job.objects.filter(pk=job).delete()
    run(job)
    assert not Job.objects.filter(pk=job)

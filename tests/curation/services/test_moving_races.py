"""A video is moved while others are at it, or at its cameras."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from core.errors import Conflict, NotFound
from core.models import Job, JobState
from curation.models import Camera, QualityProfile, QualitySpan, Video, VideoState
from curation.quality.verdict import Thresholds
from curation.selectors.gate import REJUDGE
from curation.services.gate import gate_apply
from curation.services.ingest import usual_learn
from curation.services.moving import video_move
from curation.services.rejudging import videos_rejudged
from curation.services.sites import camera_remove
from curation.services.verdicts import verdicts_settle
from curation.services.videos import INGEST, video_remove, video_retry
from tests.connections import elsewhere, until_they_wait
from tests.curation.factories import make_camera, make_metrics, make_ready_video, make_video

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here() -> Camera:
    return make_camera(name="North")


@pytest.fixture
def there(here: Camera) -> Camera:
    return make_camera(here.site.project, "South")


def move(video: Video, camera: Camera) -> Video:
    return video_move(video=video, camera=camera, seen=video.camera_id, actor=None)


def test_no_video_comes_to_a_camera_that_goes(here: Camera, there: Camera) -> None:
    video = make_ready_video(here)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_remove(camera=there, actor=None)
            moved = elsewhere(pool, lambda: move(video, there))
            until_they_wait(moved)
        with pytest.raises(Conflict, match="The camera South was removed just now"):
            moved.result(30)
    assert Video.objects.get(pk=video.pk).camera == here


def test_a_camera_stays_for_the_video_that_comes(here: Camera, there: Camera) -> None:
    video = make_ready_video(here)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            move(video, there)
            removed = elsewhere(pool, lambda: camera_remove(camera=there, actor=None))
            until_they_wait(removed)
        with pytest.raises(Conflict, match="South cannot be removed: it has 1 video"):
            removed.result(30)


def test_verdicts_that_waited_for_a_video_that_left_are_thrown_away(here: Camera, there: Camera) -> None:
    """The job of the old camera has its child's verdicts, and waits for the row that is being moved."""
    video = make_ready_video(here)
    make_metrics(video, dark=0.65)
    gate_apply(camera=here, thresholds=Thresholds(too_dark=0.6), revision=1, actor=None)
    job = Job.objects.get(kind=REJUDGE)
    result = {"revision": 2, "videos": {}, "files": {}}
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            move(video, there)
            late = elsewhere(pool, lambda: videos_rejudged(job=job, result=result, files={}))
            until_they_wait(late)
        late.result(30)
    assert not QualitySpan.objects.of_video(video).exists()


def test_a_move_that_waited_for_verdicts_has_the_video_judged_anew(here: Camera, there: Camera) -> None:
    video = make_ready_video(here)
    make_metrics(video, dark=0.65)
    gate_apply(camera=here, thresholds=Thresholds(too_dark=0.6), revision=1, actor=None)
    job = Job.objects.get(kind=REJUDGE)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            videos_rejudged(job=job, result={"revision": 2, "videos": {}, "files": {}}, files={})
            moved = elsewhere(pool, lambda: move(video, there))
            until_they_wait(moved)
        moved.result(30)
    assert set(QualitySpan.objects.values_list("profile_revision", flat=True)) == {0}
    assert Job.objects.filter(kind=REJUDGE, params__camera=str(there.pk)).count() == 1


def test_of_two_moves_at_once_the_later_one_is_told(here: Camera, there: Camera) -> None:
    video, third = make_ready_video(here), make_camera(here.site.project, "East")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            move(video, there)
            again = elsewhere(pool, lambda: move(video, third))
            until_they_wait(again)
        with pytest.raises(Conflict, match="was moved to South meanwhile"):
            again.result(30)
    assert Video.objects.get(pk=video.pk).camera == there


def test_videos_that_change_places_do_not_wait_for_each_other_for_ever(here: Camera, there: Camera) -> None:
    one, other = make_ready_video(here), make_ready_video(there)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            move(one, there)
            back = elsewhere(pool, lambda: move(other, here))
            until_they_wait(back)
        back.result(30)
    assert {one.pk: there.pk, other.pk: here.pk} == dict(Video.objects.values_list("pk", "camera"))


def test_a_video_that_is_tried_again_meanwhile_stays(here: Camera, there: Camera) -> None:
    job = Job.objects.create(kind=INGEST, dedupe_key="x", state=JobState.FAILED)
    video = make_video(here, state=VideoState.FAILED, job=job)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            video_retry(video=video, actor=None)
            moved = elsewhere(pool, lambda: move(video, there))
            until_they_wait(moved)
        with pytest.raises(Conflict, match="still being read"):
            moved.result(30)


def test_a_video_that_is_moved_meanwhile_is_tried_again_at_its_new_camera(
    here: Camera, there: Camera
) -> None:
    job = Job.objects.create(kind=INGEST, dedupe_key="x", state=JobState.FAILED)
    video = make_video(here, state=VideoState.FAILED, job=job)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            move(video, there)
            again = elsewhere(pool, lambda: video_retry(video=video, actor=None))
            until_they_wait(again)
        assert again.result(30).camera == there


def test_a_video_that_is_removed_meanwhile_is_gone(here: Camera, there: Camera) -> None:
    video = make_ready_video(here)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            video_remove(video=video, actor=None)
            moved = elsewhere(pool, lambda: move(video, there))
            until_they_wait(moved)
        with pytest.raises(NotFound, match="no such video"):
            moved.result(30)


def test_a_move_and_the_end_of_an_ingest_lock_in_one_order(here: Camera, there: Camera) -> None:
    """An ingest locks its camera's profile, then counts its video; a move does it in that order too."""
    video, coming = make_ready_video(here), make_ready_video(there)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            profile = QualityProfile.objects.select_for_update().get(pk=there.pk)
            moved = elsewhere(pool, lambda: move(video, there))
            until_they_wait(moved)
            Video.objects.filter(pk=coming.pk).update(frames=60)
            verdicts_settle(videos=[coming.pk], cause="ready")
            usual_learn(profile=profile)
        assert moved.result(30).camera == there

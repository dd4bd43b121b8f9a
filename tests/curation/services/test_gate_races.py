"""Two who are at one gate at the same moment: nobody waits for verdicts, and the latest gate's stand."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from core.models import Job, JobState
from core.services.jobs import job_retry
from curation.models import QualityProfile, QualitySpan, Video
from curation.quality.verdict import Thresholds
from curation.selectors.gate import REJUDGE
from curation.services.gate import gate_apply
from curation.services.rejudging import videos_rejudged
from curation.services.verdicts import videos_lock
from tests.connections import elsewhere, until_they_wait
from tests.curation.factories import make_metrics, make_ready_video

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def video() -> Video:
    """Fifty frames, darker than 0.6 and lighter than 0.7."""
    video = make_ready_video()
    make_metrics(video, dark=0.65)
    return video


def apply(video: Video, too_dark: float, revision: int) -> QualityProfile:
    asked = Thresholds(too_dark=too_dark)
    return gate_apply(camera=video.camera, thresholds=asked, revision=revision, actor=None)


def judge(video: Video, revision: int) -> None:
    """What the job of that revision commits, whose child had nothing to read."""
    job = Job.objects.get(kind=REJUDGE, params__revision=revision)
    videos_rejudged(job=job, result={"revision": revision, "videos": {}, "files": {}}, files={})


def test_a_gate_is_applied_while_verdicts_of_the_one_before_are_written(video: Video) -> None:
    apply(video, 0.6, 1)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        judge(video, 2)
        assert elsewhere(pool, lambda: apply(video, 0.7, 2)).result(10).revision == 3
    judge(video, 3)
    assert not QualitySpan.objects.of_video(video).exists()


def test_verdicts_that_waited_for_their_videos_give_way_to_a_newer_gate(video: Video) -> None:
    apply(video, 0.6, 1)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            videos_lock(videos=[video.pk])
            late = elsewhere(pool, lambda: judge(video, 2))
            until_they_wait(late)
            apply(video, 0.7, 2)
            judge(video, 3)
        late.result(10)
    assert not QualitySpan.objects.of_video(video).exists()


def test_two_who_try_a_failed_job_again_at_once_are_both_served(video: Video) -> None:
    profile = apply(video, 0.6, 1)
    Job.objects.filter(kind=REJUDGE).update(state=JobState.FAILED)
    job = Job.objects.get(kind=REJUDGE)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            job_retry(job=job, actor=None)
            other = elsewhere(pool, lambda: apply(video, 0.6, 2))
            until_they_wait(other)
        assert other.result(10) == profile
    job.refresh_from_db()
    assert job.state == JobState.QUEUED

import pytest
from pytest_django import DjangoAssertNumQueries

from core.models import Job, JobEvent
from curation.models import QualitySpan, SpanState, Video, VideoTally
from curation.selectors.quality import rejected_over_time
from curation.services.verdicts import verdicts_settle
from tests.curation.factories import make_camera, make_ready_video

pytestmark = pytest.mark.django_db


def reject(video: Video, start: int, end: int, state: SpanState = SpanState.PENDING) -> None:
    QualitySpan.objects.create(
        video=video, start=start, end=end, reason="defocus", state=state, profile_revision=1
    )


def test_what_stands_is_summed_and_what_is_restored_is_not() -> None:
    video = make_ready_video(frames=100)
    reject(video, 0, 10)
    reject(video, 20, 25, SpanState.CONFIRMED)
    reject(video, 50, 90, SpanState.RESTORED)
    verdicts_settle(videos=[video.pk], cause="test")
    video.refresh_from_db()
    assert video.rejected_frames == 15
    assert video.rejected_over_time == rejected_over_time([(0, 10), (20, 25)], 100)
    assert VideoTally.objects.get(camera=video.camera).rejected_frames == 15


def test_a_video_without_rejections_is_set_back() -> None:
    video = make_ready_video(rejected_frames=7, rejected_over_time=[50] * 56)
    verdicts_settle(videos=[video.pk], cause="test")
    video.refresh_from_db()
    assert (video.rejected_frames, set(video.rejected_over_time)) == (0, {0})


def test_the_apps_above_look_at_every_video_once_a_cause() -> None:
    videos = [make_ready_video().pk for _ in range(3)]
    for cause in ("one", "one", "other"):
        verdicts_settle(videos=videos, cause=cause)
    jobs = Job.objects.filter(kind="labelling.cut")
    assert jobs.filter(dedupe_key__endswith=":one").count() == 3
    assert {job.params["video"] for job in jobs} == {str(pk) for pk in videos}
    assert (jobs.count(), JobEvent.objects.filter(job__in=jobs).count()) == (6, 6)


def test_the_statements_do_not_grow_with_the_videos(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    camera = make_camera()
    videos = [make_ready_video(camera) for _ in range(20)]
    for video in videos:
        reject(video, 5, 15)
    with django_assert_max_num_queries(13):
        verdicts_settle(videos=[video.pk for video in videos], cause="test")
    assert Video.objects.filter(rejected_frames=10).count() == 20

"""What the database itself holds to, whoever writes."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Sum

from curation.models import QualitySpan, Video, VideoState, VideoTally
from tests.curation.factories import make_camera, make_ready_video, make_video
from tests.factories import project_make

pytestmark = pytest.mark.django_db

Rows = list[tuple[object, ...]]


def tallied() -> Rows:
    kept = VideoTally.objects.exclude(videos=0)
    return sorted(
        kept.values_list("camera", "state", "videos", "frames", "milliseconds", "rejected_frames"), key=str
    )


def counted() -> Rows:
    groups = Video.objects.kept().order_by().values("camera", "state")
    sums = groups.annotate(n=Count("*"), f=Sum("frames"), s=Sum("seconds"), j=Sum("rejected_frames"))
    return sorted(
        ((r["camera"], r["state"], r["n"], r["f"], round(r["s"] * 1000), r["j"]) for r in sums), key=str
    )


def test_the_tally_is_the_count_after_every_kind_of_change() -> None:
    north, south = make_camera(), make_camera()
    videos = [
        make_video(north),
        make_video(north),
        make_ready_video(south),
        make_ready_video(south, frames=7),
    ]
    assert tallied() == counted()
    Video.objects.filter(pk=videos[0].pk).update(state=VideoState.WORKING)
    assert tallied() == counted()
    Video.objects.filter(pk=videos[0].pk).update(
        state=VideoState.READY, frames=10, seconds=0.4, rejected_frames=3
    )
    assert tallied() == counted()
    Video.objects.filter(camera=south).update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert tallied() == counted()
    Video.objects.filter(pk=videos[2].pk).update(deleted_at=None)
    assert tallied() == counted()
    Video.objects.filter(pk=videos[1].pk).delete()
    assert tallied() == counted()
    assert len(counted()) == 2


def test_a_removed_video_changes_state_without_being_counted() -> None:
    video = make_video(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    Video.objects.filter(pk=video.pk).update(state=VideoState.WORKING)
    assert tallied() == []


def test_a_project_goes_with_all_its_footage() -> None:
    video = make_ready_video()
    video.project.delete()
    assert not Video.objects.exists()


@pytest.mark.parametrize("bounds", [(5, 5), (6, 5)])
def test_a_span_holds_at_least_one_frame(bounds: tuple[int, int]) -> None:
    start, end = bounds
    with pytest.raises(IntegrityError), transaction.atomic():
        QualitySpan.objects.create(
            video=make_ready_video(), start=start, end=end, reason="x", profile_revision=1
        )


def test_the_same_bytes_are_kept_once_in_a_project() -> None:
    video = make_video()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_video(video.camera, sha256=video.sha256)
    make_video(make_camera(project_make()), sha256=video.sha256)


def test_a_camera_with_videos_is_not_deleted_from_under_them() -> None:
    with pytest.raises(models.RestrictedError):
        make_video().camera.delete()

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from core.errors import NotFound
from core.models import Job
from curation.models import Video, VideoState
from curation.selectors.videos import (
    VideoSort,
    artifact_of,
    video_of,
    videos_found,
    videos_page,
    videos_totals,
)
from tests.curation.factories import make_camera, make_ready_video, make_video
from tests.factories import project_make

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)


def names(
    *, state: VideoState | None = None, sort: VideoSort = VideoSort.NAME, limit: int = 50, offset: int = 0
) -> list[str]:
    found = Video.objects.kept()
    page = videos_page(found, state=state, sort=sort, limit=limit, offset=offset)
    return [video.name for video in page]


def test_a_search_finds_names_whatever_their_case_and_cameras() -> None:
    north = make_camera(name="Yard North")
    project = north.site.project
    south = make_camera(project, name="South", site="Gate")
    make_video(north, name="a.mp4")
    make_video(south, name="The YARD.mp4")
    make_video(south, name="b.mp4")
    found = videos_found(project=project, search=" yard ")
    assert sorted(video.name for video in found) == ["The YARD.mp4", "a.mp4"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'"])
def test_a_search_takes_signs_as_they_are(text: str) -> None:
    video = make_video(name=f"a{text}b.mp4")
    make_video(video.camera, name="plain.mp4")
    assert videos_found(project=video.project, search=text).get() == video


def test_another_projects_videos_and_removed_ones_are_not_found() -> None:
    camera = make_camera()
    make_video(camera, name="removed.mp4", deleted_at=START)
    make_video(name="elsewhere.mp4")
    kept = make_video(camera)
    assert list(videos_found(project=camera.site.project)) == [kept]


@pytest.mark.parametrize("search", ["", "video"], ids=["tallied", "searched"])
def test_totals_count_every_state_but_sum_the_chosen_one(search: str) -> None:
    camera = make_camera()
    make_ready_video(camera, frames=50)
    make_ready_video(camera, frames=25)
    make_video(camera, state=VideoState.FAILED)
    everything = videos_totals(project=camera.site.project, search=search, state=None)
    failed = videos_totals(project=camera.site.project, search=search, state=VideoState.FAILED)
    assert (everything.videos, everything.frames, everything.seconds) == (3, 75, 3.0)
    assert (failed.videos, failed.frames) == (1, 0)
    assert failed.by_state == {"registered": 0, "working": 0, "ready": 2, "failed": 1}


def test_totals_of_nothing_are_zero() -> None:
    totals = videos_totals(project=project_make(), state=None)
    assert (totals.videos, totals.frames, totals.seconds) == (0, 0, 0.0)


def test_videos_are_listed_in_every_order() -> None:
    camera = make_camera()
    facts = [("b.mp4", 10, 9), ("A.mp4", 30, 3), ("c.mp4", 20, 12)]
    for number, (name, frames, rejected) in enumerate(facts):
        video = make_ready_video(camera, name=name, frames=frames, rejected_frames=rejected)
        Video.objects.filter(pk=video.pk).update(created_at=START + timedelta(days=number))
    make_video(camera, name="d.mp4", created_at=START - timedelta(days=1))
    assert names(sort=VideoSort.NAME) == ["A.mp4", "b.mp4", "c.mp4", "d.mp4"]
    assert names(sort=VideoSort.NEWEST) == ["c.mp4", "A.mp4", "b.mp4", "d.mp4"]
    assert names(sort=VideoSort.OLDEST) == ["d.mp4", "b.mp4", "A.mp4", "c.mp4"]
    assert names(sort=VideoSort.LONGEST) == ["A.mp4", "c.mp4", "b.mp4", "d.mp4"]
    assert names(sort=VideoSort.REJECTED) == ["b.mp4", "c.mp4", "A.mp4", "d.mp4"]


def test_newest_is_what_was_recorded_last_whenever_it_was_added() -> None:
    camera = make_camera()
    for name, day, added in [("old.mp4", 1, 12), ("new.mp4", 9, 11), ("unknown.mp4", None, 5)]:
        recorded = None if day is None else START + timedelta(days=day)
        make_video(camera, name=name, recorded_at=recorded, created_at=START + timedelta(days=added))
    assert names(sort=VideoSort.NEWEST) == ["new.mp4", "unknown.mp4", "old.mp4"]
    assert names(sort=VideoSort.OLDEST) == ["old.mp4", "unknown.mp4", "new.mp4"]
    assert names(sort=VideoSort.ADDED) == ["old.mp4", "new.mp4", "unknown.mp4"]


def test_pages_follow_each_other_without_gap_or_overlap() -> None:
    camera = make_camera()
    for _ in range(7):
        make_video(camera)
    pages = [name for offset in (0, 3, 6) for name in names(sort=VideoSort.NEWEST, limit=3, offset=offset)]
    assert pages == names(sort=VideoSort.NEWEST)


def test_a_page_takes_two_queries_however_long_it_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    project = project_make()
    for number in range(5):
        job = Job.objects.create(kind="curation.ingest", dedupe_key=f"page-{number}")
        make_video(make_camera(project, site=f"Site {number}"), job=job)
    with django_assert_num_queries(2):
        page = videos_page(Video.objects.kept(), state=None, sort=VideoSort.NEWEST, limit=50, offset=0)
        assert all(video.camera.site.name and video.job for video in page)


def test_a_video_is_found_in_its_own_project_only() -> None:
    video = make_video()
    assert video_of(project=video.project, video_id=video.pk) == video
    with pytest.raises(NotFound):
        video_of(project=project_make(), video_id=video.pk)


def test_a_removed_video_is_found_only_when_asked_for() -> None:
    video = make_video(deleted_at=START)
    with pytest.raises(NotFound):
        video_of(project=video.project, video_id=video.pk)
    assert video_of(project=video.project, video_id=video.pk, removed=True) == video


def test_a_made_file_is_found_with_and_without_its_extension() -> None:
    made = {"key": "k", "bytes": 1, "sha256": "0" * 64, "type": "image/jpeg"}
    video = make_ready_video(artifacts={"filmstrip-0": made})
    assert artifact_of(video=video, name="filmstrip-0") == artifact_of(video=video, name="filmstrip-0.jpg")
    with pytest.raises(NotFound, match="no file called source"):
        artifact_of(video=video, name="source")

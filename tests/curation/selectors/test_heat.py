"""At what hour of the day which camera rejects how much of what it records."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from core.models import Project
from curation.models import Camera, SpanState
from curation.selectors.heat import rejected_by_hour
from curation.selectors.sites import cameras_of
from curation.selectors.spans import SpanFilter
from tests.curation.factories import make_camera, make_ready_video, make_span
from tests.factories import project_make

pytestmark = pytest.mark.django_db

EIGHT = datetime(2026, 10, 14, 8, tzinfo=UTC)
HALF_PAST = EIGHT + timedelta(minutes=30)
MINUTE = 25 * 60


@pytest.fixture
def project() -> Project:
    return project_make()


@pytest.fixture
def camera(project: Project) -> Camera:
    return make_camera(project)


def shares(project: Project, **where: Any) -> dict[int, float]:
    """The hours in which the one camera recorded, with the share that was rejected."""
    cameras = list(cameras_of(project=project))
    ((_, share),) = rejected_by_hour(project=project, where=SpanFilter(**where), cameras=cameras)
    assert len(share) == 24
    return {hour: round(part, 4) for hour, part in enumerate(share) if part is not None}


def test_hours_without_footage_are_told_from_hours_without_rejections(
    project: Project, camera: Camera
) -> None:
    make_ready_video(camera, frames=10 * MINUTE, recorded_at=EIGHT)
    make_ready_video(camera, frames=10 * MINUTE)
    assert shares(project) == {8: 0.0}


def test_days_are_added_up(project: Project, camera: Camera) -> None:
    for day in (0, 1):
        video = make_ready_video(camera, frames=10 * MINUTE, recorded_at=EIGHT + timedelta(days=day))
        make_span(video, 0, (1 + day) * MINUTE)
    assert shares(project) == {8: 0.15}


def test_what_lies_in_two_hours_is_split_between_them(project: Project, camera: Camera) -> None:
    video = make_ready_video(camera, frames=120 * MINUTE, recorded_at=HALF_PAST)
    make_span(video, 15 * MINUTE, 105 * MINUTE)
    assert shares(project) == {8: 0.5, 9: 1.0, 10: 0.5}


def test_what_was_restored_is_not_out_whatever_state_and_hour_are_listed(
    project: Project, camera: Camera
) -> None:
    video = make_ready_video(camera, frames=10 * MINUTE, recorded_at=EIGHT)
    make_span(video, 0, MINUTE, SpanState.RESTORED)
    make_span(video, MINUTE, 3 * MINUTE, SpanState.CONFIRMED)
    assert shares(project) == {8: 0.2}
    assert shares(project, state=SpanState.RESTORED, hour=9) == {8: 0.2}


def test_reason_and_time_narrow_it_and_the_camera_does_not(project: Project, camera: Camera) -> None:
    video = make_ready_video(camera, frames=60 * MINUTE, recorded_at=HALF_PAST)
    make_span(video, 0, 15 * MINUTE, reason="noise")
    make_span(video, 45 * MINUTE, 60 * MINUTE)
    nine = EIGHT + timedelta(hours=1)
    assert shares(project, reason="noise") == {8: 0.5, 9: 0.0}
    assert shares(project, since=nine) == {9: 0.5}
    assert shares(project, until=nine) == {8: 0.5}
    assert shares(project, camera=make_ready_video().camera_id) == {8: 0.5, 9: 0.5}


def test_any_number_of_videos_takes_four_queries(
    project: Project, camera: Camera, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        make_span(make_ready_video(camera, frames=60 * MINUTE, recorded_at=HALF_PAST), 0, 50 * MINUTE)
    cameras = list(cameras_of(project=project))
    with django_assert_num_queries(4):
        rejected_by_hour(project=project, where=SpanFilter(), cameras=cameras)

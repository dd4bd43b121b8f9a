"""Which spans a filter finds, in what order, and what the facets count."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from core.models import Project
from curation.models import Camera, QualitySpan, SpanState, Video, VideoState
from curation.selectors.sites import cameras_of
from curation.selectors.spans import (
    Counts,
    Overview,
    SpanFilter,
    SpanSort,
    spans_found,
    spans_overview,
    spans_page,
    spans_size,
)
from tests.curation.factories import make_camera, make_ready_video, make_span, make_video
from tests.factories import project_make

pytestmark = pytest.mark.django_db

EIGHT = datetime(2026, 10, 14, 8, tzinfo=UTC)


@pytest.fixture
def project() -> Project:
    return project_make()


@pytest.fixture
def north(project: Project) -> Camera:
    return make_camera(project, "North")


def hour_long(camera: Camera, **fields: Any) -> Video:
    return make_ready_video(camera, frames=90_000, recorded_at=EIGHT, **fields)


def found(project: Project, **where: Any) -> list[QualitySpan]:
    return list(spans_found(project=project, where=SpanFilter(**where)).order_by("start"))


def overview(project: Project, **where: Any) -> Overview:
    cameras = list(cameras_of(project=project))
    return spans_overview(project=project, where=SpanFilter(**where), cameras=cameras)


def test_an_hour_of_the_day_narrows_by_when_a_span_begins(project: Project, north: Camera) -> None:
    video = make_ready_video(north, frames=90_000, fps=25.0, recorded_at=EIGHT + timedelta(minutes=30))
    early = make_span(video, 44_999, 45_200)
    late = make_span(video, 45_200, 45_210)
    assert found(project, hour=8) == [early]
    assert found(project, hour=9) == [late]
    assert found(project, hour=10) == []
    counts = overview(project, hour=9)
    assert counts.reasons[late.reason].spans == 1


def test_every_filter_narrows_by_itself_and_together(project: Project, north: Camera) -> None:
    video, other = hour_long(north), hour_long(make_camera(project, "South"))
    a = make_span(video, 0, 10)
    b = make_span(video, 100, 110, SpanState.CONFIRMED, reason="noise")
    c = make_span(other, 200, 210)
    assert found(project) == [a, b, c]
    assert found(project, camera=north.pk) == [a, b]
    assert found(project, video=other.pk) == [c]
    assert found(project, reason="noise") == [b]
    assert found(project, state=SpanState.PENDING) == [a, c]
    assert found(project, camera=north.pk, state=SpanState.PENDING, reason="noise") == []


def test_time_is_when_a_spans_first_frame_was_recorded(project: Project, north: Camera) -> None:
    video = hour_long(north)
    early, late = make_span(video, 0, 50_000), make_span(video, 75_000, 75_010)
    make_span(make_ready_video(north), 0, 10)
    ten_to_nine = EIGHT + timedelta(minutes=50)
    assert found(project, since=ten_to_nine) == [late]
    assert found(project, until=ten_to_nine) == [early]
    assert found(project, since=EIGHT, until=ten_to_nine) == [early]


def test_only_footage_of_the_project_that_can_be_looked_at_counts(project: Project, north: Camera) -> None:
    make_span(make_ready_video())
    make_span(hour_long(north, deleted_at=EIGHT))
    make_span(make_video(north, state=VideoState.FAILED, frames=50))
    assert found(project) == []
    assert overview(project).found == Counts()


def test_pages_come_worst_first_longest_first_or_as_they_were_recorded(
    project: Project, north: Camera
) -> None:
    video = hour_long(north)
    unknown = make_ready_video(north)
    a = make_span(video, 0, 10, value=0.6)
    b = make_span(video, 20, 25, value=0.9)
    c = make_span(unknown, 0, 30, value=0.7)
    bare = make_span(unknown, 40, 41)
    QualitySpan.objects.filter(pk=bare.pk).update(reasons=[])
    spans = spans_found(project=project, where=SpanFilter())

    def page(sort: SpanSort, limit: int = 10, offset: int = 0) -> list[QualitySpan]:
        return spans_page(spans, sort=sort, limit=limit, offset=offset)

    assert page(SpanSort.WORST) == [b, c, a, bare]
    assert page(SpanSort.FRAMES) == [c, a, b, bare]
    assert page(SpanSort.TIME) == [a, b, c, bare]
    assert page(SpanSort.WORST, limit=2, offset=1) == [c, a]
    assert spans_size(spans) == (4, 46)


def test_each_facet_leaves_its_own_filter_aside(project: Project, north: Camera) -> None:
    south = make_camera(project, "South")
    video, other = hour_long(north), hour_long(south)
    make_span(video, 0, 10)
    make_span(video, 10, 15, SpanState.CONFIRMED)
    make_span(video, 20, 24, reason="noise")
    make_span(other, 0, 7)
    seen = overview(project, camera=north.pk, reason="defocus", state=SpanState.PENDING)
    assert (seen.found, seen.decided) == (Counts(spans=1, frames=10, pending=1), 1)
    assert seen.reasons["noise"] == Counts(spans=1, frames=4, pending=1)
    assert seen.reasons["freeze"] == Counts()
    assert [(camera.name, count) for camera, count in seen.cameras] == [
        ("North", Counts(spans=1, frames=10, pending=1)),
        ("South", Counts(spans=1, frames=7, pending=1)),
    ]


def test_progress_is_told_whatever_state_is_asked_for(project: Project, north: Camera) -> None:
    video = hour_long(north)
    make_span(video, 0, 10)
    make_span(video, 10, 15, SpanState.RESTORED)
    for state in (None, *SpanState):
        seen = overview(project, state=state)
        assert (seen.found.pending, seen.decided) == (1, 1)


def test_it_says_when_the_rejected_footage_was_recorded(project: Project, north: Camera) -> None:
    make_span(hour_long(north), 0, 10)
    make_span(make_ready_video(north), 0, 10)
    make_ready_video(north, recorded_at=EIGHT - timedelta(days=9))
    seen = overview(project)
    assert (seen.since, seen.until, seen.without_time) == (EIGHT, EIGHT + timedelta(hours=1), 1)


def test_the_facets_of_any_number_of_cameras_take_three_queries(
    project: Project, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        make_span(hour_long(make_camera(project)), 0, 10)
    with django_assert_num_queries(3):
        overview(project)

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from curation.selectors.tiles import MAX_TILES, span_rows, tiles_of
from tests.curation.factories import make_camera, make_metrics, make_ready_video, make_span


@given(st.integers(0, 500), st.integers(1, 500), st.lists(st.integers(0, 1200), max_size=60, unique=True))
def test_the_parts_of_a_span_cover_it_and_each_holds_its_picture(
    start: int, length: int, pictured: list[int]
) -> None:
    end = start + length
    tiles = tiles_of(start, end, sorted(pictured))
    edges = [start, *(tile[3] for tile in tiles)]
    assert [tile[2] for tile in tiles] == edges[:-1]
    assert edges[-1] == end
    for frame, index, first, last in tiles:
        assert first <= frame < last
        assert index is None or sorted(pictured)[index] == frame


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_span_without_pictures_shows_its_ends_and_few_frames(start: int, length: int) -> None:
    tiles = tiles_of(start, start + length, [])
    frames = [tile[0] for tile in tiles]
    assert len(frames) == min(length, MAX_TILES) == len(set(frames))
    assert (frames[0], frames[-1]) == (start, start + length - 1 if length > 1 else start)


@pytest.mark.django_db
def test_a_page_of_many_videos_takes_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    spans = []
    for reason in ("defocus", "too_dark", "freeze"):
        video = make_ready_video(make_camera())
        make_metrics(video, defocus=0.9, dark=0.8, freeze=60.0)
        spans += [make_span(video, start, start + 5, reason=reason) for start in (0, 10)]
    with django_assert_num_queries(2):
        rows = span_rows(spans)
    assert [row.span for row in rows] == spans
    assert [round(row.tiles[0].value or 0, 2) for row in rows] == [0.9, 0.9, 0.8, 0.8, 60.0, 60.0]

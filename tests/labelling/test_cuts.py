"""Laws of cutting: every accepted frame in one clip, and of the rejected ones only blips."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelling.cuts import BLIP_SECONDS, CLIP_SECONDS, LEAST_SECONDS, Stretch, cut, gaps, parting

FPS = 25.0


@st.composite
def rejections(draw: st.DrawFn) -> tuple[int, list[Stretch]]:
    frames = draw(st.integers(1, 2000))
    points = st.lists(st.tuples(st.integers(0, frames - 1), st.integers(1, 400)), max_size=8)
    return frames, [(start, start + length) for start, length in draw(points)]


def frames_of(stretches: list[Stretch]) -> list[int]:
    return [frame for start, end in stretches for frame in range(start, end)]


@given(rejections())
def test_gaps_are_exactly_what_is_not_taken(case: tuple[int, list[Stretch]]) -> None:
    frames, taken = case
    free = gaps(frames, taken)
    assert frames_of(free) == sorted(set(range(frames)) - set(frames_of(taken)))
    assert all(before[1] < after[0] for before, after in pairwise(free)), "none touch"


@given(rejections())
def test_only_blips_between_longer_footage_do_not_part(case: tuple[int, list[Stretch]]) -> None:
    frames, rejected = case
    out = parting(rejected, frames=frames, fps=FPS)
    merged = gaps(frames, gaps(frames, rejected))
    assert set(out) <= set(merged)
    for start, end in set(merged) - set(out):
        assert end - start < BLIP_SECONDS * FPS
        beside = [stretch for stretch in gaps(frames, rejected) if stretch[1] == start or stretch[0] == end]
        assert beside
        assert all(end - start < stretch[1] - stretch[0] for stretch in beside)


@pytest.mark.parametrize(
    ("rejected", "out"),
    [
        ([(40, 64)], []),
        ([(40, 65)], [(40, 65)]),
        ([(0, 3), (90, 100)], []),
        ([(5, 10)], [(5, 10)]),
        ([(40, 55), (55, 70)], [(40, 70)]),
        ([(0, 100)], [(0, 100)]),
        ([(10, 25), (30, 45), (50, 100)], [(10, 25), (30, 45), (50, 100)]),
    ],
    ids=["a blip", "a second", "at the ends", "beside as little", "two in a row", "all", "mostly bad"],
)
def test_which_rejections_part_footage(rejected: list[Stretch], out: list[Stretch]) -> None:
    assert parting(rejected, frames=100, fps=FPS) == out


@given(rejections(), st.sampled_from([1.0, 12.5, FPS, 59.94]))
def test_clips_hold_every_free_frame_once_and_no_other(case: tuple[int, list[Stretch]], fps: float) -> None:
    frames, taken = case
    free = gaps(frames, taken)
    clips = cut(free, frames=frames, fps=fps)
    assert frames_of(clips) == frames_of(free)
    assert all(start < end for start, end in clips)


@given(rejections())
def test_no_clip_is_longer_than_it_must_be(case: tuple[int, list[Stretch]]) -> None:
    frames, taken = case
    for start, end in cut(gaps(frames, taken), frames=frames, fps=FPS):
        short = (start, end) == (0, frames) and frames <= 500
        assert short or end - start < (CLIP_SECONDS + LEAST_SECONDS) * FPS


@given(rejections(), st.data())
def test_cutting_around_a_clip_leaves_the_others_as_they_were(
    case: tuple[int, list[Stretch]], data: st.DataObject
) -> None:
    frames, taken = case
    clips = cut(gaps(frames, taken), frames=frames, fps=FPS)
    if clips:
        kept = data.draw(st.sets(st.sampled_from(clips)))
        again = cut(gaps(frames, [*taken, *kept]), frames=frames, fps=FPS)
        assert sorted([*again, *kept]) == clips


@pytest.mark.parametrize(
    ("frames", "taken", "clips"),
    [
        (500, [], [(0, 500)]),
        (501, [], [(0, 250), (250, 501)]),
        (500, [(0, 1)], [(1, 251), (251, 500)]),
        (600, [], [(0, 250), (250, 500), (500, 600)]),
        (599, [], [(0, 250), (250, 599)]),
        (1000, [(0, 1000)], []),
        (1000, [(100, 1200)], [(0, 100)]),
    ],
    ids=[
        "20 s stay",
        "longer is cut",
        "with a gap it is cut",
        "4 s stay",
        "less is merged",
        "none",
        "beyond",
    ],
)
def test_where_it_is_cut(frames: int, taken: list[Stretch], clips: list[Stretch]) -> None:
    assert cut(gaps(frames, taken), frames=frames, fps=FPS) == clips

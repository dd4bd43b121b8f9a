"""Laws of the frame index."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.media.timebase import PROXY_TIME_BASE, FrameIndex

time_bases = st.builds(Fraction, st.just(1), st.integers(1, 100_000)) | st.sampled_from(
    [Fraction(1001, 30_000), Fraction(1001, 24_000), Fraction(1, 90_000), Fraction(1, 1000)]
)
deltas = st.lists(st.integers(1, 5) | st.integers(1, 10**6), max_size=60)


@st.composite
def indexes(draw: st.DrawFn) -> FrameIndex:
    first = draw(st.integers(-(10**12), 10**12))
    pts = np.cumsum([first, *draw(deltas)])
    return FrameIndex.of(pts, draw(time_bases), nominal=draw(st.integers(1, 4000)))


@given(indexes())
def test_runs_bring_the_same_index_back(index: FrameIndex) -> None:
    again = FrameIndex.from_runs(index.runs, index.time_base)
    assert np.array_equal(again.pts, index.pts)
    assert again.last_duration == index.last_duration
    assert again.hash == index.hash
    assert FrameIndex.from_json(index.to_json()) == index


@given(indexes())
def test_runs_are_as_few_as_equal_deltas_allow(index: FrameIndex) -> None:
    assert sum(count for _, _, count in index.runs) == len(index)
    assert all(count >= 2 for _, _, count in index.runs[:-1])
    assert index.runs[-1][1] == index.last_duration
    for (first, delta, count), (following, _, _) in zip(index.runs, index.runs[1:], strict=False):
        assert first + delta * count != following


@given(indexes())
def test_the_midpoint_of_a_frame_lies_inside_it(index: FrameIndex) -> None:
    for n in range(len(index)):
        middle = index.midpoint(n)
        assert index.pts[n] < middle < index.end_of(n)
        assert index.ordinal_at(middle) == n


@given(indexes(), st.integers(0, 10**6))
def test_a_time_belongs_to_the_last_frame_that_began(index: FrameIndex, ahead: int) -> None:
    tick = int(index.pts[0]) + ahead
    n = index.ordinal_at(tick)
    assert index.pts[n] <= tick
    assert n == len(index) - 1 or tick < index.pts[n + 1]
    assert index.ordinal_at(int(index.pts[0]) - 1) == 0


@given(indexes())
def test_a_proxy_keeps_every_frame_and_starts_at_zero(index: FrameIndex) -> None:
    proxy = index.for_proxy()
    assert proxy.time_base == PROXY_TIME_BASE
    assert len(proxy) == len(index)
    assert proxy.pts[0] == 0
    exact = [index.seconds(n) / PROXY_TIME_BASE for n in range(len(index))]
    if index.time_base >= 2 * PROXY_TIME_BASE:
        assert all(abs(Fraction(int(t)) - e) <= Fraction(1, 2) for t, e in zip(proxy.pts, exact, strict=True))


def test_frames_closer_than_a_tick_of_the_proxy_keep_their_order() -> None:
    index = FrameIndex.of([0, 1, 2, 500], Fraction(1, 1_000_000))
    assert index.for_proxy().pts.tolist() == [0, 1, 2, 45]


@given(indexes(), st.integers(1, 1000))
def test_the_hash_sees_every_timestamp(index: FrameIndex, shift: int) -> None:
    moved = index.pts.copy()
    moved[-1] += shift
    assert FrameIndex.of(moved, index.time_base, nominal=index.last_duration).hash != index.hash
    other = FrameIndex.of(index.pts, index.time_base + 1, nominal=index.last_duration)
    assert other.hash != index.hash


def test_the_hash_stays_what_it_was() -> None:
    index = FrameIndex.of([0, 3000, 6000], Fraction(1, 90_000))
    assert index.hash == "ba52e23b971d89f816415754a08b1d211f83f72eb0b68d2093c8dd50e7f839a1"


def test_a_constant_rate_is_one_run() -> None:
    index = FrameIndex.of(range(0, 108_000 * 512, 512), Fraction(1, 15_360))
    assert index.runs == [[0, 512, 108_000]]
    assert index.fps == pytest.approx(30)


def test_the_last_frame_lasts_as_long_as_the_one_before() -> None:
    index = FrameIndex.of([0, 10, 50], Fraction(1, 10))
    assert (index.last_duration, index.end, index.duration) == (40, 90, Fraction(9))


def test_synthesised_stretches_survive_storage() -> None:
    index = FrameIndex.of([0, 1, 2, 3], Fraction(1, 25), synthesised=((1, 3),))
    assert FrameIndex.from_json(index.to_json()).synthesised == ((1, 3),)


@pytest.mark.parametrize("pts", [[], [0, 0], [5, 4], [[1, 2]]])
def test_timestamps_that_do_not_rise_are_refused(pts: list[int]) -> None:
    with pytest.raises(ValueError, match="timestamp"):
        FrameIndex(np.array(pts, np.int64), Fraction(1, 25), 1)


def test_a_stored_index_that_was_tampered_with_is_refused() -> None:
    stored = FrameIndex.of([0, 1, 2], Fraction(1, 25)).to_json()
    stored["runs"] = [[0, 1, 4]]
    with pytest.raises(ValueError, match="hash"):
        FrameIndex.from_json(stored)


@pytest.mark.parametrize("runs", [[], [[0, 1]], [[0, 1, 0]], [[0, 1, 3], [2, 1, 3]]])
def test_runs_that_make_no_index_are_refused(runs: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=r"runs|increase"):
        FrameIndex.from_runs(runs, Fraction(1, 25))


@pytest.mark.parametrize("ordinal", [-1, 3])
def test_frames_outside_the_video_are_refused(ordinal: int) -> None:
    index = FrameIndex.of([0, 1, 2], Fraction(1, 25))
    with pytest.raises(IndexError):
        index.midpoint(ordinal)

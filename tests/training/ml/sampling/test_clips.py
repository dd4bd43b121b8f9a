"""Laws of every way to take frames: so many, in order, inside the clip, and the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.errors import TooLittle
from training.ml.sampling import Dense, Dynamic, Sampler, Segments, Uniform

NUMBERS, VIEWS = st.integers(1, 40), st.integers(1, 10)
SAMPLERS: st.SearchStrategy[Sampler] = st.one_of(
    st.builds(Dense, length=NUMBERS, stride=st.integers(1, 8), views=VIEWS),
    st.builds(Uniform, length=NUMBERS, views=VIEWS),
    st.builds(Segments, segments=NUMBERS, each=st.integers(1, 6), views=VIEWS),
    st.builds(Dynamic, length=NUMBERS, views=VIEWS),
)
FRAMES, SEEDS = st.integers(1, 300), st.integers(0, 2**32)


@given(SAMPLERS, FRAMES, SEEDS)
def test_as_many_as_wanted_lie_in_the_clip_and_in_order(sampler: Sampler, frames: int, seed: int) -> None:
    drawn, fixed = sampler.drawn(frames, np.random.default_rng(seed)), sampler.fixed(frames)
    assert drawn.shape == (1, sampler.length)
    assert fixed.shape == (sampler.views, sampler.length)
    for places in (drawn, fixed):
        assert places.dtype == np.int64
        assert places.min() >= 0
        assert places.max() < frames
        each = sampler.each if isinstance(sampler, Segments) else sampler.length
        stacks = places.reshape(len(places), -1, each)
        assert (np.diff(stacks, axis=2) >= 0).all()
        assert (np.diff(stacks[:, :, 0], axis=1) >= 0).all()
        assert (np.diff(places[:, 0]) >= 0).all()


@given(SAMPLERS, FRAMES, SEEDS)
def test_the_same_seed_draws_the_same(sampler: Sampler, frames: int, seed: int) -> None:
    one, other = (sampler.drawn(frames, np.random.default_rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(sampler.fixed(frames), sampler.fixed(frames))


@given(NUMBERS, st.integers(1, 8), FRAMES, SEEDS)
def test_dense_frames_are_a_stride_apart_until_the_clip_ends(
    length: int, stride: int, frames: int, seed: int
) -> None:
    (row,) = Dense(length=length, stride=stride).drawn(frames, np.random.default_rng(seed))
    np.testing.assert_array_equal(row, np.minimum(row[0] + stride * np.arange(length), frames - 1))
    if frames > (length - 1) * stride:
        assert row[-1] == row[0] + stride * (length - 1)


@given(st.integers(2, 10), FRAMES)
def test_dense_views_reach_from_the_first_frame_to_the_last(views: int, frames: int) -> None:
    rows = Dense(length=4, stride=2, views=views).fixed(frames)
    assert rows[0, 0] == 0
    assert rows[-1, -1] == frames - 1


def test_every_dense_start_is_drawn_as_often() -> None:
    generator, sampler = np.random.default_rng(0), Dense(length=4, stride=2)
    starts = [int(sampler.drawn(12, generator)[0, 0]) for _ in range(6000)]
    assert np.bincount(starts) == pytest.approx([1000] * 6, abs=120)


@given(NUMBERS, FRAMES, SEEDS)
def test_dynamic_frames_repeat_only_where_there_are_too_few(length: int, frames: int, seed: int) -> None:
    counts = np.bincount(
        Dynamic(length=length).drawn(frames, np.random.default_rng(seed))[0], minlength=frames
    )
    assert counts.max() - counts.min() <= 1
    assert counts.sum() == length


@given(NUMBERS, st.integers(0, 200), SEEDS)
def test_uniform_takes_one_frame_of_each_part(length: int, more: int, seed: int) -> None:
    frames = length + more
    for row in (
        *Uniform(length=length).drawn(frames, np.random.default_rng(seed)),
        *Uniform(length=length).fixed(frames),
    ):
        part = np.arange(length)
        assert (row >= part * frames // length).all()
        assert (row <= ((part + 1) * frames - 1) // length).all()


def test_known_clips() -> None:
    assert Dense(length=3, stride=2).fixed(10).tolist() == [[2, 4, 6]]
    assert Dense(length=3, stride=2, views=3).fixed(10).tolist() == [[0, 2, 4], [2, 4, 6], [5, 7, 9]]
    assert Dense(length=4, stride=2).fixed(3).tolist() == [[0, 2, 2, 2]]
    assert Uniform(length=4).fixed(8).tolist() == [[1, 3, 5, 7]]
    assert Uniform(length=4).fixed(2).tolist() == [[0, 0, 1, 1]]
    assert Segments(segments=2, each=3).fixed(12).tolist() == [[2, 3, 4, 7, 8, 9]]
    assert Dynamic(length=3).fixed(9).tolist() == [[1, 4, 7]]


def test_views_of_spread_frames_lie_side_by_side_in_each_part() -> None:
    assert Uniform(length=2, views=3).fixed(12).tolist() == [[1, 7], [3, 9], [5, 11]]
    assert Dynamic(length=2, views=3).fixed(12).tolist() == [[1, 7], [3, 9], [5, 11]]
    assert Segments(segments=2, each=2, views=2).fixed(13).tolist() == [[1, 2, 7, 8], [4, 5, 10, 11]]


@pytest.mark.parametrize(
    "sampler", [Dense(length=2), Uniform(length=2), Segments(segments=2), Dynamic(length=2)]
)
def test_a_clip_without_frames_is_refused(sampler: Sampler) -> None:
    with pytest.raises(TooLittle):
        sampler.fixed(0)
    with pytest.raises(TooLittle):
        sampler.drawn(0, np.random.default_rng(0))


def test_numbers_below_one_are_refused() -> None:
    with pytest.raises(TooLittle, match="stride is at least 1, not 0"):
        Dense(length=3, stride=0)
    with pytest.raises(TooLittle, match="each is at least 1, not -2"):
        Segments(segments=1, each=-2)

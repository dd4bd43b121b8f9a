"""The frames that TSN reads lie in the video, in order, one stack a segment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.errors import TooLittle
from training.ml.sampling.segments import centred_starts, drawn_starts, frames_at

FRAMES, SEGMENTS, LENGTH = st.integers(1, 400), st.integers(1, 30), st.integers(1, 10)


@given(FRAMES, SEGMENTS, LENGTH, st.integers(0, 99))
def test_starts_ascend_and_their_stacks_lie_in_the_video(
    frames: int, segments: int, length: int, seed: int
) -> None:
    drawn = drawn_starts(frames, segments, length, np.random.default_rng(seed))
    for start_K in (drawn, centred_starts(frames, segments, length)):
        assert start_K.shape == (segments,)
        assert (np.diff(start_K) >= 0).all()
        assert start_K.min() >= 0
        assert start_K.max() <= max(frames - length, 0)
        place_KL = frames_at(start_K, frames, length)
        assert place_KL.shape == (segments, length)
        assert place_KL.max() < frames


@given(FRAMES, SEGMENTS, LENGTH)
def test_the_middles_are_those_of_the_reference(frames: int, segments: int, length: int) -> None:
    frames += length - 1  # the reference fails on shorter ones
    tick = (frames - length + 1) / float(segments)
    reference = [int(tick / 2.0 + tick * k) + 1 for k in range(segments)]  # counted from 1
    assert (centred_starts(frames, segments, length) + 1).tolist() == reference


@given(st.integers(1, 20), SEGMENTS, LENGTH, st.integers(0, 99))
def test_what_is_drawn_lies_in_its_own_segment(average: int, segments: int, length: int, seed: int) -> None:
    frames = average * segments + length - 1
    start_K = drawn_starts(frames, segments, length, np.random.default_rng(seed))
    assert (start_K // average).tolist() == list(range(segments))


def test_every_start_of_a_segment_is_drawn_as_often() -> None:
    generator = np.random.default_rng(0)
    drawn = np.array([drawn_starts(16, 3, 5, generator) for _ in range(4000)])
    for k in range(3):
        assert np.bincount(drawn[:, k], minlength=12)[4 * k : 4 * k + 4] == pytest.approx([1000] * 4, abs=120)


def test_with_fewer_starts_than_segments_as_many_are_drawn_as_there_are_segments() -> None:
    start_K = drawn_starts(10, 8, 5, np.random.default_rng(0))
    assert len(set(start_K.tolist())) > 1
    assert start_K.max() <= 5


def test_with_no_more_frames_than_segments_all_start_at_the_first() -> None:
    assert drawn_starts(7, 7, 2, np.random.default_rng(0)).tolist() == [0] * 7


def test_a_known_video() -> None:
    assert centred_starts(10, 3, 1).tolist() == [1, 5, 8]
    assert centred_starts(100, 25, 1).tolist() == [2 + 4 * k for k in range(25)]
    assert frames_at(np.array([0, 3]), 6, 5).tolist() == [[0, 1, 2, 3, 4], [3, 4, 5, 5, 5]]


def test_a_video_shorter_than_a_stack_repeats_its_last_frame() -> None:
    start_K = centred_starts(3, 2, 5)
    assert frames_at(start_K, 3, 5).tolist() == [[0, 1, 2, 2, 2]] * 2


@pytest.mark.parametrize(("frames", "segments", "length"), [(0, 3, 1), (9, 0, 1), (9, 3, 0)])
def test_nothing_cannot_be_cut(frames: int, segments: int, length: int) -> None:
    with pytest.raises(TooLittle, match="all three must be at least 1"):
        centred_starts(frames, segments, length)
    with pytest.raises(TooLittle, match=f"{frames} frames cannot be cut into {segments} segments"):
        drawn_starts(frames, segments, length, np.random.default_rng(0))

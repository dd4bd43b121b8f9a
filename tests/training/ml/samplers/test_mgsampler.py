"""MGSampler: where more moves, frames lie closer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.samplers import Candidates, choose
from training.ml.samplers.mgsampler import apart, differences, mgsampler
from training.ml.samplers.plain import uniform


def moving(*motion: float) -> Candidates:
    return Candidates(count=len(motion), motion_N=np.array(motion, np.float64))


def test_motion_is_the_sum_of_what_changed() -> None:
    dark, light = np.zeros((2, 3), np.uint8), np.full((2, 3), 200, np.uint8)
    assert differences([dark, light, light, dark]).tolist() == [0, 1200, 0, 1200]
    assert differences([dark]).tolist() == [0]


def test_frames_lie_at_the_middles_of_equal_parts_of_the_square_roots() -> None:
    # roots 1 2 3 2 2, the curve 1 3 6 8 10; quantiles 5/3, 5, 25/3 of it
    assert mgsampler(moving(1, 4, 9, 4, 4), 3).tolist() == [1, 2, 4]
    # in proportion to the motion itself it would be 2, 3 and 4
    assert mgsampler(moving(1, 1, 1, 1, 16), 3).tolist() == [1, 3, 4]


def test_a_burst_draws_the_frames_to_itself() -> None:
    still = [1e-4] * 20
    places = mgsampler(moving(*still, 9, 9, 9, 9, *still), 4)
    assert places.tolist() == [20, 21, 22, 23]


def test_a_frame_that_holds_several_parts_is_taken_once_with_its_neighbours() -> None:
    assert mgsampler(moving(0, 0, 0, 1, 0, 0), 3).tolist() == [3, 4, 5]
    assert mgsampler(moving(0, 0, 0, 0, 0, 1), 3).tolist() == [3, 4, 5]


def test_where_nothing_moves_frames_are_spread_evenly() -> None:
    assert mgsampler(moving(*[0.0] * 32), 4).tolist() == uniform(Candidates(count=32), 4).tolist()


@given(
    st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=40),
    st.integers(1, 45),
    st.integers(0, 8),
)
def test_the_unit_of_motion_does_not_matter(motion: list[float], budget: int, power: int) -> None:
    # By a power of 4, whose root is exact: else a quantile that falls on a step may round to either side.
    scaled = moving(*(4.0**power * each for each in motion))
    once, again = choose("mgsampler", moving(*motion), budget), choose("mgsampler", scaled, budget)
    assert once.tolist() == again.tolist()


@given(st.integers(1, 40), st.integers(1, 20))
def test_even_motion_is_sampled_evenly(count: int, budget: int) -> None:
    places = mgsampler(moving(*[1.0] * count), budget)
    even = uniform(Candidates(count=count), budget)
    assert np.abs(places - even).max() <= 1


@pytest.mark.parametrize(
    ("places", "there", "moved"),
    [([0, 0, 0], 3, [0, 1, 2]), ([4, 4, 4], 5, [2, 3, 4]), ([0, 3, 3, 9], 10, [0, 3, 4, 9])],
)
def test_places_are_moved_apart_as_little_as_need_be(places: list[int], there: int, moved: list[int]) -> None:
    assert apart(np.array(places), there).tolist() == moved

"""Early exit: from coarse to fine, until enough has been seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.errors import TooLittle
from training.ml.samplers.contract import Candidates, Floats
from training.ml.samplers.early_exit import SURENESS, EarlyExit, GatedExit, policy_order, sure_enough


def told(*first: float) -> Floats:
    """Chances of two classes; those of the first."""
    return np.array([[p, 1 - p] for p in first])


def clip(*first: float) -> Candidates:
    return Candidates(count=len(first), told_TC=told(*first))


def test_the_middle_comes_first_then_the_ends_then_the_middles_of_the_gaps() -> None:
    assert policy_order(9).tolist() == [4, 0, 8, 2, 6, 1, 3, 5, 7]
    assert [policy_order(n).tolist() for n in (1, 2, 3)] == [[0], [1, 0], [1, 0, 2]]


@given(st.integers(1, 70))
def test_every_frame_comes_once_and_early_frames_lie_far_apart(count: int) -> None:
    order = policy_order(count)
    assert sorted(order.tolist()) == list(range(count))
    for seen in range(3, count):
        gaps = np.diff(np.sort(order[:seen]))
        assert gaps.max() <= 2 * gaps.min() + 2


def test_one_leaves_once_the_classifier_is_sure_and_has_said_the_same_before() -> None:
    assert len(EarlyExit(0.9, 2)(clip(0.2, 0.95, 0.96, 0.99), 4)) == 3
    assert len(EarlyExit(0.9, 1)(clip(0.2, 0.95, 0.96, 0.99), 4)) == 2
    assert len(EarlyExit(0.9, 2)(clip(0.95, 0.94, 0.1, 0.1), 4)) == 2


def test_one_who_is_never_sure_looks_at_all_that_may_be() -> None:
    assert EarlyExit(0.9)(clip(*[0.6] * 5), 3).tolist() == [0, 2, 4]
    assert EarlyExit(0.9)(clip(*[0.6] * 5), 9).tolist() == [0, 1, 2, 3, 4]


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=30),
    st.integers(1, 35),
    st.floats(0.5, 1),
    st.integers(1, 4),
)
def test_what_was_looked_at_is_the_beginning_of_the_order(
    first: list[float], budget: int, confidence: float, agreement: int
) -> None:
    places = EarlyExit(confidence, agreement)(clip(*first), budget)
    assert 1 <= len(places) <= min(budget, len(first))
    assert places.tolist() == sorted(policy_order(len(first))[: len(places)].tolist())


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.5, 1), st.floats(0.5, 1))
def test_who_must_be_surer_leaves_no_earlier(first: list[float], one: float, other: float) -> None:
    little, much = (EarlyExit(c)(clip(*first), 30) for c in sorted((one, other)))
    assert len(little) <= len(much)


def test_a_gate_that_opens_ends_it() -> None:
    gated = Candidates(count=5, gate_T=np.array([0.1, 0.4, 0.7, 0.2, 0.9]))
    assert GatedExit()(gated, 5).tolist() == [0, 2, 4]
    assert len(GatedExit(0.8)(gated, 5)) == 5
    assert len(GatedExit(0.8)(gated, 2)) == 2


def test_the_threshold_is_the_least_that_loses_nothing_on_validation_clips() -> None:
    # Wrong at 0.75 for two frames in a row, right in the end.
    doubting = [told(0.25, 0.25, 0.75, 0.97, 0.97)] * 3
    truth = np.zeros(3, np.int64)
    assert sure_enough(doubting, truth, slack=0.0) == EarlyExit(0.8, 2)
    assert sure_enough(doubting, truth, slack=1.0) == EarlyExit(SURENESS[0], 2)


def test_where_every_threshold_loses_the_surest_is_taken() -> None:
    mistaken = [told(0.001, 0.001, 0.9)]
    assert sure_enough(mistaken, np.zeros(1, np.int64), slack=0.0) == EarlyExit(SURENESS[-1], 2)


def test_without_a_validation_clip_no_threshold_can_be_chosen() -> None:
    with pytest.raises(TooLittle, match="no validation clip"):
        sure_enough([], np.zeros(0, np.int64), slack=0.0)

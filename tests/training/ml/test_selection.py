"""Laws of choosing frames: so many, in temporal order, the highest first, the earlier of equals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.selection import BUDGETS, METHODS, FrameScores, highest, random, select, uniform

# Few distinct values, so that ties are everywhere.
score_lists = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=40)
budgets = st.integers(1, 45)


def known(scores: list[float]) -> FrameScores:
    values = np.array(scores)
    return FrameScores(values, values[::-1].copy(), np.roll(values, 1))


@given(score_lists, budgets, st.sampled_from(METHODS))
def test_every_method_takes_so_many_different_frames_in_temporal_order(
    scores: list[float], budget: int, method: str
) -> None:
    places = select(method, known(scores), budget, content="a")
    assert len(places) == min(budget, len(scores))
    assert places.tolist() == sorted(set(places.tolist()))
    assert 0 <= places[0] <= places[-1] < len(scores)


@given(score_lists, st.sampled_from(METHODS), st.integers(0, 9))
def test_a_budget_of_all_or_more_takes_all(scores: list[float], method: str, more: int) -> None:
    places = select(method, known(scores), len(scores) + more, content="a")
    assert places.tolist() == list(range(len(scores)))


@given(score_lists, budgets)
def test_the_highest_are_taken_and_of_equals_the_earlier(scores: list[float], budget: int) -> None:
    taken = set(highest(np.array(scores), budget).tolist())
    for here in taken:
        for other in set(range(len(scores))) - taken:
            assert (scores[here], -here) > (scores[other], -other)


@given(score_lists, st.integers(1, 44))
def test_a_larger_budget_keeps_what_a_smaller_one_chose(scores: list[float], budget: int) -> None:
    for method in ("random", "single", "global", "smart", "oracle"):
        few, more = (select(method, known(scores), n, content="a") for n in (budget, budget + 1))
        assert set(few.tolist()) <= set(more.tolist())


def test_smart_multiplies_single_and_global() -> None:
    scores = FrameScores(np.array([0.9, 0.5, 0.6]), np.array([0.1, 0.5, 0.6]), np.array([0.0, 1.0, 0.0]))
    assert select("single", scores, 1).tolist() == [0]
    assert select("global", scores, 1).tolist() == [2]
    assert select("smart", scores, 1).tolist() == [2]
    assert select("smart", scores, 2).tolist() == [1, 2], "0.9 + 0.1 would be more than 0.5 + 0.5"
    assert select("oracle", scores, 1).tolist() == [1]


def test_uniform_takes_the_middles_of_equal_parts() -> None:
    assert uniform(32, 1).tolist() == [16]
    assert uniform(32, 2).tolist() == [8, 24]
    assert uniform(32, 4).tolist() == [4, 12, 20, 28]
    assert uniform(5, 4).tolist() == [0, 1, 3, 4]


@given(st.integers(1, 100), budgets)
def test_uniform_leaves_no_gap_much_larger_than_the_others(candidates: int, budget: int) -> None:
    gaps = np.diff([-1, *uniform(candidates, budget).tolist(), candidates])
    assert gaps[1:-1].max(initial=0) - gaps[1:-1].min(initial=candidates) <= 1


def test_random_hangs_on_content_and_seed_alone() -> None:
    assert random(32, 5, content="a", seed=1).tolist() == random(32, 5, content="a", seed=1).tolist()
    drawn = {tuple(random(32, 5, content=c, seed=s).tolist()) for c in "abc" for s in range(3)}
    assert len(drawn) == 9


def test_random_favours_no_frame() -> None:
    counts = np.zeros(8)
    for seed in range(1000):
        counts[random(8, 2, content="clip", seed=seed)] += 1
    assert counts == pytest.approx(np.full(8, 250), abs=60)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="'best'"):
        select("best", known([1.0]), 1)


def test_the_oracle_needs_the_truth() -> None:
    with pytest.raises(ValueError, match="'oracle'"):
        select("oracle", FrameScores(np.ones(3), np.ones(3)), 1)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_cannot_be_chosen(method: str) -> None:
    with pytest.raises(ValueError, match="0 of 3"):
        select(method, known([0.1, 0.2, 0.3]), 0)
    with pytest.raises(ValueError, match="1 of 0"):
        select(method, FrameScores(np.zeros(0), np.zeros(0), np.zeros(0)), 1)


def test_budgets_run_from_one_to_twenty_five() -> None:
    assert (BUDGETS[0], BUDGETS[-1], len(BUDGETS)) == (1, 25, 25)

"""Laws of choosing frames: so many, in temporal order, the highest first, the earlier of equals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.samplers import BUDGETS, SAMPLERS, Candidates, UnknownSampler, choose
from training.ml.samplers.contract import NotKnown, WrongBudget
from training.ml.samplers.plain import random, uniform
from training.ml.samplers.scores import oracle, single, smart

# Few distinct values, so that ties are everywhere.
score_lists = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=40)
budgets = st.integers(1, 45)
NESTED = ("random", "single", "global", "smart", "oracle", "early_exit")
METHODS = tuple(SAMPLERS)


def known(scores: list[float]) -> Candidates:
    """A clip that is not left early: its classifier is never sure."""
    values = np.array(scores)
    return Candidates(
        count=len(scores),
        content="a",
        delta_N=values,
        gamma_N=values[::-1].copy(),
        oracle_N=np.roll(values, 1),
        motion_N=np.roll(values, 2),
        told_TC=np.full((len(scores), 2), 0.5),
    )


def of(count: int, **changes: object) -> Candidates:
    return replace(Candidates(count=count, content="clip"), **changes)  # type: ignore[arg-type]


@given(score_lists, budgets, st.sampled_from(METHODS))
def test_every_method_takes_so_many_different_frames_in_temporal_order(
    scores: list[float], budget: int, method: str
) -> None:
    places = choose(method, known(scores), budget)
    assert places.dtype == np.int64
    assert len(places) == min(budget, len(scores))
    assert places.tolist() == sorted(set(places.tolist()))
    assert 0 <= places[0] <= places[-1] < len(scores)


@given(score_lists, st.sampled_from(METHODS), st.integers(0, 9))
def test_a_budget_of_all_or_more_takes_all(scores: list[float], method: str, more: int) -> None:
    places = choose(method, known(scores), len(scores) + more)
    assert places.tolist() == list(range(len(scores)))


@given(score_lists, budgets)
def test_the_highest_are_taken_and_of_equals_the_earlier(scores: list[float], budget: int) -> None:
    taken = set(single(known(scores), budget).tolist())
    for here in taken:
        for other in set(range(len(scores))) - taken:
            assert (scores[here], -here) > (scores[other], -other)


@given(score_lists, st.integers(1, 44), st.sampled_from(NESTED))
def test_a_larger_budget_keeps_what_a_smaller_one_chose(
    scores: list[float], budget: int, method: str
) -> None:
    few, more = (choose(method, known(scores), n) for n in (budget, budget + 1))
    assert set(few.tolist()) <= set(more.tolist())


def test_smart_multiplies_single_and_global() -> None:
    clip = of(
        3,
        delta_N=np.array([0.9, 0.5, 0.6]),
        gamma_N=np.array([0.1, 0.5, 0.6]),
        oracle_N=np.array([0.0, 1.0, 0.0]),
    )
    assert choose("single", clip, 1).tolist() == [0]
    assert choose("global", clip, 1).tolist() == [2]
    assert smart(clip, 1).tolist() == [2]
    assert smart(clip, 2).tolist() == [1, 2], "0.9 + 0.1 would be more than 0.5 + 0.5"
    assert oracle(clip, 1).tolist() == [1]


def test_uniform_takes_the_middles_of_equal_parts() -> None:
    assert uniform(of(32), 1).tolist() == [16]
    assert uniform(of(32), 2).tolist() == [8, 24]
    assert uniform(of(32), 4).tolist() == [4, 12, 20, 28]
    assert uniform(of(5), 4).tolist() == [0, 1, 3, 4]


@given(st.integers(1, 100), budgets)
def test_uniform_leaves_no_gap_much_larger_than_the_others(candidates: int, budget: int) -> None:
    gaps = np.diff([-1, *uniform(of(candidates), budget).tolist(), candidates])
    assert gaps[1:-1].max(initial=0) - gaps[1:-1].min(initial=candidates) <= 1


def test_random_hangs_on_content_and_seed_alone() -> None:
    assert random(of(32, seed=1), 5).tolist() == random(of(32, seed=1), 5).tolist()
    drawn = {tuple(random(of(32, content=c, seed=s), 5).tolist()) for c in "abc" for s in range(3)}
    assert len(drawn) == 9


def test_random_favours_no_frame() -> None:
    counts = np.zeros(8)
    for seed in range(1000):
        counts[random(of(8, seed=seed), 2)] += 1
    assert counts == pytest.approx(np.full(8, 250), abs=60)


def test_an_unknown_method_is_told_with_those_that_are() -> None:
    with pytest.raises(UnknownSampler, match="'best'; there are: uniform, random, mgsampler"):
        choose("best", known([1.0]), 1)


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"uniform", "random"}))
def test_what_is_not_known_of_a_clip_cannot_be_chosen_by(method: str) -> None:
    with pytest.raises(NotKnown, match="not known of the clip"):
        choose(method, of(3), 1)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_cannot_be_chosen(method: str) -> None:
    with pytest.raises(WrongBudget, match="0 of 3"):
        choose(method, known([0.1, 0.2, 0.3]), 0)
    with pytest.raises(WrongBudget, match="1 of 0"):
        choose(method, replace(known([0.5]), count=0), 1)


def test_budgets_run_from_one_to_twenty_five() -> None:
    assert (BUDGETS[0], BUDGETS[-1], len(BUDGETS)) == (1, 25, 25)

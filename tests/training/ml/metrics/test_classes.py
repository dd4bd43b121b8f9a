"""Measures of predictions against counts made by hand and against their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.metrics import (
    NOTHING,
    ClassScore,
    confusion,
    macro,
    macro_f1,
    mcnemar,
    paired,
    per_class,
    top1,
    top5,
    wilson,
)

TRUTH = np.array([0, 0, 0, 1, 1, 2])
SAID = np.array([0, 0, 1, 1, NOTHING, 1])

answers = st.lists(st.tuples(st.integers(0, 3), st.integers(NOTHING, 3)), min_size=1, max_size=40)


def test_top1_counts_what_was_not_said_as_wrong() -> None:
    assert top1(TRUTH, SAID) == 3 / 6
    assert top1(np.array([], int), np.array([], int)) == 0.0


def test_confusion_has_truth_in_its_rows() -> None:
    assert confusion(TRUTH, SAID, 3).tolist() == [[2, 1, 0], [0, 1, 0], [0, 1, 0]]


def test_scores_of_a_class_are_those_of_its_row_and_column() -> None:
    first, second, third = per_class(TRUTH, SAID, 3)
    assert first == ClassScore(precision=1.0, recall=2 / 3, f1=4 / 5, support=3)
    assert second == ClassScore(precision=1 / 3, recall=1 / 2, f1=2 / 5, support=2), "one of two was not said"
    assert third == ClassScore(precision=0.0, recall=0.0, f1=0.0, support=1)


def test_macro_f1_gives_every_class_the_same_weight() -> None:
    assert macro_f1(TRUTH, SAID, 3) == pytest.approx((4 / 5 + 2 / 5 + 0) / 3)


def test_macro_f1_leaves_out_classes_that_nobody_saw_or_said() -> None:
    assert macro_f1(np.array([0, 0]), np.array([0, 0]), 5) == 1.0
    assert macro_f1(np.array([0, 0]), np.array([0, 4]), 5) == pytest.approx((2 / 3 + 0) / 2)


def test_macro_means_are_over_the_classes_seen() -> None:
    means = macro(TRUTH, SAID, 5)
    assert means.precision == pytest.approx((1 + 1 / 3 + 0) / 3)
    assert means.recall == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)
    assert means.f1 == macro_f1(TRUTH, SAID, 5)
    assert macro(TRUTH[:0], SAID[:0], 3).recall == 0


@given(answers)
def test_f1_is_the_harmonic_mean(pairs: list[tuple[int, int]]) -> None:
    truth, said = np.array(pairs).T
    for score in per_class(truth, said, 4):
        if score.precision + score.recall:
            both = 2 * score.precision * score.recall / (score.precision + score.recall)
            assert score.f1 == pytest.approx(both)
        else:
            assert score.f1 == 0


@given(answers)
def test_the_diagonal_holds_the_hits_and_supports_hold_every_clip(pairs: list[tuple[int, int]]) -> None:
    truth, said = np.array(pairs).T
    assert np.trace(confusion(truth, said, 4)) == round(top1(truth, said) * len(pairs))
    assert sum(score.support for score in per_class(truth, said, 4)) == len(pairs)


def test_top5_is_not_a_number_of_five_classes() -> None:
    assert top5(np.array([0]), np.ones((1, 5))) is None
    assert top5(np.array([0]), np.ones((1, 6))) == 1.0


def test_top5_looks_at_the_five_likeliest() -> None:
    p = np.array([[0.3, 0.2, 0.2, 0.1, 0.15, 0.05]] * 2)
    assert top5(np.array([4, 5]), p) == 0.5


def test_top5_of_nothing_said_is_wrong() -> None:
    assert top5(np.array([0]), np.zeros((1, 6))) == 0.0


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (8, 10, 0.4902, 0.9433), (81, 100, 0.7222, 0.8749)],
)
def test_wilson_gives_the_published_intervals(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=1e-4)


def test_without_clips_anything_is_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share(case: tuple[int, int]) -> None:
    hits, of = case
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    assert low < high


def test_pairs_count_only_where_one_of_two_was_right() -> None:
    truth, ours, theirs = np.array([0, 1, 2, 3, 0]), np.array([0, 1, 0, 0, 0]), np.array([0, 0, 2, 1, 1])
    assert paired(truth, ours, theirs) == (2, 1)


@pytest.mark.parametrize(
    ("won", "lost", "p"), [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (9, 1, 22 / 1024), (3, 3, 1.0)]
)
def test_mcnemar_is_the_exact_binomial(won: int, lost: int, p: float) -> None:
    assert mcnemar(won, lost) == pytest.approx(p)
    assert mcnemar(lost, won) == mcnemar(won, lost)


def test_mcnemar_holds_for_thousands_of_clips() -> None:
    assert 0 <= mcnemar(3000, 1000) < 1e-12
    assert math.isfinite(mcnemar(2000, 2000))

"""The budget that is enough, and accuracies that count what could not be said."""

import numpy as np
import pytest

from training.ml.engine.measure import accuracies, budget_of, smart_scores, table
from training.ml.engine.plan import Plan
from training.ml.metrics import Ints, standard_error

FLAT = dict.fromkeys(range(1, 26), 0.5)


def test_the_smallest_budget_within_one_standard_error_of_the_best_is_enough() -> None:
    slack = standard_error(0.8, 100)  # 0.04
    score = {**FLAT, 20: 0.8, 12: 0.8 - 0.99 * slack, 8: 0.8 - 1.01 * slack}
    assert budget_of(score, 100, Plan()) == 12
    assert budget_of(score, 10_000, Plan()) == 20, "more clips leave less doubt"
    assert budget_of(score, 4, Plan()) == 8, "few leave much"


def test_fewer_than_four_frames_are_never_chosen() -> None:
    assert budget_of({**FLAT, 1: 1.0, 2: 1.0, 3: 1.0}, 50, Plan()) == 4
    assert budget_of(FLAT, 50, Plan()) == 4
    assert budget_of({**FLAT, 25: 1.0}, 50, Plan()) == 25


def test_budgets_are_compared_by_macro_f1_where_classes_are_uneven() -> None:
    truth_N = np.array([0, 0, 0, 0, 0, 1])
    said: dict[int, list[Ints]] = {1: [np.array([0] * 6)], 2: [np.array([0, 0, 0, 1, 1, 1])]}
    assert smart_scores(said, truth_N, 2, even=True) == {1: 5 / 6, 2: 4 / 6}
    uneven = smart_scores(said, truth_N, 2, even=False)
    assert uneven[2] > uneven[1]


def test_curves_are_means_over_draws_and_count_clips_of_which_nothing_was_said() -> None:
    truth_N = np.array([0, 1])
    said = {"random": {4: [np.array([0, 1]), np.array([0, 0])]}, "smart": {4: [np.array([0, 1])]}}
    assert accuracies(said, truth_N, 2) == {"random": {"4": 0.75}, "smart": {"4": 1.0}}
    assert accuracies(said, truth_N, 4) == {"random": {"4": 0.375}, "smart": {"4": 0.5}}


def test_a_table_counts_by_class_and_by_camera() -> None:
    counted = table(np.array([0, 0, 1]), np.array([0, -1, 1]), ["walk", "dig"], ["yard", "yard", "gate"])
    assert counted["top1"] == pytest.approx(2 / 3, abs=1e-6)
    assert counted["unsaid"] == 1
    assert counted["confusion"] == {"labels": ["walk", "dig"], "counts": [[1, 0], [0, 1]]}
    assert counted["per_camera"] == [
        {"camera": "gate", "n": 1, "top1": 1.0},
        {"camera": "yard", "n": 2, "top1": 0.5},
    ]
    assert [each["recall"] for each in counted["per_class"]] == [0.5, 1.0]

"""The budget that is enough, and accuracies that count what could not be said."""

import numpy as np
import pytest

from training.ml.engine.measure import accuracies, budget_of, surprise, table
from training.ml.engine.plan import Plan

FLAT = dict.fromkeys(range(1, 26), 1.0)


def test_the_smallest_budget_that_surprises_little_more_than_the_best_is_enough() -> None:
    surprise = {**FLAT, 20: 0.5, 12: 0.5 * 1.019, 8: 0.5 * 1.021}
    assert budget_of(surprise, Plan()) == 12
    assert budget_of(surprise, Plan(budget_slack=0.0)) == 20
    assert budget_of(surprise, Plan(budget_slack=0.05)) == 8


def test_fewer_than_four_frames_are_never_chosen() -> None:
    assert budget_of({**FLAT, 1: 0.1, 2: 0.1, 3: 0.1}, Plan()) == 4
    assert budget_of(FLAT, Plan()) == 4
    assert budget_of({**FLAT, 25: 0.5}, Plan()) == 25


def test_a_class_of_few_clips_surprises_as_much_as_one_of_many() -> None:
    p_NC = np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.75, 0.25]])
    mean = (np.log(2) + np.log(4)) / 2
    assert surprise(p_NC, np.array([0, 0, 0, 1])) == pytest.approx(mean)
    assert surprise(np.array([[1.0, 0.0]]), np.array([1])) == pytest.approx(9 * np.log(10)), (
        "and never for ever"
    )


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

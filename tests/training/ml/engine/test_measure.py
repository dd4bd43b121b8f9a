"""The budget that is enough, and accuracies that count what could not be said."""

import numpy as np
import pytest

from training.ml.engine.measure import accuracies, budget_of, even, surprise, table
from training.ml.engine.plan import Plan
from training.ml.engine.scoring import Floats

FEW, MANY = 20, 400


def wavering(clips: int, **at: float) -> dict[int, Floats]:
    """How surprising each of `clips` is by budget: 1 on average, or as told, and never quite alike."""
    rng = np.random.default_rng(0)
    return {n: at.get(f"n{n}", 1.0) + rng.normal(0, 0.1, clips) for n in range(1, 26)}


def even_of(clips: int) -> Floats:
    return np.full(clips, 1 / clips)


def test_the_smallest_budget_that_surely_loses_little_is_enough() -> None:
    worse = {f"n{n}": 1.2 for n in range(1, 9)}
    assert budget_of(wavering(MANY, **worse), even_of(MANY), Plan()) == 9
    assert budget_of(wavering(MANY, **worse), even_of(MANY), Plan(budget_slack=0.3)) == 4


def test_what_may_be_chance_spares_no_frame() -> None:
    assert budget_of(wavering(MANY), even_of(MANY), Plan()) == 4
    assert budget_of(wavering(FEW), even_of(FEW), Plan(budget_slack=0.01)) == 25


def test_a_handful_of_clips_decides_nothing() -> None:
    better = {f"n{n}": 0.5 for n in range(1, 9)}
    assert budget_of(wavering(19, **better), even_of(19), Plan()) == 25
    assert budget_of(wavering(20, **better), even_of(20), Plan()) == 4


def test_fewer_frames_that_surprise_less_are_enough() -> None:
    better = {f"n{n}": 1.3 for n in range(13, 26)}
    assert budget_of(wavering(MANY, **better, n12=0.9), even_of(MANY), Plan()) == 4
    dearer = {f"n{n}": 1.3 for n in range(1, 12)}
    assert budget_of(wavering(MANY, **dearer, n12=0.9), even_of(MANY), Plan()) == 12


def test_fewer_than_four_frames_are_never_chosen() -> None:
    assert budget_of(wavering(MANY, n1=0.1, n2=0.1, n3=0.1), even_of(MANY), Plan()) == 4


def test_a_class_of_few_clips_weighs_as_much_as_one_of_many() -> None:
    assert even(np.array([0, 0, 0, 2])).tolist() == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])


def test_the_one_clip_of_a_class_shows_less_than_many_that_weigh_as_much() -> None:
    """Half of the weight is one clip's, which loses 0.06: 0.03 on average, and not surely below 0.07."""
    weight_N = even(np.array([0] * 20 + [1]))
    same_N = np.ones(21)
    less_N = same_N + np.array([0.0] * 20 + [0.06])
    assert budget_of({4: less_N, 25: same_N}, weight_N, Plan(budget_slack=0.07)) == 25
    assert budget_of({4: less_N, 25: same_N}, weight_N, Plan(budget_slack=0.08)) == 4


def test_surprise_is_in_nats_and_never_for_ever() -> None:
    assert surprise(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([1, 1])) == pytest.approx(
        [np.log(2), 9 * np.log(10)]
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

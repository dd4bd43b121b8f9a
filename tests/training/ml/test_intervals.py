"""Intervals in which subjects, and not clips, are drawn again."""

import numpy as np
import pytest

from training.ml.errors import TooLittle
from training.ml.intervals import by_group


def test_clips_that_are_all_alike_leave_no_doubt() -> None:
    assert by_group(np.full(6, 0.25), list("aabbcc")) == (0.25, 0.25)


def test_what_one_subject_alone_shows_may_be_chance() -> None:
    low, high = by_group(np.array([1.0] * 10 + [0.0] * 30), [n // 10 for n in range(40)])
    assert low == 0.0
    assert high >= 0.5


def test_many_clips_of_few_subjects_are_no_surer_than_few() -> None:
    value, group = np.array([0.0, 1.0, 1.0, 1.0]), [0, 1, 2, 3]
    assert by_group(value, group) == by_group(np.repeat(value, 50), [g for g in group for _ in range(50)])


def test_with_many_subjects_it_is_that_of_the_normal_law() -> None:
    value = np.random.default_rng(3).normal(0.1, 1, 400)
    low, high = by_group(value, range(400))
    error = 1.96 * value.std() / 20
    assert (low, high) == pytest.approx((value.mean() - error, value.mean() + error), abs=0.02)


def test_the_same_values_give_the_same_interval() -> None:
    value = np.random.default_rng(4).normal(size=30)
    groups = [n % 5 for n in range(30)]
    assert by_group(value, groups) == by_group(value, groups)
    assert by_group(value, groups) != by_group(value, groups, seed=1)


def test_one_subject_is_too_little() -> None:
    with pytest.raises(TooLittle, match="at least two"):
        by_group(np.ones(3), "aaa")

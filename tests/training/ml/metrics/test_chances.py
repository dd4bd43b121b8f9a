"""Average precision, its mean, and calibration, against small cases worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.metrics import average_precision, calibration_error, mean_average_precision


def test_average_precision_is_the_mean_precision_where_a_clip_is_found() -> None:
    shown = np.array([True, False, True, False, True])
    score = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    assert average_precision(shown, score) == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)


def test_clips_of_the_same_score_come_together() -> None:
    shown, score = np.array([True, False, True, False]), np.array([0.5, 0.5, 0.9, 0.1])
    assert average_precision(shown, score) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(shown[::-1], score[::-1]) == average_precision(shown, score)


@given(st.integers(1, 30), st.integers(0, 30))
def test_one_score_for_all_gives_the_share_that_shows_it(shown: int, others: int) -> None:
    truth = np.array([True] * shown + [False] * others)
    assert average_precision(truth, np.ones(len(truth))) == pytest.approx(shown / len(truth))


def test_a_class_that_nobody_shows_has_none_and_does_not_count() -> None:
    assert average_precision(np.zeros(3, bool), np.ones(3)) is None
    truth, score = np.array([0, 1]), np.array([[0.9, 0.1, 0.5], [0.2, 0.8, 0.6]])
    assert mean_average_precision(truth, score) == 1.0
    assert mean_average_precision(np.array([], int), np.ones((0, 3))) is None


def test_map_gives_every_class_the_same_weight() -> None:
    truth = np.array([0, 0, 0, 1])
    score = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.9], [0.6, 0.4]])
    assert mean_average_precision(truth, score) == pytest.approx((1 + 1 / 2) / 2)


def test_calibration_is_the_gap_between_chance_and_hits_in_each_bin() -> None:
    p = np.array([[0.95, 0.05], [0.95, 0.05], [0.61, 0.39], [0.39, 0.61]])
    truth = np.array([0, 1, 0, 1])  # one of two right at 0.95, both at 0.61
    assert calibration_error(truth, p) == pytest.approx((2 * 0.45 + 2 * 0.39) / 4)


def test_bins_are_closed_above() -> None:
    p = np.array([[0.6, 0.4], [0.6 + 1e-9, 0.4 - 1e-9]])  # 0.6 = 9 / 15 ends a bin, and the next begins
    assert calibration_error(np.array([0, 1]), p) == pytest.approx((0.4 + 0.6) / 2)
    assert calibration_error(np.array([0, 1]), p, bins=2) == pytest.approx(abs(1 - 1.2) / 2)


def test_what_is_sure_and_right_is_calibrated() -> None:
    assert calibration_error(np.array([0, 1]), np.eye(2)) == 0.0
    assert calibration_error(np.array([1, 0]), np.eye(2)) == 1.0


def test_nothing_said_is_no_surprise_and_no_clips_have_no_error() -> None:
    assert calibration_error(np.array([0, 0]), np.zeros((2, 3))) == 0.0
    assert calibration_error(np.array([], int), np.zeros((0, 3))) is None

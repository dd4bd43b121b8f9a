"""The bodies that matter are kept, and every recording gets one length."""

import numpy as np
import pytest

from training.ml.errors import TooLittle
from training.ml.skeletons.bodies import Array, energy, fitted, main_bodies, phases


def test_energy_is_deviation_over_the_frames_with_a_body() -> None:
    x = np.zeros((3, 6, 2, 2))
    x[:, 2:4, 0, 1], x[:, 2:4, 1, 1] = 1.0, 3.0
    assert energy(x).tolist() == [0.0, 3.0]


def test_the_liveliest_bodies_come_first() -> None:
    x = np.random.default_rng(0).normal(size=(3, 9, 5, 4)) * [1, 4, 2, 3]
    assert np.array_equal(main_bodies(x), x[..., [1, 3]])


def test_a_single_body_is_joined_by_zeros() -> None:
    x = np.random.default_rng(0).normal(size=(3, 9, 5, 1))
    two = main_bodies(x)
    assert np.array_equal(two[..., :1], x)
    assert two.shape == (3, 9, 5, 2)
    assert not two[..., 1].any()


def numbered(frames: int) -> Array:
    return np.arange(1.0, frames + 1).reshape(1, -1, 1, 1)


def test_short_recordings_are_padded_as_asked() -> None:
    assert fitted(numbered(3), 7).ravel().tolist() == [1, 2, 3, 0, 0, 0, 0]
    assert fitted(numbered(3), 7, "repeat").ravel().tolist() == [1, 2, 3, 1, 2, 3, 1]


def test_long_recordings_are_thinned_evenly() -> None:
    assert fitted(numbered(10), 5).ravel().tolist() == [1, 3, 5, 7, 9]


def test_views_of_a_long_recording_are_of_other_frames_and_of_a_short_one_it_is_one() -> None:
    found = phases(numbered(12), 4, 3)
    assert [each.ravel().tolist() for each in found] == [[1, 4, 7, 10], [2, 5, 8, 11], [3, 6, 9, 12]]
    assert np.array_equal(found[0], fitted(numbered(12), 4))
    assert [each.ravel().tolist() for each in phases(numbered(3), 4, 3)] == [[1, 2, 3, 0]]


def test_frames_before_and_after_anybody_go() -> None:
    x = np.pad(numbered(3), ((0, 0), (2, 4), (0, 0), (0, 0)))
    assert fitted(x, 4, "repeat").ravel().tolist() == [1, 2, 3, 1]
    with pytest.raises(TooLittle, match="Nobody is seen"):
        fitted(x * 0, 4)

"""Joints are read out of heat maps more finely than the cells they lie in."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.pose.bodies import maps
from training.ml.pose.heatmaps import cells_of, peaks

inside = st.floats(1.01, 21.99)


@settings(max_examples=50)
@given(inside, inside, st.floats(0.2, 1))
def test_a_gaussian_is_found_where_it_is(x: float, y: float, heat: float) -> None:
    found_BJ3 = peaks(cells_of(maps(np.array([[x, y]]), heat=heat)))
    np.testing.assert_allclose(found_BJ3[0, 0, :2], [x, y], atol=0.02)
    assert heat * 0.6 < found_BJ3[0, 0, 2] <= heat + 1e-6


def test_each_map_of_each_picture_has_its_own_peak() -> None:
    places_J2 = np.array([[3.25, 20], [11, 7.4], [22, 1]])
    both = np.concatenate([maps(places_J2), maps(places_J2[::-1])])
    found_BJ3 = peaks(cells_of(both))
    assert found_BJ3.shape == (2, 3, 3)
    np.testing.assert_allclose(found_BJ3[0, :, :2], places_J2, atol=0.02)
    np.testing.assert_allclose(found_BJ3[1, :, :2], places_J2[::-1], atol=0.02)


def test_at_an_edge_a_peak_stays_in_the_middle_of_its_cell() -> None:
    found_BJ3 = peaks(cells_of(maps(np.array([[0.2, 23.3]]))))
    assert found_BJ3[0, 0, :2].tolist() == [0, 23]


def test_an_empty_map_has_no_heat() -> None:
    found_BJ3 = peaks(np.zeros((1, 1, 24, 24), np.float32))
    assert found_BJ3[0, 0].tolist() == [0, 0, 0]


def test_heat_above_one_is_one_and_a_plateau_moves_nothing() -> None:
    flat = np.zeros((1, 1, 24, 24), np.float32)
    flat[0, 0, 5:8, 9:12] = 1.4
    found_J3 = peaks(flat)[0]
    assert found_J3[0, 2] == 1
    assert np.isfinite(found_J3).all()
    assert abs(found_J3[0, 0] - 9) <= 0.5

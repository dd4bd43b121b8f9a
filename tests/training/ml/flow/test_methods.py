"""Every way of measuring flow finds the motion that was made, to a fraction of a pixel."""

import numpy as np
import pytest

from tests.training.ml.flow.texture import HEIGHT, WIDTH, moved, texture_at
from training.ml.features.motion import SECONDS, FlowCounter
from training.ml.flow import Method, NoFlow, flow
from training.ml.flow.dense import Dis, dis
from training.ml.flow.lucas_kanade import lucas_kanade_grid

MARGIN = 24
"""Px at the edges that are not judged: windows hang over there, and what comes in was never seen."""
SHIFTS = [(0.0, 0.0), (1.0, 0.0), (3.0, -2.0), (0.5, 0.25), (-2.7, 1.3), (-0.3, -5.6)]
LIMITS = {each: 0.15 if each == Method.DIS else 0.05 for each in Method}


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize(("x", "y"), SHIFTS)
def test_a_shift_is_found(method: Method, x: float, y: float) -> None:
    found_HW2 = flow(moved(0, 0), moved(x, y), method=method)
    assert found_HW2.shape == (HEIGHT, WIDTH, 2)
    assert found_HW2.dtype == np.float32
    error_HW = np.hypot(found_HW2[..., 0] - x, found_HW2[..., 1] - y)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    assert error_HW.mean() <= LIMITS[method]


@pytest.mark.parametrize("method", Method)
def test_what_is_flat_does_not_move(method: Method) -> None:
    flat = np.full((40, 50), 90, np.uint8)
    np.testing.assert_allclose(flow(flat, flat, method=method), 0, atol=1e-3)


@pytest.mark.parametrize("shape", [(16, 16), (41, 57), (33, 18)])
@pytest.mark.parametrize("method", Method)
def test_pictures_of_any_size_keep_it(method: Method, shape: tuple[int, int]) -> None:
    part = (slice(0, shape[0]), slice(0, shape[1]))
    found_HW2 = flow(moved(0, 0)[part], moved(1, 0)[part], method=method)
    assert found_HW2.shape == (*shape, 2)
    assert np.isfinite(found_HW2).all()


def test_a_point_of_the_grid_keeps_what_was_measured_there() -> None:
    """Enlarging puts a cell's value into its middle: a stretched picture shows half a cell's slip."""
    columns = np.arange(WIDTH, dtype=np.float32)
    rows_HW, columns_HW = np.indices((HEIGHT, WIDTH), np.float64)
    stretched = texture_at(columns_HW / 1.03, rows_HW)
    found_W = lucas_kanade_grid(moved(0, 0), stretched)[MARGIN:-MARGIN, :, 0].mean(0)
    np.testing.assert_allclose(found_W[MARGIN:-MARGIN], (0.03 * columns)[MARGIN:-MARGIN], atol=0.05)


def test_points_without_texture_ask_their_neighbours() -> None:
    one, other = moved(0, 0), moved(2, 0)
    one[48:80, 64:96] = other[48:80, 64:96] = 128
    found_HW2 = lucas_kanade_grid(one, other)
    assert np.isfinite(found_HW2).all()
    assert np.abs(found_HW2[24:40, 40:120, 0] - 2).mean() < 0.05


def test_flow_does_not_depend_on_the_pair_before() -> None:
    used = Dis()
    used(moved(0, 0), moved(6, 6))
    np.testing.assert_array_equal(used(moved(0, 0), moved(1, 0)), dis(moved(0, 0), moved(1, 0)))


def test_the_features_count_this_very_flow() -> None:
    _, speed_HW = FlowCounter(8, SECONDS)(moved(0, 0), moved(2, 1))
    length_HW = np.hypot(*np.moveaxis(dis(moved(0, 0), moved(2, 1)), 2, 0))
    cells_HW = length_HW.reshape(HEIGHT // 8, 8, WIDTH // 8, 8).mean((1, 3))
    np.testing.assert_allclose(speed_HW, cells_HW, rtol=1e-4)


def test_what_has_no_flow_is_refused_with_a_sentence() -> None:
    grey = moved(0, 0)
    with pytest.raises(NoFlow, match="160 x 128 and 80 x 128 px"):
        flow(grey, grey[:, :80])
    with pytest.raises(NoFlow, match="grey pictures"):
        flow(np.stack([grey] * 3, -1), grey)
    with pytest.raises(NoFlow, match="grey pictures"):
        flow(grey.astype(np.float32), grey)
    with pytest.raises(NoFlow, match="at least 16 px"):
        flow(grey[:8], grey[:8])
    with pytest.raises(NoFlow, match=r"no flow named tvl1; there are: dis, farneback, lucas_kanade"):
        flow(grey, grey, method="tvl1")

"""A camera that pans leaves nothing behind; what moves by itself stays."""

import numpy as np
import pytest

from tests.training.ml.flow.texture import HEIGHT, WIDTH, moved, texture_at
from training.ml.flow import Method, flow
from training.ml.flow.camera import camera_motion, motion_of
from training.ml.flow.pictures import Grey, Plane

MARGIN = 24
PAN = np.array([[1.01, 0.012, 2.5], [-0.01, 1.008, -1.5], [2e-5, -1e-5, 1]])
PATCH = (slice(50, 80), slice(64, 100))
OWN = np.array([-3.0, 2.0])


def panned(patch: bool) -> tuple[Grey, Grey]:
    """A picture before and after the camera's PAN; with a patch in it that goes its OWN way besides."""
    back = np.linalg.inv(PAN)
    rows_HW, columns_HW = np.indices((HEIGHT, WIDTH), np.float64)
    weight_HW = back[2, 0] * columns_HW + back[2, 1] * rows_HW + back[2, 2]
    x_HW = (back[0, 0] * columns_HW + back[0, 1] * rows_HW + back[0, 2]) / weight_HW
    y_HW = (back[1, 0] * columns_HW + back[1, 1] * rows_HW + back[1, 2]) / weight_HW
    after = texture_at(x_HW, y_HW)
    if patch:
        after[PATCH] = texture_at(x_HW - OWN[0], y_HW - OWN[1])[PATCH]
    return moved(0, 0), after


def length(flow_HW2: Plane) -> Plane:
    return np.asarray(np.hypot(flow_HW2[..., 0], flow_HW2[..., 1]))


@pytest.mark.parametrize("method", Method)
def test_a_pan_leaves_nothing(method: Method) -> None:
    before, after = panned(patch=False)
    inner = (slice(MARGIN, -MARGIN), slice(MARGIN, -MARGIN))
    assert length(flow(before, after, method=method))[inner].mean() > 2
    assert length(flow(before, after, method=method, warp=True))[inner].mean() < 0.1


@pytest.mark.parametrize("method", Method)
def test_what_moves_by_itself_stays(method: Method) -> None:
    left_HW2 = flow(*panned(patch=True), method=method, warp=True)
    np.testing.assert_allclose(np.median(left_HW2[58:72, 74:90], (0, 1)), OWN, atol=0.4)
    assert np.median(length(left_HW2)[MARGIN:-MARGIN, 124:-MARGIN]) < 0.1


def test_the_homography_is_found_from_the_flow() -> None:
    found_33 = camera_motion(moved(0, 0), motion_of(PAN, (HEIGHT, WIDTH)))
    np.testing.assert_allclose(found_33 / found_33[2, 2], PAN, rtol=0.01, atol=2e-5)


def test_the_motion_of_a_shift_is_that_shift_everywhere() -> None:
    shift_33 = np.array([[1.0, 0, 2], [0, 1, -3], [0, 0, 1]])
    np.testing.assert_allclose(motion_of(shift_33, (5, 7)), np.broadcast_to([2, -3], (5, 7, 2)), atol=1e-5)


def test_without_texture_or_agreement_nothing_is_taken_off() -> None:
    flat = np.full((HEIGHT, WIDTH), 128, np.uint8)
    np.testing.assert_array_equal(camera_motion(flat, np.ones((HEIGHT, WIDTH, 2), np.float32)), np.eye(3))
    noise = np.random.default_rng(0).uniform(-20, 20, (HEIGHT, WIDTH, 2)).astype(np.float32)
    np.testing.assert_array_equal(camera_motion(moved(0, 0), noise), np.eye(3))

"""The pose network finds a person's joints, in px of the picture they were cut from."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.errors import BadFile
from training.ml.pose.joints import HEAD, MIRRORED, NECK, box, length, plausible, score
from training.ml.pose.network import CELL, SIDE, WEIGHTS, PoseNetwork, Square, cropped, placed

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[5] / "shared"))
PICTURE = np.random.default_rng(0).integers(0, 256, (120, 200, 3)).astype(np.uint8)


def test_a_square_of_the_networks_size_is_cut_out_as_it_is() -> None:
    large = np.tile(PICTURE, (2, 2, 1))
    np.testing.assert_array_equal(cropped(large, Square(7, 11, SIDE)), large[11 : 11 + SIDE, 7 : 7 + SIDE])


@pytest.mark.parametrize(("left", "top"), [(-50, -30), (150, 80), (-20, 60), (500, 0), (0, -500)])
def test_beyond_the_picture_lies_grey(left: int, top: int) -> None:
    crop = cropped(PICTURE, Square(left, top, SIDE))
    for y, x in ((0, 0), (100, 60), (SIDE - 1, SIDE - 1), (40, 120)):
        inside = 0 <= top + y < 120 and 0 <= left + x < 200
        assert crop[y, x].tolist() == (PICTURE[top + y, left + x].tolist() if inside else [127] * 3)


@given(st.floats(0, 23), st.floats(0, 23), st.integers(16, 900), st.integers(-99, 999))
def test_a_peak_lies_where_its_cell_was_cut(x: float, y: float, side: int, left: int) -> None:
    pose_J3 = placed(np.array([[x, y, 0.5]], np.float32), Square(left, 5, side))
    inside = ((pose_J3[0, :2] - (left, 5)) + 0.5) * SIDE / side - 0.5
    np.testing.assert_allclose(inside, [x * CELL, y * CELL], atol=0.05)


def test_a_joint_without_heat_was_not_seen() -> None:
    assert placed(np.array([[3, 4, 0.05]], np.float32), Square(9, 9, 99)).tolist() == [[0, 0, 0]]


def test_a_square_lies_about_its_place() -> None:
    assert Square.around(9.5, 19.5, 20) == Square(0, 10, 20)
    assert Square.around(50, 50, 3).side == 16, "there is nothing to see in less"


def test_left_and_right_are_exchanged_and_exchanged_back() -> None:
    assert MIRRORED == (0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10)


@pytest.mark.parametrize("made", [False, True])
def test_without_its_weights_it_says_what_to_do(tmp_path: Path, made: bool) -> None:
    with pytest.raises(BadFile, match=rf"{WEIGHTS}, which are not here: bring a copy with"):
        PoseNetwork(tmp_path if made else None)


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS).write_bytes(b"damaged")
    with pytest.raises(BadFile, match="damaged, or others"):
        PoseNetwork(tmp_path)


@pytest.mark.footage
def test_a_real_person_is_found_and_their_mirror_image_alike() -> None:
    """Also that x has no bias: half of one would be seen twice between a picture and its mirror image."""
    if not (SHARED / "weights" / WEIGHTS).is_file():
        pytest.skip("footage: RUSHES_SHARED has no pose network")
    network = PoseNetwork(SHARED / "weights")
    assert network.look(PICTURE, []).shape == (0, 14, 3)
    apart = []
    for path in sorted((SHARED / "data/biisc_actions/open").glob("*_WAVE_STD_FCE.avi"))[:6]:
        there, picture = cv2.VideoCapture(str(path)).read()
        assert there
        height, width = picture.shape[:2]
        squares = [Square.around(width / 2 + x, height / 2, 220) for x in (-80, 0, 80)]
        first_J3 = max(network.look(np.asarray(picture, np.uint8), squares), key=score)
        left, top, right, bottom = box(first_J3)
        near = Square.around((left + right) / 2, (top + bottom) / 2, 1.35 * length(first_J3))
        pose_J3 = network.look(np.asarray(picture, np.uint8), [near])[0]
        assert plausible(pose_J3)
        assert score(pose_J3) > 0.5
        assert pose_J3[HEAD, 1] < pose_J3[NECK, 1]
        assert pose_J3[2, 0] < pose_J3[5, 0], "who faces the camera has the right shoulder on its left"
        mirror = Square(width - near.left - near.side, near.top, near.side)
        other_J3 = network.look(np.ascontiguousarray(picture[:, ::-1], np.uint8), [mirror])[0]
        sure_J = (pose_J3[:, 2] > 0.4) & (other_J3[list(MIRRORED), 2] > 0.4)
        back_J = width - 1 - other_J3[list(MIRRORED), 0]
        apart += ((pose_J3[:, 0] - back_J)[sure_J] * SIDE / near.side).tolist()
    assert len(apart) > 40
    assert abs(np.median(apart)) < 0.5

"""Bones are drawn where both of their joints were seen."""

import numpy as np

from training.ml.pose.drawing import COLOURS, drawn

HEAD, NECK, WRIST = 0, 1, 4


def pose(*joints: tuple[int, int, int]) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    joints_V3 = np.zeros((14, 3), np.float32)
    for joint, x, y in joints:
        joints_V3[joint] = (x, y, 0.9)
    return joints_V3


def test_a_bone_joins_two_joints_in_the_persons_colour_and_the_picture_stays_as_it_was() -> None:
    picture = np.zeros((80, 80, 3), np.uint8)
    canvas = drawn(picture, pose((HEAD, 40, 10), (NECK, 40, 60))[None])
    assert np.abs(canvas[35, 40].astype(int) - COLOURS[0]).max() < 32, "a thin line is smoothed"
    assert not picture.any()


def test_a_joint_alone_is_a_dot_and_none_is_nothing() -> None:
    picture = np.zeros((80, 80, 3), np.uint8)
    canvas = drawn(picture, np.stack([pose((HEAD, 40, 10)), pose((WRIST, 20, 60))]))
    assert tuple(canvas[10, 40]) == COLOURS[0]
    assert tuple(canvas[60, 20]) == COLOURS[1]
    assert not canvas[20:50].any()
    assert not drawn(picture, np.zeros((1, 14, 3), np.float32)).any()

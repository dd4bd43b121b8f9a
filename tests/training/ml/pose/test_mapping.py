"""Joints go to the joint of their name; what is not there stays missing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.pose.bodies import person
from training.ml.models.skeleton.graphs import GRAPHS
from training.ml.pose.joints import JOINTS
from training.ml.pose.mapping import LAYOUTS, LIKE, MEANS, UnknownLayout, mapped, mapped_in_space, sources

STANDING = person(50, 100)
names = st.sampled_from(sorted(LAYOUTS))


def at(joints_V3: np.ndarray, layout: str, joint: str) -> list[float]:  # type: ignore[type-arg]
    return [round(float(n), 3) for n in joints_V3[LAYOUTS[layout].index(joint)]]


def test_layouts_are_those_of_the_graphs() -> None:
    assert {name: graph.joints for name, graph in GRAPHS.items() if name in LAYOUTS} == LAYOUTS
    assert LAYOUTS["cpm14"] == JOINTS
    known = {joint for joints in LAYOUTS.values() for joint in joints}
    told = [*LIKE, *MEANS, *(each for part in (*LIKE.values(), *MEANS.values()) for each in part)]
    assert set(told) <= known


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_to_itself_nothing_changes(layout: str) -> None:
    joints_V3 = np.random.default_rng(0).uniform(0.1, 1, (2, len(LAYOUTS[layout]), 3)).astype(np.float32)
    np.testing.assert_array_equal(mapped(joints_V3, layout, layout), joints_V3)


def test_openpose_gets_its_names_and_a_middle_of_the_hips() -> None:
    found_V3 = mapped(STANDING, "cpm14", "openpose25")
    assert found_V3.shape == (25, 3)
    for joint in ("neck", "right_wrist", "left_wrist", "right_ankle", "left_knee"):
        assert at(found_V3, "openpose25", joint) == at(STANDING, "cpm14", joint)
    assert at(found_V3, "openpose25", "hip_centre") == [50, 50, 0.7]
    for joint in ("nose", "left_ear", "right_heel"):
        assert at(found_V3, "openpose25", joint) == [0, 0, 0]


def test_kinects_hands_and_feet_lie_where_wrists_and_ankles_do() -> None:
    found_V3 = mapped(STANDING, "cpm14", "ntu25")
    assert at(found_V3, "ntu25", "left_hand") == at(STANDING, "cpm14", "left_wrist")
    assert at(found_V3, "ntu25", "right_foot") == at(STANDING, "cpm14", "right_ankle")
    assert at(found_V3, "ntu25", "shoulder_centre") == at(STANDING, "cpm14", "neck")
    assert at(found_V3, "ntu25", "spine") == [50, pytest.approx((17 + 50) / 2), 0.7]
    assert at(found_V3, "ntu25", "left_thumb") == [0, 0, 0]


def test_a_neck_is_the_middle_of_shoulders_where_there_is_none() -> None:
    coco_V3 = mapped(STANDING, "cpm14", "coco17")
    back_V3 = mapped(coco_V3, "coco17", "cpm14")
    assert at(back_V3, "cpm14", "neck") == [50, 20, 0.7]
    assert at(back_V3, "cpm14", "head") == [0, 0, 0], "a nose is no crown"


def test_a_mean_is_as_sure_as_its_least_sure_joint_and_missing_without_one() -> None:
    pose_J3 = STANDING.copy()
    pose_J3[JOINTS.index("left_hip"), 2] = 0.3
    assert at(mapped(pose_J3, "cpm14", "openpose25"), "openpose25", "hip_centre")[2] == pytest.approx(0.3)
    pose_J3[JOINTS.index("left_hip")] = 0
    assert at(mapped(pose_J3, "cpm14", "openpose25"), "openpose25", "hip_centre") == [0, 0, 0]


def test_joints_in_space_are_missing_at_zero_and_may_lie_behind_it() -> None:
    x_V3 = np.random.default_rng(0).normal(size=(4, len(LAYOUTS["mads19"]), 3)).astype(np.float32) - 5
    x_V3[1, LAYOUTS["mads19"].index("left_hip")] = 0
    found_W3 = mapped_in_space(x_V3, "mads19", "ntu25")
    ours, theirs = LAYOUTS["ntu25"].index, LAYOUTS["mads19"].index
    np.testing.assert_array_equal(found_W3[:, ours("left_wrist")], x_V3[:, theirs("left_wrist")])
    assert not found_W3[:, ours("left_thumb")].any()
    trunk = [theirs("neck"), theirs("neck"), theirs("left_hip"), theirs("right_hip")]
    np.testing.assert_allclose(found_W3[0, ours("spine")], x_V3[0, trunk].mean(0), rtol=1e-6)
    assert not found_W3[1, ours("spine")].any(), "one of them was not seen"


@settings(max_examples=40)
@given(names, names, st.integers(0, 99))
def test_what_has_the_name_is_taken_and_nothing_is_made_up(before: str, after: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    joints_V3 = rng.uniform(1, 9, (3, len(LAYOUTS[before]), 3)).astype(np.float32)
    joints_V3[rng.random(joints_V3.shape[:2]) < 0.4] = 0
    found_W3 = mapped(joints_V3, before, after)
    assert not found_W3[found_W3[..., 2] == 0].any()
    for w, numbers in enumerate(sources(before, after)):
        joint = LAYOUTS[after][w]
        if joint in LAYOUTS[before]:
            assert numbers == (LAYOUTS[before].index(joint),)
        if not numbers:
            assert not found_W3[:, w].any()


def test_an_unknown_skeleton_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownLayout, match=r"no skeleton named halpe; there are: coco17, cpm14"):
        mapped(STANDING, "cpm14", "halpe")

"""Two poses of one person are told from those of two."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.pose.bodies import person
from training.ml.pose.joints import LEFT_HIP, MIRRORED, NECK, RIGHT_HIP, box, length, plausible
from training.ml.pose.similarity import SAME, alike, distinct, oks


def test_a_pose_is_wholly_like_itself_and_not_like_one_beside_it() -> None:
    assert oks(person(50, 100), person(50, 100)) == pytest.approx(1)
    assert oks(person(50, 100), person(110, 100)) < 0.05


@given(st.floats(-30, 30), st.floats(0.1, 10))
def test_likeness_goes_both_ways_and_knows_no_size(x: float, scale: float) -> None:
    one_J3, other_J3 = person(0, 0), person(x, 3)
    assert oks(one_J3, other_J3) == pytest.approx(oks(other_J3, one_J3))
    larger = oks(one_J3 * [scale, scale, 1], other_J3 * [scale, scale, 1])
    assert larger == pytest.approx(oks(one_J3, other_J3), abs=1e-4)


def test_it_is_cocos_formula() -> None:
    """A shift of d px of everything: the mean of exp(-d²/(2·area·(2 sigma)²)) over COCO's sigmas."""
    sigmas = np.array([0.079] * 2 + [0.079, 0.072, 0.062] * 2 + [0.107, 0.087, 0.089] * 2)
    expected = np.exp(-25 / (2 * 0.35 * 100**2 * (2 * sigmas) ** 2)).mean()
    assert oks(person(0, 0), person(5, 0)) == pytest.approx(expected, rel=1e-4)


def test_joints_that_one_lacks_do_not_count() -> None:
    partly_J3 = person(50, 100)
    partly_J3[8:] = 0
    assert oks(person(50, 100), partly_J3) == pytest.approx(1)
    partly_J3[2:] = 0
    assert oks(person(50, 100), partly_J3) == 0, "two joints tell nothing"


def test_exchanged_sides_are_no_second_person() -> None:
    turned_J3 = person(50, 100)[list(MIRRORED)]
    assert oks(person(50, 100), turned_J3) < alike(person(50, 100), turned_J3) == pytest.approx(1)


def test_of_one_persons_poses_the_surest_is_kept() -> None:
    poses = [person(50, 100, sure=0.5), person(52, 101, sure=0.8), person(160, 100, sure=0.6)]
    kept = distinct(poses)
    assert [round(float(each[0, 2]), 1) for each in kept] == [0.8, 0.6]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=8))
def test_those_who_are_kept_are_apart_and_the_others_like_one_of_them(places: list[tuple[int, int]]) -> None:
    poses = [person(x, y, sure=0.3 + 0.05 * n) for n, (x, y) in enumerate(places)]
    kept = distinct(poses)
    assert all(alike(a, b) < SAME for n, a in enumerate(kept) for b in kept[:n])
    assert all(any(a is b or alike(a, b) >= SAME for b in kept) for a in poses)


def test_a_standing_person_is_plausible_and_what_lacks_the_trunk_is_not() -> None:
    assert plausible(person(50, 100))
    assert not plausible(np.zeros((14, 3), np.float32))
    for gone in ([NECK], [LEFT_HIP, RIGHT_HIP], [3, 4, 6, 7, 9, 10]):
        pose_J3 = person(50, 100)
        pose_J3[gone] = 0
        assert not plausible(pose_J3)


def test_an_arm_that_reaches_over_to_somebody_else_is_not_plausible() -> None:
    pose_J3 = person(50, 100)
    pose_J3[4, :2] = 180, 60
    assert not plausible(pose_J3)


def test_the_box_holds_what_was_seen() -> None:
    pose_J3 = person(50, 100)
    pose_J3[0] = 0
    assert box(pose_J3) == pytest.approx((34, 17, 66, 100))
    assert length(pose_J3) == pytest.approx(83)
    assert box(pose_J3 * 0) == (0, 0, 0, 0)
    assert length(pose_J3 * 0) == 1

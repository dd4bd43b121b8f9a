"""Poses are kept whole and equal, and brought to the scale that networks learn from."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.ml.pose.bodies import person
from training.ml.errors import BadFile
from training.ml.pose.poses import Poses, most_certain, normalised

POSES = Poses(
    ordinals_T=np.array([10, 12], np.int32),
    people_M=np.array([4], np.int32),
    joints_TMV3=np.stack([[person(50, 100)], [person(60, 100)]]),
    layout="cpm14",
    width=320,
    height=240,
    weights="ab" * 32,
)


def test_poses_come_back_as_they_were_saved(tmp_path: Path) -> None:
    POSES.save(tmp_path / "clip.safetensors")
    back = Poses.load(tmp_path / "clip.safetensors")
    assert len(back) == 2
    for name in ("ordinals_T", "people_M", "joints_TMV3"):
        np.testing.assert_array_equal(getattr(back, name), getattr(POSES, name))
    assert (back.layout, back.width, back.height, back.weights) == ("cpm14", 320, 240, "ab" * 32)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.safetensors"]


def test_a_clip_without_people_is_kept_too(tmp_path: Path) -> None:
    nobody = replace(POSES, people_M=POSES.people_M[:0], joints_TMV3=POSES.joints_TMV3[:, :0])
    nobody.save(tmp_path / "clip")
    assert Poses.load(tmp_path / "clip").joints_TMV3.shape == (2, 0, 14, 3)


def test_equal_poses_give_equal_bytes(tmp_path: Path) -> None:
    POSES.save(tmp_path / "a")
    replace(POSES, joints_TMV3=np.asfortranarray(POSES.joints_TMV3)).save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_damaged_file_and_another_one_are_refused(tmp_path: Path) -> None:
    POSES.save(tmp_path / "a")
    (tmp_path / "half").write_bytes((tmp_path / "a").read_bytes()[:-9])
    for name in ("half", "gone"):
        with pytest.raises(BadFile, match=f"{name} cannot be read"):
            Poses.load(tmp_path / name)
    replace(POSES, people_M=POSES.people_M.astype(np.float64)).save(tmp_path / "other")
    with pytest.raises(BadFile, match="other lacks people_M"):
        Poses.load(tmp_path / "other")


def test_the_frame_is_brought_to_half_a_unit_about_its_middle() -> None:
    joints_V3 = np.array([[0, 0, 0.5], [320, 240, 1], [160, 60, 0.2], [0, 0, 0]], np.float32)
    given_V3 = joints_V3.copy()
    centred_V3 = normalised(joints_V3, 320, 240)
    expected = np.array([[-0.5, -0.5, 0.5], [0.5, 0.5, 1], [0, -0.25, 0.2], [0, 0, 0]], np.float32)
    np.testing.assert_allclose(centred_V3, expected, atol=1e-6)
    np.testing.assert_array_equal(joints_V3, given_V3)
    assert centred_V3.dtype == np.float32


def test_the_surest_people_are_taken_and_nobody_fills_up() -> None:
    three = np.stack([person(0, 0, sure=s) for s in (0.2, 0.9, 0.5)])[None]
    np.testing.assert_array_equal(most_certain(three)[0], three[0, [1, 2]])
    filled_TMJ3 = most_certain(three[:, :1])
    assert filled_TMJ3.shape == (1, 2, 14, 3)
    assert not filled_TMJ3[0, 1].any()

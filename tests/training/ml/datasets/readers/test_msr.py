"""The texts of both MSR sets are read row by row, and a wrong row is named."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.ml.datasets.mat_files import Numbers
from training.ml.datasets import read_dataset
from training.ml.datasets.readers.msr import SUBSETS, read_action_joints, read_daily_joints
from training.ml.errors import BadFile

RANDOM = np.random.default_rng(0)


def row(*numbers: float) -> str:
    return " ".join(f"{number:g}" for number in numbers)


def action_text(joints_TV3: Numbers) -> str:
    return "\n".join(row(*joint, 1) for joint in joints_TV3.reshape(-1, 3)) + "\n"


def daily_text(frames: list[Numbers]) -> str:
    """Frames of people (M, 20, 3): world and screen rows in turn."""
    lines = [f"{len(frames)} 20"]
    for people_MV3 in frames:
        lines.append(str(40 * len(people_MV3)))
        for joint in people_MV3.reshape(-1, 3):
            lines += [row(*joint, 1), row(0.5, 0.25, 9000, 1)]
    return "\n".join(lines) + "\n"


def touch(root: Path, ending: str, actions: range, subjects: range) -> Path:
    for action in actions:
        for subject in subjects:
            (root / f"a{action:02}_s{subject:02}_e01_{ending}").touch()
    return root


def test_actions_are_parted_by_half_of_the_people(tmp_path: Path) -> None:
    found = read_dataset("msr_action3d", touch(tmp_path, "skeleton3D.txt", range(1, 21), range(1, 11)))
    assert (len(found.classes), found.classes[0], found.classes[19]) == (20, "high_arm_wave", "pickup_throw")
    assert {sample.subject for sample in found.train} == {"s1", "s3", "s5", "s7", "s9"}
    assert len(found.test) == 100


def test_the_three_sets_have_eight_actions_each(tmp_path: Path) -> None:
    found = read_dataset("msr_action3d", touch(tmp_path, "skeleton3D.txt", range(1, 21), range(1, 3)))
    for name, numbers in SUBSETS.items():
        assert len(set(numbers)) == 8
        labels = {sample.label for sample in found.side("train", name)}
        assert labels == {found.classes[number - 1] for number in numbers}
        assert labels == {sample.label for sample in found.side("test", name)}
    assert set().union(*SUBSETS.values()) == set(range(1, 21))


def test_daily_activities_have_their_published_size(tmp_path: Path) -> None:
    for take in (1, 2):
        for action in range(1, 17):
            for subject in range(1, 11):
                (tmp_path / f"a{action:02}_s{subject:02}_e{take:02}_skeleton.txt").touch()
    found = read_dataset("msr_daily", tmp_path)
    assert found.checks[0].holds
    assert (len(found.samples), len(found.classes), found.classes[0]) == (320, 16, "drink")


def test_joints_of_an_action_come_in_the_order_of_networks(tmp_path: Path) -> None:
    joints_TV3 = RANDOM.normal(size=(6, 20, 3)).round(3)
    (tmp_path / "a.txt").write_text(action_text(joints_TV3))
    x_CTVM = read_action_joints(tmp_path / "a.txt")
    np.testing.assert_allclose(x_CTVM[..., 0], joints_TV3.transpose(2, 0, 1), rtol=1e-6)


def test_world_rows_are_taken_and_absent_people_are_zeros(tmp_path: Path) -> None:
    one, two = (RANDOM.normal(size=(people, 20, 3)).round(3) for people in (1, 2))
    (tmp_path / "a.txt").write_text(daily_text([one, np.zeros((0, 20, 3)), two]))
    x_CTVM = read_daily_joints(tmp_path / "a.txt")
    assert x_CTVM.shape == (3, 3, 20, 2)
    np.testing.assert_allclose(x_CTVM[:, 0, :, 0], one[0].T, rtol=1e-6)
    np.testing.assert_allclose(x_CTVM[:, 2, :, 1], two[1].T, rtol=1e-6)
    assert not x_CTVM[:, 1].any()
    assert not x_CTVM[:, 0, :, 1].any()


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [
        (7, "1 2 3", r'Line 7 of a\.txt is "1 2 3", where four numbers'),
        (7, "1 2 x 1", r'Line 7 of a\.txt is "1 2 x 1"'),
        (7, "1 2 nan 1", r'Line 7 of a\.txt is "1 2 nan 1"'),
        (40, "", r"Line 39 of a\.txt ends a frame after 19 of 20 joints"),
    ],
)
def test_a_wrong_row_of_an_action_is_named(tmp_path: Path, line: int, text: str, said: str) -> None:
    lines = action_text(np.ones((2, 20, 3))).splitlines()
    lines[line - 1] = text
    (tmp_path / "a.txt").write_text("\n".join(lines))
    with pytest.raises(BadFile, match=said):
        read_action_joints(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [
        (1, "2 25", r'Line 1 of a\.txt is "2 25", where the number of frames and 20 joints'),
        (2, "41", r'Line 2 of a\.txt is "41", where a number of rows, a multiple of 40'),
        (5, "1 2", r'Line 5 of a\.txt is "1 2", where four numbers'),
        (1, "1 20", r"Line 43 of a\.txt goes on after the 1 frames"),
        (1, "3 20", r'Line 84 of a\.txt is "", where a number of rows'),
        (1, "0 20", r"Line 2 of a\.txt goes on after the 0 frames"),
    ],
)
def test_a_wrong_row_of_an_activity_is_named(tmp_path: Path, line: int, text: str, said: str) -> None:
    lines = daily_text([np.ones((1, 20, 3))] * 2).splitlines()
    lines[line - 1] = text
    (tmp_path / "a.txt").write_text("\n".join(lines))
    with pytest.raises(BadFile, match=said):
        read_daily_joints(tmp_path / "a.txt")


def test_files_without_a_frame_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("0 20\n")
    with pytest.raises(BadFile, match=r"a\.txt has no frame"):
        read_daily_joints(tmp_path / "a.txt")
    (tmp_path / "a.txt").write_text("")
    with pytest.raises(BadFile, match=r"a\.txt is empty"):
        read_action_joints(tmp_path / "a.txt")

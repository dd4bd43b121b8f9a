"""OpenPose's files are read as they are, and a broken one says where it is broken."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.ml.errors import BadFile
from training.ml.pose.mapping import mapped
from training.ml.pose.openpose import JOINTS, read_folder, read_frame

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[5] / "shared"))
NUMBERS = [float(n) for n in range(1, 76)]


def write(path: Path, *people: Any) -> Path:
    document = {"version": 1.3, "people": [{"person_id": [-1], "pose_keypoints_2d": each} for each in people]}
    path.write_text(json.dumps(document))
    return path


def test_every_person_has_25_joints_of_x_y_and_confidence(tmp_path: Path) -> None:
    people_MJ3 = read_frame(write(tmp_path / "a_1.json", NUMBERS, [0] * 75))
    assert people_MJ3.shape == (2, JOINTS, 3)
    assert people_MJ3.dtype == np.float32
    assert people_MJ3[0, 1].tolist() == [4, 5, 6]
    assert not people_MJ3[1].any()


def test_a_frame_may_be_empty(tmp_path: Path) -> None:
    assert read_frame(write(tmp_path / "a_1.json")).shape == (0, JOINTS, 3)


def test_a_joint_without_confidence_is_missing(tmp_path: Path) -> None:
    people_MJ3 = read_frame(write(tmp_path / "a_1.json", [*NUMBERS[:2], 0, *NUMBERS[3:]]))
    assert people_MJ3[0, 0].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (NUMBERS[:54], r"54 numbers in people\[1\].pose_keypoints_2d; BODY_25 has 75"),
        ([*NUMBERS[:7], "x", *NUMBERS[8:]], r"'x' in people\[1\].pose_keypoints_2d\[7\]"),
        ([*NUMBERS[:7], None, *NUMBERS[8:]], r"None in people\[1\].pose_keypoints_2d\[7\]"),
        ([*NUMBERS[:7], True, *NUMBERS[8:]], r"True in people\[1\].pose_keypoints_2d\[7\]"),
        ([*NUMBERS[:7], float("nan"), *NUMBERS[8:]], r"nan in people\[1\].pose_keypoints_2d\[7\]"),
        (None, r"no list people\[1\].pose_keypoints_2d"),
    ],
)
def test_a_wrong_person_is_named_with_the_field(tmp_path: Path, numbers: Any, said: str) -> None:
    with pytest.raises(BadFile, match=rf"a_1\.json has .*{said}"):
        read_frame(write(tmp_path / "a_1.json", NUMBERS, numbers))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"people": [\n{"pose_keypoints_2d": [1, 2,,\n', "is no JSON: .* in line 2"),
        ("", "is no JSON: .* in line 1"),
        ("[" * 100_000, "is nested too deeply"),
        ("[]", "has no list `people`"),
        ('{"people": 3}', "has no list `people`"),
        ('{"people": [3]}', r"no list people\[0\]"),
    ],
)
def test_a_wrong_file_is_named_with_the_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a_1.json").write_text(text)
    with pytest.raises(BadFile, match=rf"a_1\.json {said}|a_1\.json has {said}"):
        read_frame(tmp_path / "a_1.json")


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a_1.json").write_bytes(b"\xff\xfe\x00")
    for name in ("a_1.json", "gone.json"):
        with pytest.raises(BadFile, match=f"{name} cannot be read"):
            read_frame(tmp_path / name)


def test_frames_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 9, 100):
        write(tmp_path / f"Kick_7_{number}_keypoints.json", [number] * 75)
    frames = read_folder(tmp_path)
    assert [number for number, _ in frames] == [9, 10, 100]
    assert [float(people[0, 0, 0]) for _, people in frames] == [9, 10, 100]


def test_a_folder_that_tells_no_order_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no JSON files"):
        read_folder(tmp_path)
    write(tmp_path / "a_1.json")
    write(tmp_path / "b_1.json")
    with pytest.raises(BadFile, match=r"a_1\.json and b_1\.json are both of frame 1"):
        read_folder(tmp_path)
    (tmp_path / "b_1.json").rename(tmp_path / "b.json")
    with pytest.raises(BadFile, match=r"b\.json has no number"):
        read_folder(tmp_path)


@pytest.mark.footage
def test_real_files_are_read() -> None:
    folder = SHARED / "data/skeleton_openpose_body25/open"
    if not folder.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no OpenPose files")
    seen = people = 0
    for path in folder.rglob("*.json"):
        joints_MJ3 = read_frame(path)
        there_MJ = joints_MJ3[..., 2] > 0
        people += len(joints_MJ3)
        seen += int(there_MJ.sum())
        assert (joints_MJ3[there_MJ] > 0).all()
        assert (joints_MJ3[..., 2] <= 1.1).all()
        assert mapped(joints_MJ3, "openpose25", "cpm14").shape == (len(joints_MJ3), 14, 3)
    assert people > 100
    assert seen > 10 * people

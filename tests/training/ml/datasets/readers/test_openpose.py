"""Folders of OpenPose's files are recordings, in which people are followed by their necks."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.datasets import Holds, read_dataset
from training.ml.datasets.readers.openpose import NECK, followed, read_joints
from training.ml.errors import BadFile
from training.ml.pose.joints import Floats

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[6] / "shared"))


def person(x: float, y: float) -> Floats:
    joints_V3 = np.zeros((25, 3), np.float32)
    joints_V3[:5] = [x, y, 0.9]
    return joints_V3


def write(folder: Path, number: int, *people: Floats) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    document = {"people": [{"pose_keypoints_2d": each.ravel().tolist()} for each in people]}
    (folder / f"clip_{number:012}_keypoints.json").write_text(json.dumps(document))


def test_a_folder_is_a_recording_of_the_class_above_it(tmp_path: Path) -> None:
    for folder in ("kick/one", "kick/two", "wave"):
        write(tmp_path / folder, 0, person(1, 1))
    found = read_dataset("openpose", tmp_path)
    assert found.classes == ("kick", "wave")
    assert [(s.label, s.group, s.holds) for s in found.samples] == [
        ("kick", "kick/one", Holds.SKELETON),
        ("kick", "kick/two", Holds.SKELETON),
        ("wave", "wave", Holds.SKELETON),
    ]


def test_people_are_followed_from_frame_to_frame(tmp_path: Path) -> None:
    write(tmp_path, 7, person(10, 50), person(200, 50))
    write(tmp_path, 8, person(204, 50), person(12, 50))
    write(tmp_path, 9)
    write(tmp_path, 10, person(208, 50))
    x_CTVM = read_joints(tmp_path)
    assert x_CTVM.shape == (3, 4, 25, 2)
    assert x_CTVM[0, :, NECK, 0].tolist() == [10, 12, 0, 0]
    assert x_CTVM[0, :, NECK, 1].tolist() == [200, 204, 0, 208]


@given(st.permutations(range(4)), st.integers(2, 5))
def test_whoever_is_named_first_stays_in_their_place(order: list[int], frames: int) -> None:
    people = [person(100.0 * n + 10, 40) for n in range(4)]
    joints_TMV3 = followed([np.stack(people), *[np.stack([people[n] for n in order])] * (frames - 1)])
    assert (joints_TMV3 == np.stack(people)).all()


def test_nobody_at_all_is_one_place_of_zeros() -> None:
    assert followed([np.zeros((0, 25, 3), np.float32)] * 3).shape == (3, 1, 25, 3)


def test_who_shows_no_neck_is_followed_by_what_is_seen() -> None:
    hidden, other = person(300, 9), person(10, 9)
    hidden[NECK] = 0
    joints_TMV3 = followed([np.stack([hidden, other]), np.stack([other, hidden])])
    assert (joints_TMV3[:, 0] == hidden).all()


def test_a_frame_without_a_file_is_refused(tmp_path: Path) -> None:
    for number in (3, 5):
        write(tmp_path, number)
    with pytest.raises(BadFile, match="has no file of frame 4, but one of 5"):
        read_joints(tmp_path)


def test_folders_that_tell_no_class_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="No folder with JSON files of OpenPose"):
        read_dataset("openpose", tmp_path)
    write(tmp_path, 0)
    with pytest.raises(BadFile, match="holds JSON files itself"):
        read_dataset("openpose", tmp_path)


@pytest.mark.footage
def test_real_recordings_are_read() -> None:
    folder = SHARED / "data/skeleton_openpose_body25/open"
    if not folder.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no OpenPose files")
    found = read_dataset("openpose", folder)
    frames = {sample.label: read_joints(sample.path).shape[1] for sample in found.samples}
    assert frames == {"kick": 90, "video": 120}

"""NTU RGB+D's recordings, their protocols, and those that a list leaves out."""

import os
from pathlib import Path

import pytest

from tests.training.ml.datasets.ntu_texts import recording
from training.ml.datasets import read_dataset
from training.ml.datasets.readers.ntu import CLASSES, LISTS, read_joints
from training.ml.errors import BadFile

SHARED = Path(os.environ.get("RUSHES_SHARED", Path(__file__).resolve().parents[6] / "shared"))
OPEN = SHARED / "data/skeleton_ntu_samples/open"
NAMES = ("S001C001P001R001A011", "S001C003P008R002A058", "S002C001P003R001A003", "S017C002P003R001A001")


def touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / f"{name}.skeleton").touch()
    return root


def test_names_tell_everything_and_classes_keep_their_published_numbers(tmp_path: Path) -> None:
    found = read_dataset("ntu60", touch(tmp_path, *NAMES))
    assert len(found.classes) == 60
    first = found.samples[0]
    assert (first.label, first.subject, first.camera, first.setup) == ("read", "P001", "C001", "S001")
    assert first.group == "S001P001R001A011", "the same for all three cameras"
    assert [found.number(sample) for sample in found.samples] == [10, 57, 2, 0]


def test_the_first_part_is_parted_by_persons_and_by_cameras(tmp_path: Path) -> None:
    touch(tmp_path, *NAMES)
    by_person, by_camera = (
        read_dataset("ntu60", tmp_path, protocol=f"cross-{x}") for x in ("subject", "view")
    )
    assert [sample.label for sample in by_person.train] == ["read", "shake_hands"]
    assert [sample.label for sample in by_person.test] == ["brush_teeth", "drink_water"]
    assert [sample.label for sample in by_camera.train] == ["shake_hands", "drink_water"]


def test_the_second_part_is_parted_by_persons_setups_and_novel_actions(tmp_path: Path) -> None:
    touch(tmp_path, *NAMES, "S032C001P103R001A120", "S018C003P008R001A061")
    found = read_dataset("ntu120", tmp_path)
    assert len(found.classes) == len(CLASSES) == len(set(CLASSES)) == 120
    assert [s.label for s in found.side("train", "cross-subject")] == [
        *("read", "shake_hands", "put_on_headphone", "finger_guessing_game"),
    ]
    assert [s.setup for s in found.side("train", "cross-setup")] == ["S002", "S018", "S032"]
    assert [s.label for s in found.side("test", "one-shot")] == ["drink_water", "put_on_headphone"]


def test_listed_samples_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path, *NAMES)
    assert not read_dataset("ntu60", tmp_path).checks[0].holds
    (tmp_path / LISTS[0]).write_text(f"{NAMES[1]}\nS005C003P021R002A057\n")
    found = read_dataset("ntu60", tmp_path)
    assert len(found.samples) == 3
    assert found.checks[0].sentence == "1 samples without usable skeletons were left out."
    elsewhere = tmp_path / "mine.txt"
    elsewhere.write_text("\n".join(NAMES[:2]))
    assert len(read_dataset("ntu60", tmp_path, missing=elsewhere).samples) == 2


def test_a_folder_of_few_does_not_pass_for_the_whole(tmp_path: Path) -> None:
    checks = read_dataset("ntu120", touch(tmp_path, *NAMES)).checks
    assert [check.sentence for check in checks[1:]] == [
        "cross-subject: 2 to learn from and 2 to test, 63026 and 50919 published.",
        "cross-setup: 1 to learn from and 3 to test, 54468 and 59477 published.",
    ]
    assert not any(check.holds for check in checks[1:])


def test_strange_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"No file named SsssCcccPpppRrrrAaaa\.skeleton lies in"):
        read_dataset("ntu60", tmp_path)
    with pytest.raises(BadFile, match=r"A061\.skeleton is of NTU RGB\+D 120: read this folder as ntu120"):
        read_dataset("ntu60", touch(tmp_path, "S018C003P008R001A061"))
    (tmp_path / "more").mkdir()
    touch(tmp_path / "more", "S018C003P008R001A061")
    with pytest.raises(BadFile, match="have one name: keep one of them"):
        read_dataset("ntu120", tmp_path)
    touch(tmp_path / "more", "mine").joinpath("S018C003P008R001A061.skeleton").unlink()
    with pytest.raises(BadFile, match="mine is no name of NTU"):
        read_dataset("ntu120", tmp_path)


def test_joints_come_in_the_order_of_networks(tmp_path: Path) -> None:
    path = tmp_path / f"{NAMES[0]}.skeleton"
    path.write_text("\n".join(recording([[(1, 0.5), (2, 0.25)]])))
    x_CTVM = read_joints(path)
    assert x_CTVM.shape == (3, 1, 25, 2)
    assert x_CTVM[:, 0, 6, 1].tolist() == [0.25, 6, 3]


@pytest.mark.footage
def test_real_files_are_of_the_actions_that_their_labels_say() -> None:
    if not OPEN.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no skeletons of NTU RGB+D")
    found = read_dataset("ntu60", OPEN)
    assert [sample.label for sample in found.samples] == ["read", "shake_hands", "brush_teeth"]

"""Folders name classes, and sides above them."""

from pathlib import Path

import pytest

from training.ml.datasets import Holds, read_dataset
from training.ml.errors import BadFile


def touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def test_a_folder_is_a_class(tmp_path: Path) -> None:
    touch(tmp_path, "walk/2.mp4", "walk/10.MP4", "run/deep/er/1.avi", "run/notes.txt", ".trash/old/3.mp4")
    found = read_dataset("folders", tmp_path)
    assert found.classes == ("run", "walk")
    assert [(s.path.name, s.label) for s in found.samples] == [
        ("1.avi", "run"),
        ("2.mp4", "walk"),
        ("10.MP4", "walk"),
    ]
    assert not found.protocols


def test_a_folder_of_pictures_is_a_clip(tmp_path: Path) -> None:
    touch(tmp_path, "run/a/1.jpg", "run/a/2.jpg", "run/b/deep/1.png", "walk/c.mp4")
    found = read_dataset("folders", tmp_path)
    assert [(s.path.relative_to(tmp_path).as_posix(), s.label, s.holds) for s in found.samples] == [
        ("run/a", "run", Holds.PICTURES),
        ("run/b/deep", "run", Holds.PICTURES),
        ("walk/c.mp4", "walk", Holds.VIDEO),
    ]


def test_folders_of_sides_make_a_protocol(tmp_path: Path) -> None:
    touch(tmp_path, "train/run/a.mp4", "train/walk/b.mp4", "test/run/c.mp4")
    found = read_dataset("folders", tmp_path)
    assert [len(side) for side in (found.train, found.val, found.test)] == [2, 0, 1]
    assert found.classes == ("run", "walk")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a.mp4", "run/b.mp4"], r"a\.mp4 lies in no folder of a class"),
        (["run/1.jpg"], r"1\.jpg lies in no folder of a clip within one of its class"),
        (["1.jpg"], r"1\.jpg lies in no folder of a clip"),
        (["train/a.mp4"], r"a\.mp4 lies in no folder of a class"),
        (["run/notes.txt"], "No video lies in a folder of a class"),
        (["train/run/a.mp4", "walk/b.mp4"], "walk lies beside train: is it a class or a side"),
    ],
)
def test_nothing_is_guessed(tmp_path: Path, names: list[str], said: str) -> None:
    with pytest.raises(BadFile, match=said):
        read_dataset("folders", touch(tmp_path, *names))

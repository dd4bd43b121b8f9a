"""Which camera a recording of a folder belongs to."""

from pathlib import Path

import pytest
from django.core.management.base import CommandError

from curation.management.cameras import UNNAMED, cameras_of


def test_the_camera_of_labels_csv_wins_over_the_folder(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,label,camera\na/one.mp4,walking,yard_north\n")
    assert cameras_of([tmp_path / "a" / "one.mp4"], tmp_path) == {"Yard north": [tmp_path / "a" / "one.mp4"]}


def test_without_a_word_in_labels_csv_the_folder_names_the_camera(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,label\ngate-1/one.mp4,walking\n")
    assert list(cameras_of([tmp_path / "gate-1" / "one.mp4"], tmp_path)) == ["Gate 1"]


def test_loose_files_share_one_camera(tmp_path: Path) -> None:
    files = [tmp_path / "one.mp4", tmp_path / "two.mp4"]
    assert cameras_of(files, tmp_path) == {UNNAMED: files}


def test_every_file_is_in_exactly_one_group(tmp_path: Path) -> None:
    files = [tmp_path / "a" / "1.mp4", tmp_path / "b" / "2.mp4", tmp_path / "3.mp4", tmp_path / "a" / "4.mp4"]
    groups = cameras_of(files, tmp_path)
    assert sorted(path for group in groups.values() for path in group) == sorted(files)


def test_a_table_that_cannot_be_read_is_said_and_sorts_nothing(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_bytes("file,camera\na.mp4,Tür".encode("utf-16"))
    with pytest.raises(CommandError, match="save it as one"):
        cameras_of([tmp_path / "a.mp4"], tmp_path)
    table.unlink()
    table.mkdir()
    with pytest.raises(CommandError, match=r"labels\.csv cannot be read: Is a directory"):
        cameras_of([tmp_path / "a.mp4"], tmp_path)

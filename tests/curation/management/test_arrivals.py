import os
from pathlib import Path

import pytest

from curation.management.arrivals import footage_in
from tests.curation.factories import write_video


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def found(*paths: Path) -> list[str]:
    return [path.name for path in footage_in(paths)]


def test_a_folder_is_searched_all_the_way_down(tmp_path: Path) -> None:
    for name in ("b.mp4", "deep/er/a.MKV", "deep/notes.txt", "deep/.hidden.mp4", ".trash/c.mp4"):
        touch(tmp_path / name)
    assert found(tmp_path) == ["b.mp4", "a.MKV"]


def test_a_video_without_an_extension_is_known_by_its_bytes(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", 3).rename(tmp_path / "recording")
    touch(tmp_path / "README")
    assert found(tmp_path) == ["recording"]


def test_a_file_that_is_named_is_taken_at_its_word(tmp_path: Path) -> None:
    assert found(touch(tmp_path / "notes.txt")) == ["notes.txt"]


def test_a_file_named_twice_comes_once(tmp_path: Path) -> None:
    path = touch(tmp_path / "a.mp4")
    assert found(path, tmp_path, path) == ["a.mp4"]


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "link.mp4").symlink_to(tmp_path / "gone.mp4")
    for name in ("gone.mp4", "link.mp4"):
        with pytest.raises(FileNotFoundError, match=name):
            list(footage_in([tmp_path / name]))


def test_a_folder_is_searched_past_pipes_and_broken_links(tmp_path: Path) -> None:
    touch(tmp_path / "a.mp4")
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "link.mp4").symlink_to(tmp_path / "gone.mp4")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "folder.mp4").mkdir()
    assert found(tmp_path) == ["a.mp4"]

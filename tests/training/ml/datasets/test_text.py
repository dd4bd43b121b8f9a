"""Lists are read as they come, and what is wrong in one is named with its line."""

from pathlib import Path

import pytest

from training.ml.datasets.text import folder_of, json_of, lines_of, table_of
from training.ml.errors import BadFile


def test_lines_keep_their_numbers_past_marks_blanks_and_returns(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"\xef\xbb\xbffirst\r\n\r\n  third \r\n")
    assert lines_of(path) == [(1, "first"), (3, "third")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_parted_by_what_parts_its_first_line(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(delimiter.join(["file", "label"]) + "\n\n" + delimiter.join(['"a\nb"', "run"]) + "\n")
    assert list(table_of(path)) == [(1, ["file", "label"]), (3, ["a\nb", "run"])]


def test_what_is_no_text_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"one\ntwo\xff\n")
    with pytest.raises(BadFile, match=r"Line 2 of list\.txt is not UTF-8 text"):
        lines_of(path)


def test_an_open_quote_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('file,label\na,run\n"b,run\n')
    with pytest.raises(BadFile, match=r"Line 3 of table\.csv is no line of a table"):
        list(table_of(path))


@pytest.mark.parametrize(
    ("text", "said"), [('{"a":\n[1,,2]}', "in line 2"), ("[" * 100_000, "too deeply|line 1")]
)
def test_what_is_no_json_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(BadFile, match=rf"a\.json .*{said}|{said}"):
        json_of(path)


def test_what_is_empty_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n\n")
    with pytest.raises(BadFile, match=r"empty\.txt is empty"):
        lines_of(tmp_path / "empty.txt")
    with pytest.raises(BadFile, match=r"gone\.txt cannot be read: No such file"):
        lines_of(tmp_path / "gone.txt")
    with pytest.raises(BadFile, match="There is no folder"):
        folder_of(tmp_path / "gone")

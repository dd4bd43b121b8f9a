"""Word vectors of classes: the mean of the known words of the first name."""

from pathlib import Path

import numpy as np
import pytest

from training.ml.errors import BadFile
from training.ml.glove import class_vectors, words


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "glove.txt"
    path.write_text("tiger 1 0 0\ncat 0 2 0\n. . 9 9 9\nhammer 0 0 3.5\ncat 7 7 7\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tiger cat, Felis", ["tiger", "cat"]),
        ("Egyptian_cat", ["egyptian", "cat"]),
        ("hand-held computer", ["hand", "held", "computer"]),
        ("  ", []),
    ],
)
def test_a_class_is_its_first_names_words(name: str, expected: list[str]) -> None:
    assert words(name) == expected


def test_known_words_are_averaged_and_unknown_ones_are_nothing(file: Path) -> None:
    rows = class_vectors(file, ["tiger cat, Felis tigris", "Egyptian cat", "hammer", "wok"])
    assert rows.dtype == np.float32
    assert rows.tolist() == [[0.5, 1, 0], [0, 2, 0], [0, 0, 3.5], [0, 0, 0]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "are empty"),
        ("cat\n", "Line 1 of glove.txt is no word vector"),
        ("400000 300\n", "Line 1 of glove.txt is no word vector"),
        ("dog 1 2\ncat 1\n", "Line 2 of glove.txt is no word vector"),
        ("dog 1 2\ncat 1 x\n", "Line 2 of glove.txt holds something that is no number"),
        ("dog 1 2\ncat 1 inf\n", "Line 2 of glove.txt holds a number that is not finite"),
    ],
)
def test_a_file_of_something_else_is_refused_by_its_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "glove.txt").write_text(content, encoding="utf-8")
    with pytest.raises(BadFile, match=said):
        class_vectors(tmp_path / "glove.txt", ["cat"])


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd").write_bytes(b"\xff\xfe\x00 1 2 3\n")
    for name in ("odd", "gone"):
        with pytest.raises(BadFile, match=f"The word vectors {name} cannot be read"):
            class_vectors(tmp_path / name, ["cat"])

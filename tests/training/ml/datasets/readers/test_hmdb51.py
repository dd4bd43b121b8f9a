"""HMDB51's marks make three splits; what a name tells is kept, and a wrong line is named."""

from pathlib import Path

import pytest

from training.ml.datasets import read_dataset
from training.ml.datasets.base import Dataset
from training.ml.errors import BadFile

CLASSES = [f"class_{n:02}" for n in range(51)]


def write(root: Path, classes: list[str], unused: dict[str, int]) -> None:
    """70 clips to learn from and 30 to test a class and split, each split beginning elsewhere."""
    root.mkdir(parents=True, exist_ok=True)
    for name in classes:
        count = 100 + unused[name]
        files = [f"film{n}_{name}_u_nm_np1_{['ba', 'le'][n % 2]}_goo_{n}.avi" for n in range(count)]
        for number in (1, 2, 3):
            marks = ["1"] * 70 + ["2"] * 30 + ["0"] * unused[name]
            turned = marks[number * 30 :] + marks[: number * 30]
            lines = [f"{file} {mark} \n" for file, mark in zip(files, turned, strict=True)]
            (root / f"{name}_test_split{number}.txt").write_text("".join(lines))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    root = tmp_path_factory.mktemp("hmdb")
    unused = {name: 1666 // 51 + (n < 1666 % 51) for n, name in enumerate(CLASSES)}
    write(root / "testTrainMulti_7030_splits", CLASSES, unused)
    return read_dataset("hmdb51", root, protocol="split2")


@pytest.fixture
def few(tmp_path: Path) -> Path:
    write(tmp_path, CLASSES[:2], dict.fromkeys(CLASSES, 1))
    return tmp_path


def test_the_splits_have_the_published_sizes(whole: Dataset) -> None:
    assert len(whole.samples) == 6766
    assert len(whole.classes) == 51
    assert [(len(p.train), len(p.test)) for p in whole.protocols.values()] == [(3570, 1530)] * 3
    assert all(check.holds for check in whole.checks)


def test_splits_differ_and_nobody_is_on_two_sides(whole: Dataset) -> None:
    tested = [set(each.test) for each in whole.protocols.values()]
    assert tested[0] != tested[1] != tested[2]
    for each in whole.protocols.values():
        assert not set(each.train) & set(each.test)
    assert whole.test == whole.side("test", "split2")


def test_names_tell_the_film_and_the_view(few: Path) -> None:
    first, second = read_dataset("hmdb51", few).samples[:2]
    assert (first.group, first.view, second.view) == ("film0", "back", "left")
    assert first.path == few / "class_00/film0_class_00_u_nm_np1_ba_goo_0.avi"


def test_a_name_of_another_spelling_tells_nothing(few: Path) -> None:
    for path in few.glob("class_00_test_split*.txt"):
        path.write_text(path.read_text() + "odd name.avi 1\n")
    odd = next(s for s in read_dataset("hmdb51", few).samples if s.path.name == "odd name.avi")
    assert (odd.group, odd.view, odd.label) == ("", "", "class_00")


def test_other_sizes_than_the_published_are_said(few: Path) -> None:
    said = [check.sentence for check in read_dataset("hmdb51", few).checks if not check.holds]
    assert said[0] == "6 files of splits, 153 published."
    assert said[1].startswith(
        "split1: 140 to learn from, 60 to test and 2 unused, 3570, 1530 and 1666 published"
    )


@pytest.mark.parametrize("line", ["a.avi 3", "a.avi", "1", "a.mp4 1"])
def test_a_wrong_line_is_named(few: Path, line: str) -> None:
    path = few / "class_01_test_split2.txt"
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(BadFile, match=rf'Line 102 of class_01_test_split2\.txt is "{line}" and no NAME\.avi'):
        read_dataset("hmdb51", few)


def test_a_clip_listed_twice_is_named(few: Path) -> None:
    path = few / "class_01_test_split2.txt"
    path.write_text(path.read_text() * 2)
    with pytest.raises(BadFile, match=r"Line 102 of class_01_test_split2\.txt lists film0_class_01_.* again"):
        read_dataset("hmdb51", few)


def test_a_split_that_no_class_has_is_left_out(few: Path) -> None:
    for path in few.glob("*_test_split1.txt"):
        path.unlink()
    found = read_dataset("hmdb51", few)
    assert (list(found.protocols), found.using) == (["split2", "split3"], "split2")
    assert found.checks[0].sentence == "4 files of splits, 153 published."


def test_a_missing_list_is_asked_for(few: Path, tmp_path: Path) -> None:
    (few / "class_01_test_split3.txt").unlink()
    with pytest.raises(BadFile, match=r"lacks class_01_test_split3\.txt"):
        read_dataset("hmdb51", few)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFile, match=r"No list named CLASS_test_split1\.txt"):
        read_dataset("hmdb51", tmp_path / "empty")

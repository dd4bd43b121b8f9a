"""UCF101's lists make three splits of whole groups, and a wrong line is named."""

from pathlib import Path

import pytest

from training.ml.datasets import read_dataset
from training.ml.datasets.base import Dataset
from training.ml.errors import BadFile

CLASSES = [f"Class{n:03}" for n in range(101)]
TESTED = {1: range(1, 8), 2: range(8, 15), 3: range(15, 22)}
"""Groups that are tested, by split; those from 22 never are."""


def clips(counts: dict[range, int]) -> list[tuple[str, int]]:
    """Paths and groups of as many clips as these groups have, dealt to the classes in turn."""
    made = []
    for groups, count in counts.items():
        for n in range(count):
            name, turn = CLASSES[n % 101], n // 101
            group = groups[turn % len(groups)]
            made.append((f"{name}/v_{name}_g{group:02}_c{turn // len(groups) + 1:02}.avi", group))
    return made


def write(lists: Path, made: list[tuple[str, int]]) -> None:
    lists.mkdir(parents=True)
    lines = [f"{n} {name}" for n, name in enumerate(CLASSES, 1)]
    (lists / "classInd.txt").write_text("\r\n".join(lines) + "\r\n")
    for number, groups in TESTED.items():
        train = [f"{file} {CLASSES.index(file[:8]) + 1}\n" for file, group in made if group not in groups]
        test = [f"{file}\n" for file, group in made if group in groups]
        (lists / f"trainlist{number:02}.txt").write_text("".join(train))
        (lists / f"testlist{number:02}.txt").write_text("".join(test))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Lists of the published size."""
    root = tmp_path_factory.mktemp("ucf")
    write(
        root / "ucfTrainTestlist",
        clips({TESTED[1]: 3783, TESTED[2]: 3734, TESTED[3]: 3696, range(22, 26): 2107}),
    )
    return read_dataset("ucf101", root)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    write(tmp_path / "lists", clips({TESTED[1]: 20, TESTED[2]: 20, TESTED[3]: 20}))
    return tmp_path / "lists"


def test_the_splits_have_the_published_sizes(whole: Dataset) -> None:
    assert len(whole.samples) == 13320
    assert [(len(p.train), len(p.test)) for p in whole.protocols.values()] == [
        (9537, 3783),
        (9586, 3734),
        (9624, 3696),
    ]
    assert all(check.holds for check in whole.checks)
    assert whole.using == "split1"


def test_no_group_is_on_both_sides(whole: Dataset) -> None:
    for name in whole.protocols:
        sides = [{sample.group for sample in whole.side(side, name)} for side in ("train", "test")]
        assert not sides[0] & sides[1]


def test_classes_keep_the_order_of_their_numbers(whole: Dataset) -> None:
    assert whole.classes == tuple(CLASSES)
    assert {whole.number(sample) for sample in whole.test} == set(range(101))


def test_videos_lie_in_a_folder_a_class(few: Path) -> None:
    (few / "UCF-101/Class000").mkdir(parents=True)
    there = few / "UCF-101/Class000/v_Class000_g01_c01.avi"
    there.touch()
    found = read_dataset("ucf101", few)
    assert there in {sample.path for sample in found.samples}
    assert len(found.missing) == 59


def test_other_sizes_than_the_published_are_said(few: Path) -> None:
    said = [check.sentence for check in read_dataset("ucf101", few).checks if not check.holds]
    assert said[0] == "split1: 40 to learn from and 20 to test, 9537 and 3783 published."


def test_a_group_on_both_sides_is_said(few: Path) -> None:
    with (few / "testlist01.txt").open("a") as file:
        file.write("Class000/v_Class000_g08_c09.avi\n")
    said = [check.sentence for check in read_dataset("ucf101", few).checks if not check.holds]
    assert "split1: 1 of 60 groups are on two sides: Class000 g08." in said


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("trainlist01.txt", "Class000/v_Class000_g22_c01.avi 2", "says class 2, but Class000 is class 1"),
        ("trainlist02.txt", "Other/v_Other_g22_c01.avi 1", "Other, a class that classInd.txt does not list"),
        ("testlist01.txt", "Class000/Class000_g22_c01.avi", "and no Class/v_Class_gGG_cCC.avi"),
        ("testlist03.txt", "Class000/v_Class000_g22_c01.avi one", "and no Class/v_Class_gGG_cCC.avi"),
        ("classInd.txt", "103 More", 'is "103 More" where class 102 with its name belongs'),
        ("classInd.txt", "102 Class000", "names the class Class000 again"),
    ],
)
def test_a_wrong_line_is_named(few: Path, name: str, line: str, said: str) -> None:
    path = few / name
    number = len(path.read_text().splitlines()) + 1
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(BadFile, match=rf"Line {number} of {name} .*{said}"):
        read_dataset("ucf101", few)


def test_a_video_listed_twice_is_named(few: Path) -> None:
    path = few / "testlist01.txt"
    path.write_text(path.read_text() * 2)
    with pytest.raises(BadFile, match=r"Line 21 of testlist01\.txt lists Class000/.* again"):
        read_dataset("ucf101", few)


def test_a_split_without_lists_is_left_out_and_said(few: Path) -> None:
    for name in ("trainlist01.txt", "testlist01.txt", "trainlist03.txt"):
        (few / name).unlink()
    with pytest.raises(BadFile, match=r"trainlist03\.txt cannot be read"):
        read_dataset("ucf101", few)
    (few / "testlist03.txt").unlink()
    found = read_dataset("ucf101", few)
    assert (list(found.protocols), found.using) == (["split2"], "split2")
    said = [check.sentence for check in found.checks if not check.holds]
    assert said[0] == "split1: its lists are not there."
    assert said[-1] == "split3: its lists are not there."


def test_a_file_may_spell_its_class_otherwise_than_its_folder(few: Path) -> None:
    with (few / "testlist01.txt").open("a") as file:
        file.write("Class000/v_CLASS000_g01_c09.avi\n")
    assert read_dataset("ucf101", few).test[-1].label == "Class000"


def test_lists_that_are_not_there_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"classInd\.txt is in none of .*ucfTrainTestlist.*: put the official"):
        read_dataset("ucf101", tmp_path)
    (tmp_path / "classInd.txt").write_text("1 Archery\n")
    with pytest.raises(BadFile, match=r"No trainlist01\.txt lies beside classInd\.txt"):
        read_dataset("ucf101", tmp_path)

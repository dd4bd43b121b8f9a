"""NTU RGB+D's names are understood, and every recording is on the side where its protocol puts it."""

from pathlib import Path

import pytest

from training.ml.datasets.ntu_names import (
    LEARNING_60,
    LEARNING_120,
    NOVEL,
    Name,
    Protocol,
    anchor,
    anchors,
    missing_names,
    side,
)
from training.ml.errors import BadFile


def test_a_name_has_five_numbers() -> None:
    name = Name.of(Path("/data/S017C003P106R002A120.skeleton"))
    assert name == Name(setup=17, camera=3, person=106, repetition=2, action=120)
    assert str(name) == "S017C003P106R002A120"
    assert name.label == 119
    assert not name.of_60
    assert Name.of("S017C003P040R002A060").of_60


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("S1C003P008R002A058.skeleton", "S1C003P008R002A058 is no name of NTU RGB"),
        ("xS001C003P008R002A058", "is no name"),
        ("S033C003P008R002A058", "is of setup 33; there are 1 to 32"),
        ("S001C000P008R002A058", "is of camera 0; there are 1 to 3"),
        ("S001C001P107R002A058", "is of person 107; there are 1 to 106"),
        ("S001C001P008R003A058", "is of repetition 3; there are 1 to 2"),
        ("S001C001P008R002A121", "is of action 121; there are 1 to 120"),
    ],
)
def test_another_name_is_refused(file: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        Name.of(file)


def test_the_persons_who_learn_are_the_published_ones() -> None:
    first = "1 2 4 5 8 9 13 14 15 16 17 18 19 25 27 28 31 34 35 38"
    second = (
        "45 46 47 49 50 52 53 54 55 56 57 58 59 70 74 78 80 81 82 83 84 85 86 89 91 92 93 94 95 97 98 100 103"
    )
    assert sorted(LEARNING_60) == list(map(int, first.split()))
    assert sorted(LEARNING_120) == list(map(int, f"{first} {second}".split()))


@pytest.mark.parametrize(
    ("name", "learns"),
    [
        ("S001C001P001R001A011", {Protocol.XSUB60, Protocol.XSUB120}),
        ("S001C003P003R001A011", {Protocol.XVIEW60}),
        ("S002C002P008R001A060", {*Protocol}),
        ("S017C001P003R001A001", set()),
    ],
)
def test_persons_cameras_and_setups_part(name: str, learns: set[Protocol]) -> None:
    assert {each for each in Protocol if side(Name.of(name), each) == "train"} == learns


def test_the_first_parts_protocols_do_not_know_the_second_part() -> None:
    assert side(Name.of("S018C001P045R001A001"), "xset120") == "train"
    with pytest.raises(BadFile, match=r"S018C001P045R001A001 is of NTU RGB\+D 120, of which xview60"):
        side(Name.of("S018C001P045R001A001"), "xview60")


def test_novel_actions_have_one_anchor_each() -> None:
    assert NOVEL == (1, 7, 13, 19, 25, 31, 37, 43, 49, 55, 61, 67, 73, 79, 85, 91, 97, 103, 109, 115)
    assert str(anchor(55)) == "S001C003P008R001A055"
    assert str(anchor(61)) == "S018C003P008R001A061"
    with pytest.raises(BadFile, match="Action 2 is learnt"):
        anchor(2)


HEADING = (
    '2 of the captured samples in the "NTU RGB+D" dataset have missing skeleton data.\nIf you are ...\n\n'
)


def listed(folder: Path, text: str) -> Path:
    path = folder / "missing.txt"
    path.write_text(text)
    return path


def test_a_list_tells_what_to_leave_out(tmp_path: Path) -> None:
    names = "S001C002P005R002A008\nS001C002P006R001A008\n"
    both = {Name(1, 2, 5, 2, 8), Name(1, 2, 6, 1, 8)}
    assert missing_names(listed(tmp_path, HEADING + names)) == both
    assert missing_names(listed(tmp_path, names)) == both
    assert missing_names(listed(tmp_path, names.replace("\n", ".skeleton\r\n"))) == both


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADING + "S001C002P005R002A008\n", r"missing\.txt has 1 names where it says 2"),
        ("S001C002P005R002A008\nS001C002\n", r"Line 2 of missing\.txt: S001C002 is no name"),
        ("S001C002P005R002A008\n\nS001C002P005R002A008", r"Line 3 of missing\.txt has .* again, .* line 1"),
        ("S001C002P005R002A008\nand more", r"Line 2 of missing\.txt: and more is no name"),
    ],
)
def test_a_damaged_list_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        missing_names(listed(tmp_path, text))


def test_an_anchor_that_is_not_there_is_replaced() -> None:
    there = ["S001C003P008R001A007", "S001C001P008R002A013", "S001C001P001R001A013", "S002C001P003R001A019"]
    chosen = anchors([Name.of(each) for each in (*there, "S001C003P008R001A002")])
    assert {action: str(name) for action, name in chosen.items()} == {
        7: "S001C003P008R001A007",
        13: "S001C001P008R002A013",
        19: "S002C001P003R001A019",
    }

"""Kinetics' lists find their files by id and seconds, and simple lists are what they say."""

from pathlib import Path

import pytest

from training.ml.datasets import read_dataset
from training.ml.datasets.base import UNKNOWN, Holds
from training.ml.errors import BadFile

HEADER = "label,youtube_id,time_start,time_end,split\n"


def write(root: Path, **lists: str) -> Path:
    for name, text in lists.items():
        (root / f"{name}.csv").write_text(text)
    return root


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_segments_are_found_alone_or_in_their_video(tmp_path: Path) -> None:
    alone = touch(tmp_path / "videos/playing chess/-a_B_000012_000022.mp4")
    long = touch(tmp_path / "videos/longer.mkv")
    write(
        tmp_path,
        train=HEADER + "playing chess,-a_B,12,22,train\nyawning,longer,5,15,train\nyawning,gone,0,10,train\n",
        validate=HEADER + "yawning,longer,30,40,validate\n",
    )
    found = read_dataset("kinetics", tmp_path)
    assert found.classes == ("playing chess", "yawning")
    one, two, three = found.train
    assert (one.path, one.seconds) == (alone, None)
    assert (two.path, two.seconds, two.group) == (long, (5, 15), "longer")
    assert three.path == tmp_path / "yawning/gone_000000_000010.mp4"
    assert found.missing == (three,)
    assert [sample.seconds for sample in found.val] == [(30, 40)]


def test_a_test_list_may_lack_labels(tmp_path: Path) -> None:
    write(tmp_path, kinetics_400_test="youtube_id,time_start,time_end,split\nab,0,10,test\n")
    found = read_dataset("kinetics", tmp_path)
    assert [found.number(sample) for sample in found.test] == [UNKNOWN]


def test_more_columns_are_left_alone_and_the_name_may_tell_the_side(tmp_path: Path) -> None:
    write(tmp_path, k700_val="label,youtube_id,time_start,time_end,is_cc\nrun,ab,0,10,0\n")
    assert len(read_dataset("kinetics", tmp_path).val) == 1


def test_simple_lists_have_a_path_and_a_label(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("run/a b.mp4 10\nwalk/c.mp4 9\n")
    (tmp_path / "val.txt").write_text("frames/d 120 9\n")
    found = read_dataset("kinetics", tmp_path)
    assert found.classes == ("9", "10")
    assert [(s.path, s.label, s.holds) for s in found.train] == [
        (tmp_path / "run/a b.mp4", "10", Holds.VIDEO),
        (tmp_path / "walk/c.mp4", "9", Holds.VIDEO),
    ]
    (frames,) = found.val
    assert (frames.path, frames.holds, frames.start, frames.end) == (
        tmp_path / "frames/d",
        Holds.PICTURES,
        0,
        120,
    )


def test_one_list_can_be_named_alone(tmp_path: Path) -> None:
    write(tmp_path, train=HEADER + "run,ab,0,10,train\n", val=HEADER + "broken\n")
    assert len(read_dataset("kinetics", tmp_path / "train.csv").train) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("run,ab,0,10", "has 4 values where 5 columns are named"),
        ("run,,0,10,train", "names no video"),
        (",ab,0,10,train", "has no label"),
        ("run,ab,ten,20,train", 'has "ten" as time_start, where seconds belong'),
        ("run,ab,-1,20,train", 'has "-1" as time_start'),
        ("run,ab,0,nan,train", 'has "nan" as time_end'),
        ("run,ab,10,10,train", "ends at 10 s, which is not after its start at 10 s"),
        ("run,ab,0,10,hold", 'has the split "hold" and none of train'),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    write(tmp_path, train=HEADER + "run,ab,0,10,train\n" + line + "\n")
    with pytest.raises(BadFile, match=rf"Line 3 of train\.csv {said}"):
        read_dataset("kinetics", tmp_path)


def test_wrong_lists_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="No list"):
        read_dataset("kinetics", tmp_path)
    write(tmp_path, train="label,youtube_id,time_start\nrun,ab,0\n")
    with pytest.raises(BadFile, match=r"Line 1 of train\.csv names no column time_end"):
        read_dataset("kinetics", tmp_path)
    write(tmp_path, train="path\n")
    with pytest.raises(BadFile, match=r'Line 1 of train\.csv is "path" and no path with a label'):
        read_dataset("kinetics", tmp_path)
    (tmp_path / "train.csv").rename(tmp_path / "mine.csv")
    with pytest.raises(BadFile, match=r"name of mine\.csv does not tell its side"):
        read_dataset("kinetics", tmp_path)


def test_a_segment_that_is_listed_twice_is_said(tmp_path: Path) -> None:
    write(tmp_path, train=HEADER + "run,ab,0,10,train\n" * 2)
    (check,) = read_dataset("kinetics", tmp_path).checks
    assert (check.holds, check.sentence) == (
        False,
        "Samples listed twice: 1, the first ab_000000_000010.mp4.",
    )

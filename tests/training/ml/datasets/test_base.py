"""A data set numbers its classes, knows its sides, and says what it lacks."""

from pathlib import Path

import pytest

from training.ml.datasets import UnknownDataset, WrongProtocol, read_dataset
from training.ml.datasets.base import UNKNOWN, Dataset, Protocol, Sample, natural
from training.ml.errors import BadFile

SAMPLES = tuple(Sample(path=Path(f"{n}.mp4"), label=label) for n, label in enumerate(["run", "walk", ""]))
DATASET = Dataset(
    name="three",
    classes=("walk", "run"),
    samples=SAMPLES,
    protocols={"one": Protocol((0,), (), (1,)), "two": Protocol((1,), (0,), (2,))},
    using="one",
)


def test_a_class_has_the_number_of_its_place() -> None:
    assert [DATASET.number(sample) for sample in SAMPLES] == [1, 0, UNKNOWN]


def test_two_classes_of_one_name_are_refused() -> None:
    with pytest.raises(BadFile, match="two classes of one name"):
        Dataset(name="double", classes=("run", "run"), samples=())


def test_sides_follow_the_protocol_in_use_or_the_one_named() -> None:
    assert (DATASET.train, DATASET.val, DATASET.test) == (SAMPLES[:1], (), SAMPLES[1:2])
    assert DATASET.side("val", "two") == SAMPLES[:1]


def test_a_protocol_or_side_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(WrongProtocol, match="three has no protocol named four; there are: one, two"):
        DATASET.side("train", "four")
    with pytest.raises(WrongProtocol, match="no side named tests; there are: train, val, test"):
        DATASET.side("tests")
    with pytest.raises(WrongProtocol, match="empty has no protocol named at all; it has none"):
        _ = Dataset(name="empty", classes=(), samples=()).train


def test_what_is_not_on_the_disk_is_missing(tmp_path: Path) -> None:
    there, gone = (Sample(path=tmp_path / name, label="run") for name in ("there.mp4", "gone.mp4"))
    there.path.touch()
    assert Dataset(name="half", classes=("run",), samples=(there, gone)).missing == (gone,)


def test_a_part_of_a_file_is_named_by_its_frames_or_seconds() -> None:
    path = Path("/videos/a.mp4")
    assert Sample(path=path, label="").name == "a.mp4"
    assert Sample(path=path, label="", start=3, end=9).name == "a.mp4 [3, 9)"
    assert Sample(path=path, label="", seconds=(1.5, 4.0)).name == "a.mp4 1.5-4 s"


def test_numbers_in_names_sort_as_numbers() -> None:
    assert sorted(["s10", "s2", "a", "s2b", "10", "9"], key=natural) == ["9", "10", "a", "s2", "s2b", "s10"]


def test_an_unknown_reader_or_option_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownDataset, match=r"no reader named ucf; there are: .*ucf101"):
        read_dataset("ucf", tmp_path)
    with pytest.raises(UnknownDataset, match="mads has no option second; its options are overlap, seconds"):
        read_dataset("mads", tmp_path, second=3)
    with pytest.raises(UnknownDataset, match="mads takes a number as seconds, not 'five'"):
        read_dataset("mads", tmp_path, seconds="five")
    with pytest.raises(UnknownDataset, match=r"ntu60 takes a path as missing, not 3\.0"):
        read_dataset("ntu60", tmp_path, missing=3.0)
    with pytest.raises(UnknownDataset, match="ucf101 has no option seconds; it has none"):
        read_dataset("ucf101", tmp_path, seconds=3)

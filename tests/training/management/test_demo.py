"""`manage.py demo`, with real footage, real children and a worker in a thread (tests/curation/management)."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.models import Project
from labelling.formats.labels_csv import LabelRow, LabelTable
from tests.curation.conftest import disk
from tests.curation.management.conftest import worker
from tests.training.management.footage import ACTIONS, FRAMES, folder_of
from training.management.trials import of_its_cameras

__all__ = ["disk", "worker"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

QUICK = {"epochs": 30, "single_epochs": 2, "global_epochs": 2, "fold_epochs": 4, "folds": 2, "words": 4}
TRAIN, TEST = range(3), range(10, 12)


def demo(train: Path, test: Path, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("demo", train=train, test=test, json=True, set=QUICK.items(), stdout=out, **options)
    [line] = out.getvalue().splitlines()
    report: dict[str, Any] = json.loads(line)
    return report


def other(action: int, _person: int) -> str:
    return ACTIONS[1 - action]


def half_and_half(action: int, person: int) -> str:
    """Labels that say nothing: half of each action under either name."""
    return ACTIONS[(action + person) % 2]


def with_a_file_that_is_broken_and_one_that_is_gone(test: Path) -> Path:
    (test / "10-0.mp4").write_bytes(b"not a video")
    with (test / "labels.csv").open("a") as table:
        table.write("\ngone.mp4,across,S10")
    return test


@pytest.mark.usefixtures("disk", "worker")
def test_the_loop_learns_and_never_sees_the_labels_it_is_tested_on(tmp_path: Path) -> None:
    train = folder_of(tmp_path / "train", people=TRAIN)
    test = with_a_file_that_is_broken_and_one_that_is_gone(folder_of(tmp_path / "test", people=TEST))
    found = demo(train, test)
    assert (found["test_rows"], found["top1"]) == (5, 3 / 5), "every row counts"
    assert found["videos"] == 10
    assert found["frames_scored"] == 9 * FRAMES
    assert (found["classes"], found["suggestions"]) == (2, 3)
    assert set(found["curve"]) == {"smart", "uniform", "random", "mgsampler", "single", "global"}
    assert list(found["curve"]["smart"]) == [str(n) for n in range(1, 26)]

    turned = folder_of(tmp_path / "turned", people=TEST, label=other)
    blind = demo(train, with_a_file_that_is_broken_and_one_that_is_gone(turned))
    assert blind["top1"] == 0.0
    assert blind["project"] != found["project"]
    before, after = (Path(report["predictions"]["file"]).read_bytes() for report in (found, blind))
    assert before == after


def test_files_of_both_folders_may_be_called_alike(tmp_path: Path) -> None:
    cameras = {
        "Gate": [tmp_path / "gate" / "1.mp4", tmp_path / "gate" / "2.mp4"],
        "Yard": [tmp_path / "2.mp4"],
    }
    files = ("gate/1.mp4", "1.mp4", "2.mp4", "elsewhere/2.mp4", "3.mp4")
    table = LabelTable(tuple(LabelRow(line, file, "across") for line, file in enumerate(files, 2)))
    found = of_its_cameras(table, cameras, tmp_path)
    assert [row.camera for row in found.rows] == ["Gate", "Gate", "Yard", ""]
    assert [bad.line for bad in found.bad] == [6]


@pytest.mark.usefixtures("disk", "worker")
def test_labels_that_say_nothing_teach_nothing(tmp_path: Path) -> None:
    train = folder_of(tmp_path / "train", people=range(4), label=half_and_half)
    assert 0.25 <= demo(train, folder_of(tmp_path / "test", people=TEST))["top1"] <= 0.75


def test_a_folder_without_labels_or_footage_is_said_before_anything_happens(tmp_path: Path) -> None:
    train = folder_of(tmp_path / "train", people=range(1))
    with pytest.raises(CommandError, match="There is no folder called"):
        demo(train, tmp_path / "none")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for impossible in (tmp_path / "loop", tmp_path / ("x" * 300), train / "labels.csv"):
        with pytest.raises(CommandError, match="There is no folder called") as refused:
            demo(train, impossible)
        assert refused.value.returncode == 2
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match="No video was found"):
        demo(train, tmp_path / "empty")
    test = folder_of(tmp_path / "test", people=range(1, 2))
    (test / "labels.csv").unlink()
    with pytest.raises(CommandError, match="to compare the predictions with"):
        demo(train, test)
    assert not Project.objects.exists()

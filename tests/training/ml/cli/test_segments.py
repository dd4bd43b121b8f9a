"""What was found in time is measured from a shell."""

import json
from pathlib import Path
from typing import Any

import pytest

from training.ml import cli


def csv(folder: Path, name: str, *rows: str) -> str:
    head = "video,start,end,label,score" if name == "found" else "video,start,end,label"
    path = folder / f"{name}.csv"
    path.write_text("\n".join((head, *rows)) + "\n")
    return str(path)


def told(capsys: pytest.CaptureFixture[str], *called: str) -> dict[str, Any]:
    assert cli.main(["segments", *called, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_map_at_each_overlap_and_of_each_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = csv(tmp_path, "truth", "a,0,10,sit", "a,20,30,sit", "b,0,10,run")
    found = csv(tmp_path, "found", "a,0,10,sit,0.9", "b,0,10,run,0.5", "a,20,25,sit,0.4", "b,0,1,fly,1")
    facts = told(capsys, found, "--truth", truth)
    assert facts["map"] == {"0.3": 1, "0.4": 1, "0.5": 1, "0.6": 0.75, "0.7": 0.75}
    assert facts["mean"] == pytest.approx(0.9)
    assert [(each["label"], each["support"]) for each in facts["per_class"]] == [("run", 1), ("sit", 2)]
    assert facts["per_class"][1]["ap"]["0.7"] == 0.5
    assert facts["of_other_classes"] == 1
    assert told(capsys, found, "--truth", truth, "--iou", "0.5")["map"] == {"0.5": 1}
    assert cli.main(["segments", found, "--truth", truth]) == 0
    assert "mAP at 0.6: 75.00 %" in capsys.readouterr().out


def test_videos_are_known_by_name_whatever_their_ending(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = csv(tmp_path, "truth", "films/v_a.mp4,0,10,sit")
    facts = told(capsys, csv(tmp_path, "found", "a,0,10,sit,0.9", "c,0,10,sit,1"), "--truth", truth)
    assert facts["mean"] == 0.5
    assert facts["in_other_videos"] == 1, "and it is wrong"


def test_a_subset_is_measured_by_its_own_videos(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = tmp_path / "truth.json"
    annotations = [{"label": "sit", "segment": [0, 10]}]
    truth.write_text(
        json.dumps(
            {each: {"subset": each, "annotations": annotations} for each in ("training", "validation")}
        )
    )
    found = csv(tmp_path, "found", "training,0,10,sit,1", "validation,0,10,sit,0.5")
    facts = told(capsys, found, "--truth", str(truth), "--subset", "validation")
    assert (facts["mean"], facts["true_spans"], facts["left_out"]) == (1, 1, 1)
    assert cli.main(["segments", found, "--truth", str(truth), "--subset", "test"]) == 1
    assert "truth.json tells no span of the subset test" in capsys.readouterr().err


def test_a_wrong_line_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = csv(tmp_path, "truth", "a,0,10,sit", "a,ten,30,sit")
    assert cli.main(["segments", csv(tmp_path, "found"), "--truth", truth]) == 1
    assert "Line 3 of truth.csv has no start that is a number, but 'ten'." in capsys.readouterr().err

"""The verb that says what a data set holds and what is wrong with it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.training.ml.datasets.films import film, proxy_of
from tests.training.ml.datasets.mat_files import write_mat
from training.ml import cli


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six samples: three that can be read, one beyond its video, one broken, one that is not there."""
    folder = tmp_path_factory.mktemp("data")
    film(folder / "a.mp4", range(10))
    (folder / "broken.mp4").write_text("no video")
    write_mat(folder / "a1_s1_t1_skeleton.mat", d_skel=[])
    (folder / "labels.csv").write_text(
        "file,label,subject,split,start,end\n"
        "a.mp4,run,S1,train,,\n"
        "a.mp4,walk,S2,train,2,9\n"
        "a.mp4,run,S3,test,5,11\n"
        "broken.mp4,walk,S3,test,,\n"
        "gone.mp4,walk,S3,test,,\n"
        "gone.mp4,walk,S1,train,4,5\n"
        "a1_s1_t1_skeleton.mat,run,S2,val,,\n"
    )
    return folder


def told(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    assert cli.main(["data", *argv, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_classes_are_counted_by_side(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "labels_csv", str(root))
    assert (found["samples"], found["classes"], found["protocol"]) == (7, ["run", "walk"], "official")
    assert found["per_class"] == {
        "run": {"train": 1, "val": 1, "test": 1},
        "walk": {"train": 2, "val": 0, "test": 2},
    }
    assert found["sides"] == {"train": 3, "val": 1, "test": 3}
    assert all(check["holds"] for check in found["checks"])


def test_any_protocol_can_be_asked_for(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "labels_csv", str(root), "--protocol", "cross-subject=S3")
    assert found["sides"] == {"train": 4, "val": 0, "test": 3}


def test_what_is_not_there_is_told_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "labels_csv", str(root))
    assert found["first_problems"] == [f"{root / 'gone.mp4'} is not there, for 2 samples."]
    assert (found["missing"], found["problems"]) == (2, 1)


def test_reading_finds_what_is_broken(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "labels_csv", str(root), "--read")
    assert found["problems"] == 4
    _, beyond, broken, joints = found["first_problems"]
    assert beyond.startswith("a.mp4 [5, 11): ")
    assert "does not lie in its recording of 10 frames" in beyond
    assert broken.startswith("broken.mp4: This is a text file")
    assert joints.startswith("a1_s1_t1_skeleton.mat: d_skel of a1_s1_t1_skeleton.mat is 1 x 0")


def test_people_get_a_table(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "labels_csv", str(root)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "labels_csv: 7 samples of 2 classes, parted by official (there are: official)."
    assert [line.split() for line in lines[2:5]] == [
        ["class", "train", "val", "test"],
        ["run", "1", "1", "1"],
        ["walk", "2", "0", "2"],
    ]
    assert lines[5].split() == ["all", "of", "them", "3", "1", "3"]
    assert any(line.startswith("ok ") for line in lines)
    assert lines[-2] == "Problems: 1, the first of them:"


def test_without_a_protocol_all_are_counted_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film(tmp_path / "run/a.mp4", range(3))
    found = told(capsys, "folders", str(tmp_path), "--read")
    assert (found["sides"], found["per_class"], found["problems"]) == ({"all": 1}, {"run": {"all": 1}}, 0)


def test_pictures_and_proxies_are_read_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "frames").mkdir()
    proxy_of(film(tmp_path / "a.mp4", range(3)), tmp_path / "frames" / "1.png")
    (tmp_path / "train.txt").write_text("frames 3 run\n")
    found = told(capsys, "kinetics", str(tmp_path), "--read")
    assert found["first_problems"] == [
        f"frames [0, 3): {tmp_path / 'frames/1.png'} is no picture, or is damaged."
    ]


def test_options_reach_the_reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "folders", str(tmp_path), "--option", "seconds=3", "--json"]) == 1
    assert "folders has no option seconds" in json.loads(capsys.readouterr().out)["error"]
    assert cli.main(["data", "folders", str(tmp_path), "--option", "seconds"]) == 1
    assert capsys.readouterr().err == "The option seconds is no KEY=VALUE.\n"


def test_what_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "labels_csv", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("labels.csv cannot be read: No such file")

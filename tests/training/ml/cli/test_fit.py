"""From videos in folders to a model, its measures and what it says of a recording, all from a shell."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.curation.media.sources import write_video
from tests.training.ml.fit.small import NETWORK, RECIPE, Small
from training.ml import cli
from training.ml.fit.recipe import Data
from training.ml.models import NETWORKS
from training.ml.recipes.published import PUBLISHED

pytestmark = pytest.mark.usefixtures("small")

CLASSES = ("light", "dark")
QUICK = replace(RECIPE, name="quick", data=Data(reader="folders"), batch=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fit") / "videos"
    for number, side in enumerate(("train", "train", "val", "test")):
        for name, grey in zip(CLASSES, (200, 40), strict=True):
            path = root / side / name / f"{number}.mp4"
            path.parent.mkdir(parents=True, exist_ok=True)

            def paint(n: int, grey: int = grey) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
                return np.full((48, 64, 3), grey + n, np.uint8)

            write_video(path, range(8), size=(64, 48), paint=paint)
    return root


@pytest.fixture(scope="module")
def quick(small: None) -> Iterator[str]:
    """The recipe of the small network, among the published ones: a shell says the same of all of them."""
    PUBLISHED[QUICK.name] = QUICK
    yield QUICK.name
    del PUBLISHED[QUICK.name]


@pytest.fixture(scope="module")
def fitted(folder: Path, quick: str) -> tuple[Path, dict[str, Any]]:
    out = folder.parent / "out"
    called = ["fit", "--recipe", quick, "--data", str(folder), "--out", str(out), "--steps", "1"]
    assert cli.main([*called, "--cache", str(folder.parent / "cache"), "--device", "cpu"]) == 0
    return out, json.loads((out / "report.json").read_text())


def test_fit_learns_measures_and_writes(fitted: tuple[Path, dict[str, Any]]) -> None:
    out, report = fitted
    assert report["recipe"] == QUICK.name
    assert report["clips"] == {"train": 4, "val": 2, "test": 2}
    assert (report["epochs"], report["measured"]["clips"]) == (1, 2)
    assert len((out / "history.jsonl").read_text().splitlines()) == 1
    assert list((out.parent / "cache" / "frames").rglob("*.safetensors")), "frames were kept"


@pytest.mark.exhaustive
def test_a_published_recipe_goes_the_same_way(folder: Path, tmp_path: Path) -> None:
    called = ["fit", "--recipe", "x3d_m_6", "--data", str(folder), "--out", str(tmp_path), "--batch", "2"]
    assert cli.main([*called, "--steps", "1", "--device", "cpu"]) == 0
    assert json.loads((tmp_path / "report.json").read_text())["measured"]["clips"] == 2


def test_evaluate_measures_what_fit_measured(
    fitted: tuple[Path, dict[str, Any]], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, report = fitted
    called = ["evaluate", str(out / "model.safetensors"), "--data", str(folder), "--device", "cpu"]
    assert cli.main([*called, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in report["measured"]} == report["measured"]
    assert cli.main([*called, "--side", "nobody"]) == 1
    assert "There is no side named nobody" in capsys.readouterr().err


def test_evaluate_sees_as_many_views_as_are_asked_for(
    fitted: tuple[Path, dict[str, Any]], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, report = fitted
    assert [report["measured"][name] for name in ("moments", "crops", "scores")] == [1, 1, "logits"]
    called = ["evaluate", str(out / "model.safetensors"), "--data", str(folder), "--device", "cpu"]
    assert cli.main([*called, "--views", "2", "--crops", "3", "--scores", "softmax"]) == 0
    assert "2 clips, each in 2 x 3 views, mean of softmax" in capsys.readouterr().out


def test_several_models_are_added_up(
    fitted: tuple[Path, dict[str, Any]], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, films = str(fitted[0] / "model.safetensors"), [str(folder / "test" / "dark" / "3.mp4")]
    called = ["evaluate", model, model, "--weights", "1", "1.5", "--data", str(folder), "--device", "cpu"]
    assert cli.main([*called, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["weight"] for each in told["models"]] == [1, 1.5]
    assert told["top1"] == told["models"][0]["top1"] == fitted[1]["measured"]["top1"]
    assert cli.main(["predict", model, *films, "--json"]) == 0
    alone = json.loads(capsys.readouterr().out)["predictions"]
    assert cli.main(["predict", model, *films, "--with", model, "--weights", "1", "0", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["predictions"] == alone
    assert cli.main([*called, "--weights", "1"]) == 1
    assert "There are 1 weights for 2 models" in capsys.readouterr().err


def test_by_exemplars_new_classes_are_told_too(
    fitted: tuple[Path, dict[str, Any]], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "videos"
    for name, new in zip(CLASSES, ("bright", "dim"), strict=True):
        for side in ("train", "val", "test"):
            shutil.copytree(folder / side / name, root / side / new)
    called = ["evaluate", str(fitted[0] / "model.safetensors"), "--data", str(root), "--device", "cpu"]
    assert cli.main([*called, "--one-shot", "--shots", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [told[name] for name in ("exemplars_of", "exemplars", "shots", "clips")] == ["train", 4, 2, 2]
    assert set(told["by_distance"]) == {"cosine", "jensen_shannon", "euclidean"}
    assert cli.main([*called, "--shots", "2"]) == 1
    assert "are of --one-shot" in capsys.readouterr().err
    assert cli.main([*called, "--one-shot", "--shots", "9"]) == 1
    assert "Of bright there are 2 exemplars, not 9" in capsys.readouterr().err


def test_classes_that_the_model_does_not_know_are_told_and_not_left_out(
    fitted: tuple[Path, dict[str, Any]], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "videos"
    shutil.copytree(folder, root)
    shutil.copytree(root / "test" / "dark", root / "test" / "grey")
    called = ["evaluate", str(fitted[0] / "model.safetensors"), "--data", str(root), "--device", "cpu"]
    assert cli.main(called) == 1
    assert "has classes that the model does not know: grey." in capsys.readouterr().err


def test_a_model_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", str(tmp_path), "--data", str(tmp_path)]) == 1
    assert f"There is no file {tmp_path}: name the model.safetensors" in capsys.readouterr().err


def test_a_gpu_that_is_not_there_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert cli.main(["fit", "--recipe", "x3d_m_6", "--data", str(folder), "--device", "cuda"]) == 1
    assert "There is no GPU here that torch can use" in capsys.readouterr().err


def test_predict_says_what_a_recording_shows(
    fitted: tuple[Path, dict[str, Any]], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    videos = [str(folder / "test" / name / "3.mp4") for name in CLASSES]
    called = ["predict", str(fitted[0] / "model.safetensors"), *videos]
    assert cli.main([*called, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["predictions"]
    assert [row["file"] for row in rows] == videos
    for row in rows:
        assert {each["label"] for each in row["likeliest"]} == set(CLASSES)
        assert sum(each["p"] for each in row["likeliest"]) == pytest.approx(1, abs=1e-5)
        assert row["label"] == row["likeliest"][0]["label"]
    assert cli.main(["predict", called[1], "nowhere.mp4"]) == 1
    assert "nowhere.mp4 is not there." in capsys.readouterr().err


def test_options_reach_the_reader(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = ["fit", "--recipe", "x3d_m_6", "--data", str(folder), "--device", "cpu"]
    assert cli.main([*called, "--option", "seconds=5"]) == 1
    assert "The reader folders has no option seconds; it has none." in capsys.readouterr().err
    assert cli.main([*called, "--option", "seconds"]) == 1
    assert "The option seconds is no KEY=VALUE." in capsys.readouterr().err


def test_recipes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fit", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["recipes"]
    assert "as_gcn_ntu5_xsub" in {each["name"] for each in told}
    assert cli.main(["fit", "--recipe", "x3d_m_6"]) == 1
    assert "--data ROOT" in capsys.readouterr().err


class Pressing(Small):
    """Presses Ctrl-C the first time that any of them learns."""

    pressed = False

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        if self.training and not Pressing.pressed:
            Pressing.pressed = True
            os.kill(os.getpid(), signal.SIGINT)
        return super().forward(x_BCTHW)


def test_ctrl_c_ends_with_the_sentence_of_where_it_goes_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built = replace(NETWORK, name="pressing", build=lambda *, num_classes: Pressing(num_classes))
    monkeypatch.setitem(NETWORKS, "pressing", built)
    monkeypatch.setitem(PUBLISHED, "pressing", replace(QUICK, name="pressing", network="pressing"))
    called = ["fit", "--recipe", "pressing", "--data", str(folder), "--out", str(tmp_path), "--device", "cpu"]
    assert cli.main(called) == 130
    assert f"is kept in {tmp_path / 'checkpoint'}: the same command" in capsys.readouterr().err
    assert not (tmp_path / "model.safetensors").exists()
    assert cli.main(called) == 0
    assert (tmp_path / "model.safetensors").exists()

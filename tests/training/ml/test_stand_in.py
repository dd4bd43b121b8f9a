"""Service tests leave the learning out (tests.training.work): what stands in speaks like it."""

from pathlib import Path
from typing import Any

import pytest

from tests.training import work
from tests.training.ml.conftest import Ran
from tests.training.ml.features.footage import make_proxy
from tests.training.ml.house import Heard
from tests.training.ml.test_predict import asked, lines
from training.ml import predict
from training.ml.features import run as features


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def stood_in(ran: Ran, tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "checkpoints").mkdir()
    return work.train(ran.house.params(str(tmp_path / "checkpoints")), tmp_path, Heard())


def test_of_a_run_it_reports_the_same_things(ran: Ran, stood_in: dict[str, Any], tmp_path: Path) -> None:
    assert stood_in.keys() == ran.report.keys()
    assert names(tmp_path) == names(ran.out)
    for table in ("per_class", "per_camera", "test_clips"):
        assert stood_in[table][0].keys() == ran.report[table][0].keys(), table
    assert stood_in["confusion"].keys() == ran.report["confusion"].keys()


@pytest.mark.parametrize("budgets", [None, [1, 4]])
def test_of_clips_it_says_the_same_things(ran: Ran, tmp_path: Path, budgets: list[int] | None) -> None:
    (tmp_path / "model").write_text("a")  # all that the stand-in learned: one label
    model, real, other = str(tmp_path / "model"), tmp_path / "real", tmp_path / "other"
    real.mkdir()
    other.mkdir()
    said = predict.run(asked(ran, budgets=budgets), real, Heard())
    assert work.predict(asked(ran, budgets=budgets, model=model), other, Heard()) == said
    assert [line.keys() for line in lines(other)] == [line.keys() for line in lines(real)]


def test_of_features_it_tells_the_same_things(tmp_path: Path) -> None:
    clip = {"name": "a", "proxy": str(make_proxy(tmp_path, frames=6)), "start": 0, "end": 4, "fps": 25.0}
    params = {"clips": [clip], "recipe": "smart_motion", "weights": ""}
    real, other = tmp_path / "real", tmp_path / "other"
    real.mkdir()
    other.mkdir()
    told = features.run(params, real, Heard())["clips"]["a"]
    assert work.features(params, other, Heard())["clips"]["a"].keys() == told.keys()
    assert names(other) == names(real)

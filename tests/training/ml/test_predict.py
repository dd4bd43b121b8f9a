"""Suggestions: what was measured is what is said, features are made where they are missing."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.ml.conftest import Ran
from tests.training.ml.features.footage import make_proxy
from tests.training.ml.house import Heard, usual
from training.ml.engine.checkpoints import packed, unpacked
from training.ml.engine.data import Vanished
from training.ml.errors import BadFile
from training.ml.predict import run
from training.ml.run import run as learn


def asked(ran: Ran, **changes: Any) -> dict[str, Any]:
    clips = [
        {
            "clip": clip.clip,
            "name": f"key-{clip.clip}",
            "features": ran.house.features[clip.clip],
            "proxy": "",
            "start": clip.start,
            "end": clip.end,
            "fps": clip.fps,
        }
        for clip in ran.house.manifest.clips
        if clip.split == "test"
    ]
    usual = {
        "model": str(ran.out / "model.safetensors"),
        "clips": clips,
        "methods": ["smart"],
        "budgets": None,
    }
    return {**usual, "weights": "", **changes}


def lines(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((out / "predictions.json").read_text())
    return found


def test_suggestions_are_what_the_run_measured(ran: Ran, tmp_path: Path) -> None:
    result = run(asked(ran), tmp_path, Heard())
    assert result == {"features": {}, "clips": 6, "errors": {}}
    assert lines(tmp_path) == json.loads((ran.out / "predictions.json").read_text())


def test_a_clip_is_judged_alike_alone_and_among_others(ran: Ran, tmp_path: Path) -> None:
    params = asked(ran)
    run(params, tmp_path / "all", Heard())
    run({**params, "clips": params["clips"][2:3]}, tmp_path / "one", Heard())
    assert lines(tmp_path / "one") == lines(tmp_path / "all")[2:3]


def test_methods_and_budgets_are_answered_side_by_side(ran: Ran, tmp_path: Path) -> None:
    methods = ["uniform", "random", "mgsampler", "single", "global", "smart"]
    run(asked(ran, methods=methods, budgets=[1, 6, 25]), tmp_path, Heard())
    right = {method: {"1": 0, "6": 0, "25": 0} for method in methods}
    for line, clip in zip(lines(tmp_path), ran.report["test_clips"], strict=True):
        for method, by_budget in line["grid"].items():
            for budget, said in by_budget.items():
                right[method][budget] += said == clip["label"]
    for method in methods:
        for budget in ("1", "6", "25"):
            if method != "random":
                assert right[method][budget] / 6 == pytest.approx(
                    ran.report["curve"][method][budget], abs=1e-6
                )
        assert len({right[each]["25"] for each in methods}) == 1


def test_a_torn_or_foreign_clip_is_told_and_stops_no_other(ran: Ran, tmp_path: Path) -> None:
    params = asked(ran)
    (tmp_path / "torn.safetensors").write_bytes(b"torn")
    params["clips"][0]["features"] = str(tmp_path / "torn.safetensors")
    params["clips"][1]["features"] = str(tmp_path / "none.safetensors")
    result = run(params, tmp_path / "out", Heard())
    assert result["clips"] == 4
    assert "torn" in result["errors"][params["clips"][0]["clip"]]
    assert "not where they should be" in result["errors"][params["clips"][1]["clip"]]


@pytest.mark.parametrize("made", ["", "here"])
def test_an_eye_that_the_model_does_not_know_ends_the_job(ran: Ran, tmp_path: Path, made: str) -> None:
    tensors, facts = unpacked(ran.out / "model.safetensors")
    (tmp_path / "other").write_bytes(packed(tensors, {**facts, "features": "f" * 64}))
    params = asked(ran, model=str(tmp_path / "other"))
    params["clips"][0]["features"] = made and params["clips"][0]["features"]
    with pytest.raises(BadFile, match=r"other weights, or in another way") as caught:
        run(params, tmp_path / "out", Heard())
    assert caught.value.permanent


@pytest.mark.parametrize("cut", [0, 1000, -1])
def test_a_torn_model_is_a_final_sentence(ran: Ran, tmp_path: Path, cut: int) -> None:
    (tmp_path / "model").write_bytes((ran.out / "model.safetensors").read_bytes()[:cut])
    with pytest.raises(BadFile, match=r"model's file cannot be used"):
        run(asked(ran, model=str(tmp_path / "model")), tmp_path / "out", Heard())


def test_a_model_that_is_not_there_may_come_back(ran: Ran, tmp_path: Path) -> None:
    with pytest.raises(Vanished) as caught:
        run(asked(ran, model=str(tmp_path / "none")), tmp_path, Heard())
    assert not caught.value.permanent


def test_scores_are_chances(ran: Ran, tmp_path: Path) -> None:
    run(asked(ran), tmp_path, Heard())
    for line in lines(tmp_path):
        values = np.array(list(line["scores"].values()))
        assert ((values >= 0) & (values <= 1)).all()
        assert values.sum() == pytest.approx(1, abs=1e-4)
        assert list(line["scores"]) == ["class-0", "class-1", "class-2"]


def unseen(ran: Ran, proxy: Path, *spans: tuple[str, int]) -> dict[str, Any]:
    clips = [
        {
            "clip": f"c-{name}",
            "name": name,
            "features": "",
            "proxy": str(proxy),
            "start": 0,
            "end": end,
            "fps": 25.0,
        }
        for name, end in spans
    ]
    return asked(ran, clips=clips)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_proxy(tmp_path_factory.mktemp("footage"), frames=6)


def test_features_are_made_where_there_are_none_and_kept(ran: Ran, proxy: Path, tmp_path: Path) -> None:
    result = run(unseen(ran, proxy, ("key", 4)), tmp_path, Heard())
    assert result["clips"] == 1
    assert result["features"]["key"]["candidates"] == 4
    assert lines(tmp_path)[0]["chosen"] == [0, 1, 2, 3]
    made = asked(
        ran,
        clips=[{**unseen(ran, proxy, ("key", 4))["clips"][0], "features": str(tmp_path / "key.safetensors")}],
    )
    assert run(made, tmp_path / "again", Heard())["features"] == {}
    assert lines(tmp_path / "again") == lines(tmp_path), "made now or before"


def test_a_clip_that_cannot_be_read_is_told(ran: Ran, proxy: Path, tmp_path: Path) -> None:
    result = run(unseen(ran, proxy, ("long", 99), ("good", 1)), tmp_path, Heard())
    assert result["clips"] == 1
    assert result["errors"]["c-long"].startswith("The clip lies outside its video")
    assert "error" in result["features"]["long"]


@pytest.fixture(scope="module")
def glanced(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A run of the recipe that glances at clips first."""
    folder = tmp_path_factory.mktemp("glanced")
    made = usual(folder / "house", recipe="smart_glance")
    params = made.params(recipe="smart_glance")
    return Ran(made, folder / "out", learn(params, folder / "out", Heard()), Heard())


def seen_by(ran: Ran, proxy: Path, **changes: Any) -> dict[str, Any]:
    """One clip of a proxy of which nothing was read."""
    params = asked(ran, **changes)
    clip = {**params["clips"][0], "features": "", "proxy": str(proxy), "start": 5, "end": 35, "fps": 25.0}
    return {**params, "clips": [clip]}


def test_a_glance_leaves_nothing_to_keep_and_says_what_reading_says(glanced: Ran, tmp_path: Path) -> None:
    proxy = make_proxy(tmp_path)
    params = seen_by(glanced, proxy)
    (tmp_path / "quick").mkdir()
    assert run(params, tmp_path / "quick", Heard()) == {"features": {}, "clips": 1, "errors": {}}
    assert [path.name for path in (tmp_path / "quick").iterdir()] == ["predictions.json"]
    whole = run(seen_by(glanced, proxy, budgets=[1, 4]), tmp_path / "whole", Heard())
    assert list(whole["features"]) == [params["clips"][0]["name"]], "methods are compared on all candidates"
    (quick,), (read,) = lines(tmp_path / "quick"), lines(tmp_path / "whole")
    assert quick["chosen"] == read["chosen"]
    assert quick["scores"] == pytest.approx(read["scores"], abs=2e-3)


def test_a_clip_that_cannot_be_glanced_at_is_told(glanced: Ran, tmp_path: Path) -> None:
    params = seen_by(glanced, make_proxy(tmp_path))
    odd, far = dict(params["clips"][0]), dict(params["clips"][0], clip="far", end=4000)
    (tmp_path / "odd.mp4").write_bytes(b"no video at all")
    odd["proxy"] = str(tmp_path / "odd.mp4")
    result = run({**params, "clips": [odd, far]}, tmp_path / "out", Heard())
    assert result["clips"] == 0
    assert "odd.mp4 cannot be opened" in result["errors"][odd["clip"]]
    assert "lies outside its video" in result["errors"]["far"]

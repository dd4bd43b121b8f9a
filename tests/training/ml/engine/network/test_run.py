"""A network learns from packed clips, says what it learned, and goes on where it was killed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.ml.engine.network.dying import broken_off
from tests.training.ml.house import Heard, House, usual
from training.ml import recipes
from training.ml.engine.models import load_model
from training.ml.engine.network.learning import optimizer_of, schedule_of
from training.ml.engine.network.model import NetworkModel
from training.ml.engine.progress import NETWORK_PHASES
from training.ml.errors import BadFile
from training.ml.features.pack import ClipPack, packed
from training.ml.predict import run as predict
from training.ml.recipes.networks import X3D
from training.ml.run import run

TINY = replace(X3D, name="tiny", moments=4, side=32, epochs=3, batch=6, warmup=0.1, refit=True)


def pack_for(content: str, action: int, moments: int = 6) -> ClipPack:
    """A light block that wanders to the right, to the left, or stands, by its action."""
    rng = np.random.default_rng(int(content[:8], 16))
    top, jpegs = int(rng.integers(4, 20)), []
    for n in range(moments):
        picture = rng.integers(0, 40, (32, 32, 3)).astype(np.uint8)
        left = (4 + 4 * n, 24 - 4 * n, 14)[action]
        picture[top : top + 8, max(0, left) : left + 6] = 220
        jpegs.append(packed(picture))
    return ClipPack(np.arange(moments, dtype=np.int32) * 6, 3, tuple(jpegs), TINY.feature_fingerprint())


@pytest.fixture(scope="module", autouse=True)
def _tiny() -> Any:
    recipes.RECIPES["tiny"] = TINY
    yield
    del recipes.RECIPES["tiny"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = usual(tmp_path_factory.mktemp("network") / "house")
    for clip in made.clips:
        action = int(clip.label[-1])
        pack_for(clip.content_sha256, action).save(Path(made.features[clip.clip]))
    return made


def asked(house: House, checkpoints: Path, **changes: Any) -> dict[str, Any]:
    return house.params(str(checkpoints), recipe="tiny", overrides={}, **changes)


@pytest.fixture(scope="module")
def ran(house: House, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], Heard]:
    out, heard = tmp_path_factory.mktemp("ran"), Heard()
    return out, run(asked(house, out / "checkpoints"), out, heard), heard


Ran = tuple[Path, dict[str, Any], Heard]


def test_it_tells_its_phases_and_its_epochs(ran: Ran) -> None:
    _, report, heard = ran
    assert {facts["phase"] for _, _, facts in heard.lines} == {name for name, _ in NETWORK_PHASES}
    assert [line["epoch"] for line in report["history"]] == [1, 2, 3]
    fractions = [fraction for fraction, _, _ in heard.lines]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)


def test_the_report_has_what_people_look_at(ran: Ran) -> None:
    out, report, _ = ran
    assert report["n_test"] == 6
    assert len(report["test_clips"]) == 6
    assert sorted(report["curve"]) == ["uniform"]
    assert list(report["curve"]["uniform"]) == ["1", "2", "4"]
    assert report["weights"] is None
    assert report["parameters"] > 2_900_000
    card = json.loads((out / "card.json").read_text())
    assert card["recipe"]["name"] == "tiny"
    assert "random numbers" in card["weights"]
    assert any("random numbers" in note for note in report["notes"])


def test_its_curve_ends_in_what_it_says_by_itself(ran: Ran) -> None:
    _, report, _ = ran
    assert report["curve"]["uniform"]["4"] == report["top1"]


def test_what_is_suggested_is_what_was_measured(ran: Ran, house: House, tmp_path: Path) -> None:
    out, _, _ = ran
    clips = [
        {
            "clip": clip.clip,
            "name": clip.clip,
            "features": house.features[clip.clip],
            "proxy": "",
            "start": clip.start,
            "end": clip.end,
            "fps": clip.fps,
        }
        for clip in house.manifest.clips
        if clip.split == "test"
    ]
    params = {"model": str(out / "model.safetensors"), "clips": clips, "weights": ""}
    methods = ["smart", "uniform"]
    told = predict({**params, "methods": methods, "budgets": [2, 4, 25]}, tmp_path, Heard())
    assert told["errors"] == {}
    lines = json.loads((tmp_path / "predictions.json").read_text())
    grids = [line.pop("grid") for line in lines]
    assert lines == json.loads((out / "predictions.json").read_text())
    for line, grid in zip(lines, grids, strict=True):
        best = max(line["scores"], key=lambda name: line["scores"][name])
        assert list(grid) == ["uniform"], "a network chooses no frames"
        assert grid["uniform"]["4"] == grid["uniform"]["25"] == best


def test_killed_after_any_epoch_it_ends_in_the_same_bits(ran: Ran, house: House, tmp_path: Path) -> None:
    out, _, _ = ran

    params = asked(house, tmp_path / "checkpoints")
    for stage in ("network, epoch 2", "network, epoch 3", "network, once more with val, epoch 1", "test"):
        broken_off(params, stage, tmp_path / "dead")
    run(params, tmp_path / "out", Heard())
    for name in ("model.safetensors", "predictions.json"):
        assert (tmp_path / "out" / name).read_bytes() == (out / name).read_bytes(), name


def test_it_learns_what_its_pictures_show(house: House, tmp_path: Path) -> None:
    """TSN averages over moments: it can tell what stands from what moves, and not left from right."""
    plain = replace(TINY, flip=0.0, least_area=1.0, jitter=0.0, smoothing=0.0, refit=False)
    options = {"backbone": "resnet18", "segments": 4, "dropout": 0.0, "partial_bn": False}
    learner = replace(plain, network="tsn", options=options, epochs=10, batch=3, learning_rate=3e-3)
    recipes.RECIPES["tiny"] = learner
    try:
        report = run(asked(house, tmp_path / "checkpoints"), tmp_path / "out", Heard())
    finally:
        recipes.RECIPES["tiny"] = TINY
    losses = [line["train_loss"] for line in report["history"]]
    assert min(losses[-3:]) < 0.8 * losses[0], losses
    assert max(line["train_top1"] for line in report["history"]) > 0.6


def test_a_model_shows_clips_as_it_learned_them_whatever_became_of_its_recipe(ran: Ran, house: House) -> None:
    pack = ClipPack.load(Path(next(iter(house.features.values()))))
    before = load_model(ran[0] / "model.safetensors")
    assert isinstance(before, NetworkModel)
    recipes.RECIPES["tiny"] = replace(TINY, moments=2, side=48)
    try:
        after = load_model(ran[0] / "model.safetensors")
    finally:
        recipes.RECIPES["tiny"] = TINY
    assert isinstance(after, NetworkModel)
    assert after.recipe == before.recipe == TINY
    assert (after.answer(pack, 4).p_C == before.answer(pack, 4).p_C).all()


def test_a_model_that_is_cut_is_told(ran: Ran, tmp_path: Path) -> None:
    cut = (ran[0] / "model.safetensors").read_bytes()[:-9]
    (tmp_path / "cut").write_bytes(cut)
    with pytest.raises(BadFile, match="cannot be used"):
        load_model(tmp_path / "cut")


def test_the_champion_of_another_recipe_is_compared_on_what_was_read_for_it(
    ran: Ran, house: House, tmp_path: Path
) -> None:
    other = usual(tmp_path / "other")  # the same clips, read for SMART over motion
    champion = run(other.params(str(tmp_path / "c1")), tmp_path / "champion", Heard())
    assert champion["champion"] is None
    compare = {
        "model": str(tmp_path / "champion" / "model.safetensors"),
        "version": 4,
        "features": other.features,
    }
    fewer = replace(TINY, epochs=1, refit=False)
    recipes.RECIPES["tiny"] = fewer
    try:
        found = run(asked(house, tmp_path / "c2", compare=compare), tmp_path / "new", Heard())
        blind = {**compare, "features": {}}
        none = run(asked(house, tmp_path / "c3", compare=blind), tmp_path / "blind", Heard())
    finally:
        recipes.RECIPES["tiny"] = TINY
    assert (found["champion"]["version"], found["champion"]["n"]) == (4, 6)
    assert found["champion"]["top1"] == champion["top1"]
    assert none["champion"] is None
    assert any("not compared with version 4" in note for note in none["notes"])


def test_the_rate_rises_and_falls_to_nothing() -> None:
    schedule = schedule_of(X3D, 100)
    rates = [schedule.factor(at, 100) for at in range(101)]
    top = rates.index(max(rates))
    assert top == 10
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[10] == pytest.approx(1)
    assert rates[100] == pytest.approx(0)


def test_a_constant_rate_rises_and_stays() -> None:
    schedule = schedule_of(replace(X3D, schedule="constant"), 100)
    assert schedule.factor(0, 100) == pytest.approx(0.01)
    assert [schedule.factor(at, 100) for at in (10, 50, 99.9)] == [1, 1, 1]


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw", "asgd"])
def test_biases_and_norms_do_not_decay(name: Any) -> None:
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    found = optimizer_of(replace(X3D, optimizer=name), net)
    assert [len(group["params"]) for group in found.param_groups] == [1, 3]
    assert [group["weight_decay"] for group in found.param_groups] == [X3D.weight_decay, 0.0]

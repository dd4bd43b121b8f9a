"""A run learns, ends in the same bits however it was broken off, and says what it did."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from tests.training.ml.fit.small import recipe, stock
from training.ml.errors import BadFile
from training.ml.fit.model import Fitted
from training.ml.fit.network import feed_of
from training.ml.fit.recipe import FitRecipe, LossRecipe, WrongRecipe
from training.ml.fit.run import Interrupted, fit
from training.ml.fit.team import Team
from training.ml.optim import ASGD, Adam, AdamW, Plateau, Precision
from training.ml.transfer import TransferPlan, WrongTransfer

pytestmark = pytest.mark.usefixtures("small")

ALONE = Team()


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


FILES = ("model.safetensors", "history.jsonl", "report.json")


def ran(of: FitRecipe, out: Path, **how: Any) -> dict[str, Any]:
    return fit(of, stock(of), out, ALONE, **how)


def same(one: Path, other: Path) -> bool:
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in FILES)


def stopping(*at: tuple[int, int]) -> Callable[[str, int, int], None]:
    """Presses Ctrl-C after a step of an epoch, for each of `at` once."""
    left = list(at)

    def heard(what: str, done: int, _of: int) -> None:
        if left and what.startswith(f"epoch {left[0][0]} ") and done == left[0][1]:
            left.pop(0)
            os.kill(os.getpid(), signal.SIGINT)

    return heard


def test_it_learns_what_there_is_to_see(tmp_path: Path) -> None:
    report = ran(recipe(epochs=9, optimizer=Adam(rate=0.05)), tmp_path)
    assert report["measured"]["top1"] > 0.8
    assert report["history"][-1]["train_loss"] < 0.5 * report["history"][0]["train_loss"]
    assert report["measured"]["top5"] is None, "of three classes"
    lines = [json.loads(line) for line in (tmp_path / "history.jsonl").read_text().splitlines()]
    assert lines == report["history"]
    assert json.loads((tmp_path / "report.json").read_text()) == json.loads(json.dumps(report))


def test_the_same_seed_gives_the_same_bits_and_another_one_another_curve(tmp_path: Path) -> None:
    of = recipe(options={"dropout": 0.5})
    first = ran(of, tmp_path / "a")
    ran(of, tmp_path / "b", workers=2)
    assert same(tmp_path / "a", tmp_path / "b"), "whoever reads the clips"
    other = ran(recipe(options={"dropout": 0.5}, seed=6), tmp_path / "c")
    assert other["history"] != first["history"]


KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "average": {"average": 0.9, "options": {"dropout": 0.5}, "optimizer": AdamW(rate=0.01)},
    "asgd": {"optimizer": ASGD(rate=0.01), "schedule": Plateau(patience=0), "accumulate": 2},
    "centre": {"loss": LossRecipe(beside="centre", share=0.01), "precision": Precision.MIXED},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [[(1, 1)], [(2, 2), (3, 3)]])
def test_ctrl_c_leaves_a_checkpoint_from_which_it_ends_in_the_same_bits(
    kind: str, at: list[tuple[int, int]], tmp_path: Path
) -> None:
    of = recipe(**KINDS[kind])
    ran(of, tmp_path / "whole")
    heard = stopping(*at)
    for _ in at:
        with pytest.raises(Interrupted, match=r"kept in .*checkpoint: the same command goes on"):
            ran(of, tmp_path / "broken", heard=heard)
    ran(of, tmp_path / "broken", heard=heard)
    assert same(tmp_path / "whole", tmp_path / "broken")


def test_a_run_of_other_numbers_does_not_go_on_from_it(tmp_path: Path) -> None:
    ran(recipe(epochs=1), tmp_path / "used")
    ran(recipe(epochs=2, seed=9), tmp_path / "used")
    ran(recipe(epochs=2, seed=9), tmp_path / "fresh")
    assert same(tmp_path / "used", tmp_path / "fresh")


def test_parts_of_a_step_give_what_the_whole_gives(tmp_path: Path) -> None:
    loss = LossRecipe(weights="effective", smoothing=0.1)
    whole = ran(recipe(epochs=1, loss=loss), tmp_path / "whole")["history"][0]
    parts = ran(recipe(epochs=1, loss=loss, accumulate=2), tmp_path / "parts")["history"][0]
    assert parts["train_loss"] == pytest.approx(whole["train_loss"], abs=2e-6)
    assert parts["val_loss"] == pytest.approx(whole["val_loss"], abs=2e-6)


@pytest.mark.parametrize("beside", ["contrastive", "triplet", "centre"])
def test_losses_of_features_change_what_is_learned(beside: Any, tmp_path: Path) -> None:
    alone = ran(recipe(epochs=1), tmp_path / "alone")["history"]
    both = ran(recipe(epochs=1, loss=LossRecipe(beside=beside)), tmp_path / "both")["history"]
    assert both[0]["val_loss"] != alone[0]["val_loss"]


def test_it_stops_early_and_keeps_the_best(tmp_path: Path) -> None:
    report = ran(recipe(epochs=30, patience=2, optimizer=Adam(rate=1.0)), tmp_path)
    history = report["history"]
    assert len(history) == report["best_epoch"] + 2 < 30
    best = max(history, key=lambda line: (line["val_top1"], -line["val_loss"]))
    assert report["best_epoch"] == best["epoch"]


def states(*folders: Path) -> list[dict[str, torch.Tensor]]:
    return [Fitted.load(each / "model.safetensors").network.state_dict() for each in folders]


def test_it_begins_with_weights_by_its_plan(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    ran(recipe(epochs=1), first)
    of = recipe(seed=8, transfer=TransferPlan(freeze_until=1, lr_mult=0.5))
    report = ran(of, second, weights=first / "model.safetensors")
    before, after = states(first, second)
    assert torch.equal(before["stem.weight"], after["stem.weight"]), "frozen"
    assert not torch.equal(before["body.weight"], after["body.weight"])
    assert report["notes"][0].startswith("It began with model.safetensors, SHA-256 ")
    with pytest.raises(WrongTransfer, match="begins with weights, and there are none"):
        ran(of, tmp_path / "none")


def test_without_a_plan_all_weights_learn_on(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    ran(recipe(epochs=1), first)
    ran(recipe(epochs=1, optimizer=Adam(rate=0.0), seed=8), second, weights=first / "model.safetensors")
    before, after = states(first, second)
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_its_model_is_read_with_its_recipe(tmp_path: Path) -> None:
    of = recipe(epochs=1, precision=Precision.MIXED, schedule=Plateau())
    ran(of, tmp_path)
    found = Fitted.load(tmp_path / "model.safetensors")
    assert found.recipe == of
    assert found.recipe.precision is Precision.MIXED
    (tmp_path / "cut").write_bytes((tmp_path / "model.safetensors").read_bytes()[:-5])
    with pytest.raises(BadFile, match="cannot be read as a model"):
        Fitted.load(tmp_path / "cut")


def test_what_does_not_go_together_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongRecipe, match="too few for 1 processes with 5 parts"):
        ran(recipe(accumulate=5), tmp_path)
    with pytest.raises(WrongRecipe, match="centres of small follow whole steps: take one process"):
        ran(recipe(accumulate=2, loss=LossRecipe(beside="centre")), tmp_path)
    for network, takes in (("resnet18", "x_BCHW"), ("two_stream_cnn_lstm", r"\[rgb"), ("st_gcn", "x_NCTVM")):
        with pytest.raises(WrongRecipe, match=f"{network} takes {takes}.*shows it x_BCTHW or "):
            feed_of(recipe(network=network), nn.Identity())
    with pytest.raises(WrongRecipe, match="at least 1 epoch"):
        recipe(epochs=0)


@pytest.mark.parametrize(("name", "word"), [("kind", "focl"), ("weights", "balance"), ("beside", "center")])
def test_a_loss_that_is_none_is_told_and_not_taken_for_another(name: str, word: str) -> None:
    words: dict[str, Any] = {name: word}
    with pytest.raises(WrongRecipe, match=f"{name} of LossRecipe is '{word}', and none of "):
        LossRecipe(**words)

"""A run: from a recipe and a stock to a model, its history and its report, whatever breaks it off.

Written under `out`: model.safetensors (`training.ml.fit.model`), history.jsonl with a line an epoch,
report.json, and checkpoint/, from which the same run goes on.
"""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.ml.divergence import divergence_of
from training.ml.engine.checkpoints import opened, put
from training.ml.engine.loop import BrokenOff
from training.ml.engine.loop import Fitted as Done
from training.ml.errors import TooLittle
from training.ml.fit.asking import asked
from training.ml.fit.codec import json_line, told
from training.ml.fit.measure import measured_on
from training.ml.fit.model import Fitted
from training.ml.fit.network import begin, feed_of, network_of
from training.ml.fit.orders import small_classes
from training.ml.fit.recipe import FitRecipe
from training.ml.fit.stages import Conditions, Heard, learn_classes, learn_links
from training.ml.fit.stock import Stock
from training.ml.fit.team import Team
from training.ml.models.skeleton.as_gcn import ASGCN
from training.ml.recipes.base import sha256_of


class Interrupted(KeyboardInterrupt):
    """A run was asked to stop, and has left a checkpoint; `sentence` says where."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def fit(
    recipe: FitRecipe,
    stock: Stock,
    out: Path,
    team: Team,
    *,
    weights: Path | None = None,
    workers: int = 0,
    most_steps: int = 0,
    heard: Heard | None = None,
) -> dict[str, Any]:
    """Carry a recipe out; the report, which is also written. Raises LearningError, or Interrupted.

    `most_steps` shortens an epoch, to try a recipe out, and what is measured to as many
    clips. The same call goes on from what its folder holds.
    """
    if not len(stock.train):
        raise TooLittle(f"There is no sample to learn from of the classes {', '.join(stock.classes)}.")
    if most_steps:
        few = most_steps * recipe.batch
        stock = replace(stock, val=stock.val.some(few), test=stock.test.some(few))
    network = network_of(recipe, len(stock.classes))
    notes = [*begin(recipe, network, weights), *small_classes(recipe, stock.train)]
    folder = out / "checkpoint"
    facts = {"recipe": told(recipe), "classes": stock.classes, "steps": most_steps, "notes": notes}
    if team.leads:
        opened(folder, sha256_of({**facts, "clips": [each.name for each in stock.train.samples]}))
    team.together()
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    network.to(team.device)
    with asked() as state:
        how = Conditions(team, state, workers, most_steps, heard)
        try:
            if isinstance(network, ASGCN) and recipe.links:
                learn_links(recipe, recipe.links, stock, network, folder, how)
            done = learn_classes(recipe, stock, network, out, how)
        except BrokenOff:
            raise Interrupted(
                f"Broken off. What was learned is kept in {folder}: the same command goes on from there."
            ) from None
    report = _report(recipe, stock, network, done, team, notes)
    if team.leads:
        Fitted(recipe, stock.classes, network).save(out / "model.safetensors")
        put(out / "report.json", json_line(report))
    return report


def _report(
    recipe: FitRecipe, stock: Stock, network: nn.Module, done: Done, team: Team, notes: list[str]
) -> dict[str, Any]:
    side = "test" if len(stock.test) else "val" if len(stock.val) else "none"
    found = divergence_of(done.history, classes=len(stock.classes), val_clips=len(stock.val))
    measured = None
    if side != "none":
        measured = measured_on(stock.side(side), recipe, network, feed_of(recipe, network), team)
    return {
        "recipe": recipe.name,
        "classes": list(stock.classes),
        "clips": {name: len(stock.side(name)) for name in ("train", "val", "test")},
        "parameters": sum(each.numel() for each in network.parameters()),
        "epochs": len(done.history),
        "best_epoch": done.best_epoch,
        "history": done.history,
        "divergence": asdict(found) if found else None,
        "measured_on": side,
        "measured": measured,
        "notes": notes,
    }

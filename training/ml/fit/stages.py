"""The stages of a run: AS-GCN's links, where it has some, and the classes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.ml.engine.checkpoints import Slot, put
from training.ml.engine.loop import Fitted, Kept, Line, by_val
from training.ml.engine.loop import fit as loop
from training.ml.engine.plan import torch_drawing
from training.ml.fit.asking import Asked
from training.ml.fit.codec import json_line
from training.ml.fit.epoch import Course, run_epoch
from training.ml.fit.lesson import Lesson, LinkLesson, weights_of
from training.ml.fit.measure import logits_of
from training.ml.fit.network import feed_of
from training.ml.fit.recipe import FitRecipe, Links
from training.ml.fit.report import line_of
from training.ml.fit.stock import Stock
from training.ml.fit.team import Team
from training.ml.models.skeleton.aim import create_aim
from training.ml.models.skeleton.as_gcn import ASGCN
from training.ml.optim import (
    Average,
    Descent,
    Optimizer,
    fitting_groups,
    linear_rate,
    plain_groups,
)
from training.ml.optim.optimizers import Groups

Heard = Callable[[str, int, int], None]
"""Told what is done ("epoch 3 of 10"), the steps of it that are behind, and how many it has."""


@dataclass(frozen=True)
class Conditions:
    """What a run is carried out with, which decides nothing of what is learned but `most_steps`."""

    team: Team
    asked: Asked
    workers: int = 0
    most_steps: int = 0
    heard: Heard | None = None

    def course(self, recipe: FitRecipe, lesson: nn.Module, descent: Descent, stock: Stock) -> Course:
        """The course of one stage."""
        return Course(
            recipe,
            self.team,
            lesson,
            descent,
            stock.train,
            self.asked,
            workers=self.workers,
            most_steps=self.most_steps,
        )

    def hearing(self, what: str) -> Callable[[int, int], None] | None:
        """Who is told of the steps of what is done."""
        heard = self.heard
        return (lambda done, of: heard(what, done, of)) if heard else None

    def slot(self, folder: Path, name: str) -> Slot:
        """The checkpoint of that name, which the leader writes."""
        return Slot(folder, name) if self.team.leads else _Following(folder, name)


def learn_links(
    recipe: FitRecipe, links: Links, stock: Stock, network: ASGCN, folder: Path, how: Conditions
) -> None:
    """Let AIM learn which joints move together, and the network take what it infers."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(torch_drawing(recipe.seed, "links").initial_seed())
        aim = create_aim(graph=recipe.options["graph"]).to(how.team.device)
    lesson, epochs = LinkLesson(aim), links.epochs
    descent = Descent(lesson, links.optimizer.over(plain_groups(aim, links.optimizer)), device=how.team.kind)
    course = how.course(recipe, lesson, descent, stock)

    def epoch_of(epoch: int) -> Line:
        course.stepped = how.hearing(f"links, epoch {epoch} of {epochs}")
        return {"train_loss": run_epoch(course, epoch, epochs)["train_loss"]}

    slot = how.slot(folder, "links")
    loop(aim, descent.optimizer, epoch_of, epochs=epochs, slot=slot, save_every=1, halfway=course.halfway)
    network.take_links(aim)


def learn_classes(recipe: FitRecipe, stock: Stock, network: nn.Module, out: Path, how: Conditions) -> Fitted:
    """Let the network learn the classes; in the end it has the weights of the epoch that val chose."""
    weight_C = weights_of(recipe.loss, stock.train.label_N, len(stock.classes))
    lesson = Lesson(network, feed_of(recipe, network), recipe.loss, weight_C).to(how.team.device)
    average = Average(network, recipe.average) if recipe.average else None
    judged = average.network if average else network
    descent = Descent(
        lesson,
        _numbers(recipe).over(_groups(recipe, network)),
        clip_norm=recipe.clip_norm,
        precision=recipe.precision,
        average=average,
        averaged=network,
        device=how.team.kind,
    )
    course = how.course(recipe, lesson, descent, stock)

    def epoch_of(epoch: int) -> Line:
        course.stepped = how.hearing(f"epoch {epoch} of {recipe.epochs}")
        line = run_epoch(course, epoch, recipe.epochs)
        if not len(stock.val):
            return {**line, "val_loss": None, "val_top1": None, "val_macro_f1": None}
        logits_NC = logits_of(judged, lesson.feed, stock.val.once(), how.team)
        return line | line_of(logits_NC, stock.val.label_N)

    def tell(history: list[Line], _best: int) -> None:
        if how.team.leads:
            put(out / "history.jsonl", b"".join(json_line(each) for each in history))

    return loop(
        network,
        descent.optimizer,
        epoch_of,
        epochs=recipe.epochs,
        slot=how.slot(out / "checkpoint", "network"),
        rank=by_val(True) if len(stock.val) else None,
        patience=recipe.patience if len(stock.val) else 0,
        save_every=1,
        tell=tell,
        judged=judged,
        beside=_beside(lesson, descent, average),
        halfway=course.halfway,
        history=course.history,
    )


def _beside(lesson: Lesson, descent: Descent, average: Average | None) -> dict[str, Kept]:
    """What a checkpoint holds besides network and optimizer."""
    beside: dict[str, Kept] = {"descent": descent}
    if average:
        beside["average"] = average
    if lesson.beside is not None:
        beside["loss"] = lesson.beside
    return beside


def _numbers(recipe: FitRecipe) -> Optimizer:
    """The optimizer with its rate scaled to the batch."""
    if not recipe.rate_batch:
        return recipe.optimizer
    rate = linear_rate(recipe.optimizer.rate, batch=recipe.batch, reference=recipe.rate_batch)
    return replace(recipe.optimizer, rate=rate)


def _groups(recipe: FitRecipe, network: nn.Module) -> Groups:
    if recipe.transfer and recipe.transfer.lr_mult != 1:
        return recipe.transfer.groups(network, _numbers(recipe))
    return fitting_groups(network, _numbers(recipe))


class _Following(Slot):
    """The leader's checkpoint as the others read it: they write none."""

    def save(self, *_: Any) -> None:
        """Nothing: the leader has the same."""

"""Learning: passes over random views of clips, measured on val after each."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn, optim

from training.ml.engine.checkpoints import Slot
from training.ml.engine.data import Sample
from training.ml.engine.loop import Fitted, Line, Tell, by_val, fit
from training.ml.engine.network.model import AnyViewer
from training.ml.engine.plan import drawing
from training.ml.engine.progress import number
from training.ml.metrics import macro_f1, top1
from training.ml.models.skeleton.as_gcn import ASGCN
from training.ml.models.skeleton.stages import ActionStage
from training.ml.recipes.networks import NetworkRecipe

Stepped = Callable[[int, int], None]
"""Told the steps of an epoch that are done, and how many it has."""


@dataclass(frozen=True)
class Course:
    """What is the same for the network that chooses the epoch and for the one that is kept."""

    recipe: NetworkRecipe
    viewer: AnyViewer
    weight_C: Tensor
    seed: int
    even: bool


def train(
    course: Course,
    network: nn.Module,
    samples: Sequence[Sample],
    name: str,
    *,
    epochs: int,
    slot: Slot,
    val: Sequence[Sample] = (),
    patience: int = 0,
    tell: Tell | None = None,
    stepped: Stepped | None = None,
) -> Fitted:
    """Train `network`; with `val` it keeps the epoch that does best there.

    `name` keeps the random numbers of different networks apart.
    """
    optimizer = optimizer_of(course.recipe, network)

    def run_epoch(epoch: int) -> Line:
        line = _learn(course, network, optimizer, samples, (name, epoch, epochs), stepped)
        blank = {"val_loss": None, "val_top1": None, "val_macro_f1": None}
        return {**line, **(_measured(course, network, val) if val else blank)}

    return fit(
        network,
        optimizer,
        run_epoch,
        epochs=epochs,
        slot=slot,
        rank=by_val(course.even) if val else None,
        patience=patience,
        save_every=1,
        tell=tell,
    )


def optimizer_of(recipe: NetworkRecipe, network: nn.Module) -> optim.Optimizer:
    """The recipe's optimizer; biases and the numbers of norms do not decay."""
    every = [each for each in network.parameters() if each.requires_grad]
    groups = [
        {"params": [each for each in every if each.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [each for each in every if each.ndim <= 1], "weight_decay": 0.0},
    ]
    rate = recipe.learning_rate
    makers: dict[str, Callable[[list[dict[str, Any]]], optim.Optimizer]] = {
        "sgd": lambda groups: optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True),
        "adam": lambda groups: optim.Adam(groups, lr=rate),
        "adamw": lambda groups: optim.AdamW(groups, lr=rate),
        "asgd": lambda groups: optim.ASGD(groups, lr=rate),
    }
    return makers[recipe.optimizer](groups)


def rate_at(recipe: NetworkRecipe, done: float) -> float:
    """The learning rate when a share `done` of all steps is behind: a warm-up, then the schedule.

    Cosine: Loshchilov, Hutter, "SGDR" (ICLR 2017), equation 5, without restarts.
    """
    if done < recipe.warmup:
        return recipe.learning_rate * (0.01 + 0.99 * done / recipe.warmup)
    if recipe.schedule == "constant":
        return recipe.learning_rate
    share = (done - recipe.warmup) / max(1 - recipe.warmup, 1e-9)
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * share))


def _learn(
    course: Course,
    network: nn.Module,
    optimizer: optim.Optimizer,
    samples: Sequence[Sample],
    where: tuple[str, int, int],
    stepped: Stepped | None,
) -> Line:
    """One pass over the clips; all random numbers hang on the epoch alone."""
    recipe, (name, epoch, epochs) = course.recipe, where
    generator = drawing(course.seed, name, epoch)
    torch.manual_seed(int(generator.integers(2**63)))  # dropout
    loss_of = nn.CrossEntropyLoss(course.weight_C, label_smoothing=recipe.smoothing)
    # Equal parts: a last batch of one clip would give batch norms nothing to go by.
    parts = np.array_split(generator.permutation(len(samples)), math.ceil(len(samples) / recipe.batch))
    total = hits = 0.0
    network.train()
    for step, places in enumerate(parts):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(recipe, (epoch - 1 + step / len(parts)) / epochs)
        batch = [samples[place] for place in places]
        clips = [course.viewer.load(each.path, each.clip.name) for each in batch]
        views = [course.viewer.training(clip, generator) for clip in clips]
        label_B = torch.tensor([each.label for each in batch])
        loss, logits_BC = _loss(network, course.viewer.batch(views), label_B, loss_of)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), recipe.clip_norm)
        optimizer.step()
        total += float(loss.detach()) * len(batch)
        hits += int((logits_BC.argmax(1) == label_B).sum())
        if stepped:
            stepped(step + 1, len(parts))
    return {"train_loss": number(total / len(samples)), "train_top1": number(hits / len(samples))}


def _loss(
    network: nn.Module, x: Tensor | list[Tensor], label_B: Tensor, loss_of: nn.Module
) -> tuple[Tensor, Tensor]:
    """The loss to descend and the logits; AS-GCN foretells poses beside."""
    if isinstance(network, ASGCN) and isinstance(x, Tensor):
        losses = ActionStage(network, loss_of)(x, label_B)
        return losses.whole, losses.logits_NC
    logits_BC: Tensor = network(x)
    loss: Tensor = loss_of(logits_BC, label_B)
    return loss, logits_BC


@torch.no_grad()
def _measured(course: Course, network: nn.Module, val: Sequence[Sample]) -> Line:
    network.eval()
    viewer, moments = course.viewer, course.recipe.moments
    logits = []
    for sample in val:
        view, _ = viewer.testing(viewer.load(sample.path, sample.clip.name), moments)
        logits.append(network(viewer.batch([view])))
    logits_NC, label_N = torch.cat(logits), torch.tensor([sample.label for sample in val])
    truth_N, said_N = label_N.numpy(), logits_NC.argmax(1).numpy()
    return {
        "val_loss": number(float(nn.functional.cross_entropy(logits_NC, label_N, course.weight_C))),
        "val_top1": number(top1(truth_N, said_N)),
        "val_macro_f1": number(macro_f1(truth_N, said_N, len(course.weight_C))),
    }

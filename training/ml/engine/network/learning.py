"""Learning: passes over random views of clips, measured on val after each."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn, optim

from training.ml.engine.checkpoints import Slot
from training.ml.engine.data import Sample
from training.ml.engine.loop import Fitted, Line, Tell, by_val, fit
from training.ml.engine.network.model import AnyViewer
from training.ml.engine.plan import drawing
from training.ml.engine.progress import number
from training.ml.losses import CrossEntropy
from training.ml.metrics import macro_f1, top1
from training.ml.models.skeleton.as_gcn import ASGCN
from training.ml.models.skeleton.stages import ActionStage
from training.ml.optim import (
    ASGD,
    SGD,
    Adam,
    AdamW,
    Cosine,
    Descent,
    MultiStep,
    Optimizer,
    Schedule,
    Warmup,
    plain_groups,
    set_rates,
)
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
    descent = Descent(network, optimizer, clip_norm=course.recipe.clip_norm)

    def run_epoch(epoch: int) -> Line:
        line = _learn(course, descent, samples, (name, epoch, epochs), stepped)
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
    rate, decay = recipe.learning_rate, recipe.weight_decay
    known: dict[str, Optimizer] = {
        "sgd": SGD(rate=rate, weight_decay=decay, nesterov=True),
        "adam": Adam(rate=rate, weight_decay=decay),
        "adamw": AdamW(rate=rate, weight_decay=decay),
        "asgd": ASGD(rate=rate, weight_decay=decay),
    }
    numbers = known[recipe.optimizer]
    return numbers.over(plain_groups(network, numbers))


def schedule_of(recipe: NetworkRecipe, epochs: int) -> Schedule:
    """The recipe's schedule over so many epochs, a share of which is the warm-up."""
    warmup = Warmup(epochs=recipe.warmup * epochs)
    return MultiStep(warmup=warmup) if recipe.schedule == "constant" else Cosine(warmup=warmup)


def _learn(
    course: Course,
    descent: Descent,
    samples: Sequence[Sample],
    where: tuple[str, int, int],
    stepped: Stepped | None,
) -> Line:
    """One pass over the clips; all random numbers hang on the epoch alone."""
    recipe, network, (name, epoch, epochs) = course.recipe, descent.network, where
    schedule = schedule_of(recipe, epochs)
    generator = drawing(course.seed, name, epoch)
    torch.manual_seed(int(generator.integers(2**63)))  # dropout
    loss_of = CrossEntropy(course.weight_C, smoothing=recipe.smoothing)
    # Equal parts: a last batch of one clip would give batch norms nothing to go by.
    parts = np.array_split(generator.permutation(len(samples)), math.ceil(len(samples) / recipe.batch))
    total = hits = 0.0
    network.train()
    for step, places in enumerate(parts):
        set_rates(descent.optimizer, schedule.factor(epoch - 1 + step / len(parts), epochs))
        batch = [samples[place] for place in places]
        clips = [course.viewer.load(each.path, each.clip.name) for each in batch]
        views = [course.viewer.training(clip, generator) for clip in clips]
        label_B = torch.tensor([each.label for each in batch])
        loss, logits_BC = _loss(network, course.viewer.batch(views), label_B, loss_of)
        descent.add(loss)
        descent.step()
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

"""Training the clip classifier on random views of clips: for choosing an epoch, and again for keeps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from training.ml.classifier import ClipClassifier, training_batch, whole_batch
from training.ml.encoder import EncodedClip, Encoder, Floats
from training.ml.engine.checkpoints import Slot
from training.ml.engine.loop import Fitted, Line, Tell, by_val, fit
from training.ml.engine.plan import drawing
from training.ml.engine.progress import number
from training.ml.losses import CrossEntropy, balanced_weights
from training.ml.metrics import macro_f1, top1
from training.ml.optim import AdamW, Descent, plain_groups
from training.ml.recipes.motion import MotionRecipe

Told = Sequence[Floats | None]
"""How much each candidate of a clip tells of its class, by who has not learned from it; None: unknown."""


@dataclass(frozen=True)
class Pool:
    """Clips to learn from or to be measured on, beside their class numbers."""

    clips: Sequence[EncodedClip]
    label_N: torch.Tensor
    told: Told | None = None
    """None: of no clip it is known which of its candidates tell its class."""

    def __len__(self) -> int:
        return len(self.label_N)

    def only(self, places: Sequence[int]) -> "Pool":
        """The clips at these places."""
        told = None if self.told is None else [self.told[place] for place in places]
        return Pool([self.clips[place] for place in places], self.label_N[list(places)], told)


@dataclass(frozen=True)
class Lesson:
    """How classifiers of one run are trained: what is the same for every fold and for the last one."""

    encoder: Encoder
    recipe: MotionRecipe
    weight_C: Tensor
    seed: int
    even: bool

    @property
    def classes(self) -> int:
        """C."""
        return len(self.weight_C)


def class_weights(label_N: Tensor, classes: int, even: bool) -> Tensor:
    """weight_C for the loss: all 1 where classes are even, else so that each class weighs the same in sum.

    A class without a clip weighs 1, which nothing uses.
    """
    return torch.ones(classes) if even else balanced_weights(torch.bincount(label_N, minlength=classes))


def train(
    lesson: Lesson,
    pool: Pool,
    name: str,
    *,
    epochs: int,
    slot: Slot,
    val: Pool | None = None,
    patience: int = 0,
    tell: Tell | None = None,
) -> tuple[ClipClassifier, Fitted]:
    """Train a classifier from nothing; with `val` the epoch that does best there is kept.

    `name` keeps the random numbers of different classifiers apart.
    """
    network = ClipClassifier(lesson.encoder.width, lesson.classes)
    numbers = AdamW(rate=lesson.recipe.learning_rate, weight_decay=lesson.recipe.weight_decay)
    descent = Descent(network, numbers.over(plain_groups(network, numbers)))
    val_NF = whole_batch(lesson.encoder, val.clips) if val else None

    def run_epoch(epoch: int) -> Line:
        line = _learn(descent, lesson, pool, drawing(lesson.seed, name, epoch))
        if val is None or val_NF is None:
            return {**line, "val_loss": None, "val_top1": None, "val_macro_f1": None}
        return line | _measured(network, lesson, val, val_NF)

    rank = by_val(lesson.even) if val else None
    fitted = fit(
        network,
        descent.optimizer,
        run_epoch,
        epochs=epochs,
        slot=slot,
        rank=rank,
        patience=patience,
        tell=tell,
    )
    return network, fitted


def _learn(
    descent: Descent,
    lesson: Lesson,
    pool: Pool,
    generator: np.random.Generator,
) -> Line:
    """One pass over the clips, each seen through a random view."""
    network, loss_of = descent.network, CrossEntropy(lesson.weight_C, smoothing=lesson.recipe.smoothing)
    order = generator.permutation(len(pool))
    total = hits = 0.0
    network.train()
    for start in range(0, len(order), lesson.recipe.batch):
        places = order[start : start + lesson.recipe.batch].tolist()
        batch = pool.only(places)
        told = batch.told or [None] * len(batch)
        x_BF = training_batch(lesson.encoder, batch.clips, generator, lesson.recipe, told)
        logits_BC = network(x_BF)
        loss = loss_of(logits_BC, batch.label_N)
        descent.add(loss)
        descent.step()
        total += float(loss.detach()) * len(places)
        hits += int((logits_BC.argmax(1) == batch.label_N).sum())
    return {"train_loss": number(total / len(pool)), "train_top1": number(hits / len(pool))}


@torch.no_grad()
def _measured(network: ClipClassifier, lesson: Lesson, val: Pool, val_NF: Tensor) -> Line:
    network.eval()
    logits_NC = network(val_NF)
    truth_N, said_N = val.label_N.numpy(), logits_NC.argmax(1).numpy()
    return {
        "val_loss": number(float(nn.functional.cross_entropy(logits_NC, val.label_N, lesson.weight_C))),
        "val_top1": number(top1(truth_N, said_N)),
        "val_macro_f1": number(macro_f1(truth_N, said_N, lesson.classes)),
    }

"""What a network says of a side, and how good that is: everything that an evaluation tells."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.ml.engine.progress import number
from training.ml.fit.network import Feed
from training.ml.fit.one_shot import PROTOCOL, matched, novel
from training.ml.fit.recipe import FitRecipe, Scores
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.fit.views import protocol
from training.ml.metrics import (
    calibration_error,
    confusion,
    macro,
    mean_average_precision,
    per_class,
    top1,
    top5,
    wilson,
)
from training.ml.models.skeleton.tcn import OneShotTCN

Told = Callable[[int, int], None]


@torch.no_grad()
def logits_of(
    network: nn.Module,
    feed: Feed,
    side: Side,
    team: Team,
    told: Told | None = None,
    *,
    scores: Scores = "logits",
) -> Tensor:
    """Logits (N, C) of all samples of a side, each the mean over its views.

    With the scores "softmax" they are the logarithms of the views' mean softmax. Views are read and taken one
    by one, so memory grows neither with them nor with the samples. Processes share the samples.
    """
    network.eval()
    places = np.array_split(np.arange(len(side)), team.size)[team.rank].tolist()
    rows = []
    for done, place in enumerate(places):
        views = (network(feed(view.to(team.device))).float()[0] for view in side.tested(place))
        rows.append(_mean(views, scores))
        if told:
            told(done + 1, len(places))
    own_NC = torch.stack(rows) if rows else torch.zeros(0, len(side.classes))
    return team.joined(own_NC)


def _mean(logits_C: Iterable[Tensor], scores: Scores) -> Tensor:
    sum_C, count = torch.zeros(()), 0
    for each_C in logits_C:
        sum_C = sum_C.to(each_C.device) + (each_C if scores == "logits" else each_C.softmax(0))
        count += 1
    return sum_C / count if scores == "logits" else (sum_C / count).log()


def measured_on(
    side: Side, recipe: FitRecipe, network: nn.Module, feed: Feed, team: Team, told: Told | None = None
) -> dict[str, Any]:
    """The report on a side: by its logits, or in the one-shot protocol's test by the nearest anchors."""
    if isinstance(network, OneShotTCN) and recipe.data.protocol == PROTOCOL and novel(side):
        return report_on(*matched(network, feed, side, team.device))
    logits_NC = logits_of(network, feed, side, team, told, scores=recipe.scores)
    return protocol(recipe) | report_on(logits_NC, side.label_N, side.classes)


def line_of(logits_NC: Tensor, label_N: Tensor, loss: nn.Module | None = None) -> dict[str, Any]:
    """Of an epoch: loss, top-1 and macro F1 on val. The loss is cross-entropy, as nothing is mixed there."""
    loss = loss or nn.CrossEntropyLoss()
    truth_N, said_N = label_N.numpy(), logits_NC.argmax(1).numpy()
    return {
        "val_loss": number(float(loss(logits_NC, label_N))),
        "val_top1": number(top1(truth_N, said_N)),
        "val_macro_f1": number(macro(truth_N, said_N, logits_NC.shape[1]).f1),
    }


def report_on(logits_NC: Tensor, label_N: Tensor, classes: tuple[str, ...]) -> dict[str, Any]:
    """All measures of a side, as JSON holds them; None where one says nothing (top-5 of five classes)."""
    p_NC = torch.softmax(logits_NC.double(), 1).numpy()
    truth_N, said_N = label_N.numpy(), p_NC.argmax(1)
    means = macro(truth_N, said_N, len(classes))
    low, high = wilson(int((truth_N == said_N).sum()), len(truth_N))
    five, area = top5(truth_N, p_NC), mean_average_precision(truth_N, p_NC)
    error = calibration_error(truth_N, p_NC)
    return {
        "clips": len(truth_N),
        "top1": number(top1(truth_N, said_N)),
        "top1_low": number(low),
        "top1_high": number(high),
        "top5": None if five is None else number(five),
        "macro_precision": number(means.precision),
        "macro_recall": number(means.recall),
        "macro_f1": number(means.f1),
        "map": None if area is None else number(area),
        "ece": None if error is None else number(error),
        "confusion": confusion(truth_N, said_N, len(classes)).tolist(),
        "per_class": [
            {
                "label": name,
                "precision": number(each.precision),
                "recall": number(each.recall),
                "f1": number(each.f1),
                "support": each.support,
            }
            for name, each in zip(classes, per_class(truth_N, said_N, len(classes)), strict=True)
        ],
    }

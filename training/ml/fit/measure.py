"""What a network says of a side, and how good that is."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from training.ml.fit.network import Feed
from training.ml.fit.one_shot import PROTOCOL, anchored, measured_by, novel
from training.ml.fit.recipe import FitRecipe, Scores
from training.ml.fit.report import report_on
from training.ml.fit.rows import Told, rows_of
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.fit.views import protocol
from training.ml.models.skeleton.tcn import OneShotTCN


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

    def row(views: Iterable[Tensor]) -> Tensor:
        return _mean((network(feed(view)).float()[0] for view in views), scores)

    return rows_of(side, team, row, len(side.classes), told)


def _mean(logits_C: Iterable[Tensor], scores: Scores) -> Tensor:
    sum_C, count = torch.zeros(()), 0
    for each_C in logits_C:
        sum_C = sum_C.to(each_C.device) + (each_C if scores == "logits" else each_C.softmax(0))
        count += 1
    return sum_C / count if scores == "logits" else (sum_C / count).log()


def measured_on(
    side: Side, recipe: FitRecipe, network: nn.Module, feed: Feed, team: Team, told: Told | None = None
) -> dict[str, Any]:
    """The report on a side: by its logits, or in NTU's one-shot test by the nearest anchors."""
    if isinstance(network, OneShotTCN) and recipe.data.protocol == PROTOCOL and novel(side):
        return protocol(recipe) | measured_by(network, feed, *anchored(side), team, told)
    logits_NC = logits_of(network, feed, side, team, told, scores=recipe.scores)
    return protocol(recipe) | report_on(logits_NC, side.label_N, side.classes)

"""Something of every sample of a side, its views read and taken one by one, shared by all processes."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor

from training.ml.fit.stock import Side
from training.ml.fit.team import Team

Told = Callable[[int, int], None]
"""Told how many samples are done, of how many."""


@torch.no_grad()
def rows_of(
    side: Side,
    team: Team,
    row: Callable[[Iterator[Tensor]], Tensor],
    width: int,
    told: Told | None = None,
) -> Tensor:
    """What `row` makes of the views x (1, C, T, ...) of each sample: (N, width), on the CPU.

    Memory grows neither with the views nor with the samples.
    """
    places = np.array_split(np.arange(len(side)), team.size)[team.rank].tolist()
    rows = []
    for done, place in enumerate(places):
        rows.append(row(view.to(team.device) for view in side.tested(place)))
        if told:
            told(done + 1, len(places))
    return team.joined(torch.stack(rows) if rows else torch.zeros(0, width))

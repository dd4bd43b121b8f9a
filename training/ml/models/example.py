"""Drawn input of the shape that a network was published with."""

import torch
from torch import Tensor

from training.ml.models.contract import Network, Takes
from training.ml.models.slowfast import pathways

JOINTS, PEOPLE = 25, 2
"""Of skeletons: NTU's, and the persons of a clip."""


def example(network: Network, *, batch: int = 1, device: torch.device | str = "cpu") -> Tensor | list[Tensor]:
    """Normal noise as `network.takes` names it, of the published frames and side; always the same numbers."""
    shapes = {
        Takes.PICTURE: (batch, 3, network.side, network.side),
        Takes.SKELETON: (batch, 3, network.frames, JOINTS, PEOPLE),
    }
    shape = shapes.get(network.takes, (batch, 3, network.frames, network.side, network.side))
    if torch.device(device).type == "meta":
        drawn = torch.empty(shape, device="meta")
    else:
        drawn = torch.randn(shape, generator=torch.Generator().manual_seed(20)).to(device)
    return pathways(drawn, network.alpha) if network.takes == Takes.PATHWAYS else drawn

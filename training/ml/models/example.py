"""Drawn input of the shape that a network was published with."""

import torch
from torch import Tensor

from training.ml.models.contract import Network, Takes
from training.ml.models.slowfast import pathways
from training.ml.models.smart import FEATURES

PEOPLE = 2
"""Persons of a clip."""
_FLOW = 2
"""Channels of flow."""


def example(network: Network, *, batch: int = 1, device: torch.device | str = "cpu") -> Tensor | list[Tensor]:
    """Normal noise as `network.takes` names it, of the published frames and side; always the same numbers."""
    generator = torch.Generator().manual_seed(20)

    def drawn(*shape: int) -> Tensor:
        if torch.device(device).type == "meta":
            return torch.empty(batch, *shape, device="meta")
        return torch.randn(batch, *shape, generator=generator).to(device)

    clip = (network.frames, network.side, network.side)
    match network.takes:
        case Takes.PICTURE:
            return drawn(3, network.side, network.side)
        case Takes.SKELETON:
            return drawn(3, network.frames, network.joints, PEOPLE)
        case Takes.FRAMES:
            return drawn(network.frames, FEATURES)
        case Takes.PATHWAYS:
            return pathways(drawn(3, *clip), network.alpha)
        case Takes.STREAMS:
            return [drawn(3, *clip), drawn(_FLOW, *clip)]
        case Takes.VIDEO:
            return drawn(3, *clip)

"""From clips as they are shown to the numbers that a network was made for: its own means and deviations."""

from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from training.ml.augment.clips import Kind
from training.ml.models import network_named
from training.ml.models.contract import Normalisation


@runtime_checkable
class Normalised(Protocol):
    """A network whose means hang on its options, as on its backbone or on whether it sees flow."""

    @property
    def normalisation(self) -> Normalisation:
        """What its frames are brought to."""


def normalisation_of(name: str, network: nn.Module) -> Normalisation:
    """What the frames of a network, made by this name, are brought to."""
    if isinstance(network, Normalised):
        return network.normalisation
    return network_named(name).normalisation


def normalised(x_BCTHW: Tensor, kind: Kind, normal: Normalisation) -> Tensor:
    """Pictures in 0..1, or flow in -1..1 about no movement, as a network takes them.

    Means and deviations are of flow in 0..1, as it is stored in bytes (TSN; Wang et al., ECCV 2016).
    """
    if kind is Kind.FLOW:
        x_BCTHW = (x_BCTHW + 1) / 2
    elif normal.colours == "BGR":
        x_BCTHW = x_BCTHW.flip(1)
    mean, deviation = (
        torch.tensor(each[: x_BCTHW.shape[1]]).to(x_BCTHW)[:, None, None, None]
        for each in (normal.mean, normal.deviation)
    )
    return (x_BCTHW - mean) / deviation

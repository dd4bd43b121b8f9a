"""A TSN that is quick to make and run: on ResNet-18, in float64, for evaluation, with fixed numbers in it."""

from functools import cache
from typing import Any

import torch
from torch import Tensor

from tests.training.ml.models.published import empty, filled, noise
from training.ml.models.tsn import TSN


def small(**options: Any) -> TSN:
    """The network with three classes and the options given; those that learn of three segments alike."""
    net = empty("tsn", 3, backbone="resnet18", **options).double().to_empty(device="cpu")
    assert isinstance(net, TSN)
    state = net.state_dict()
    numbers = _numbers() | {"base_model.conv1.weight": noise(*state["base_model.conv1.weight"].shape) / 10}
    if "consensus.weight" in state:
        numbers["consensus.weight"] = torch.tensor([0.5, 0.2, 0.3])
    net.load_state_dict(numbers)
    return net.eval()


@cache
def _numbers() -> dict[str, Tensor]:
    return filled("tsn", gain=0.5, backbone="resnet18").state_dict()

"""Operations that a network takes for one input, counted without doing them."""

from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from training.ml.models.contract import Network
from training.ml.models.example import example

PUBLISHED: dict[str, float] = {
    "bninception": 2.033,
    "resnet50": 4.089,
    "resnet101": 7.80,
    "resnet152": 11.51,
    "vgg16": 15.47,
    "i3d_inception": 111.15,
    "i3d_r50": 28.41,
    "x3d_xs": 0.605,
    "x3d_s": 1.963,
    "x3d_m": 4.732,
    "x3d_l": 18.368,
    "slowfast_4x16_r50": 27.64,
    "slowfast_8x8_r50": 50.31,
    "st_gcn": 16.23,
    "mvit_v2_s": 64.0,
}
"""10^9 multiply-adds of convolutions and linear layers for the input of `example`, of the references."""


def gmacs(network: Network, model: nn.Module) -> float:
    """10^9 multiply-adds of one input: convolutions, matrix products and attention; `model` is on "meta"."""
    inputs: Any = example(network, device="meta")
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model.eval()(inputs)
    return float(counter.get_total_flops()) / 2e9

"""How fast which parameter of TSN learns, and which decay: the policies of tsn-pytorch."""

from collections.abc import Iterator
from typing import Any

from torch import nn

from training.ml.models.tsn.backbones import first_convolution
from training.ml.models.tsn.network import TSN

MULTIPLIERS = {
    "first_conv_weight": (1, 1),
    "first_conv_bias": (2, 0),
    "normal_weight": (1, 1),
    "normal_bias": (2, 0),
    "norm": (1, 0),
}
"""By group, what the rate of learning and the decay of weights are multiplied by."""

FLOW = {"first_conv_weight": (5, 1), "first_conv_bias": (10, 0)}
"""What differs for flow, whose first kernel was spread from colours and has most to learn."""


def parameter_groups(net: TSN, *, lr: float, weight_decay: float) -> list[dict[str, Any]]:
    """The parameters that learn, each in one group, as a torch optimiser takes them.

    A group has `lr` and `weight_decay` multiplied, and tells the multipliers as `lr_mult` and `decay_mult`,
    and its `name`. One with nothing in it, as of a convolution without bias, is left out.
    """
    multipliers = {**MULTIPLIERS, **(FLOW if net.modality.is_flow else {})}
    members: dict[str, list[nn.Parameter]] = {name: [] for name in multipliers}
    for name, parameter in _named(net):
        if parameter.requires_grad:
            members[name].append(parameter)
    return [
        {
            "params": members[name],
            "lr": lr * lr_mult,
            "weight_decay": weight_decay * decay_mult,
            "lr_mult": lr_mult,
            "decay_mult": decay_mult,
            "name": name,
        }
        for name, (lr_mult, decay_mult) in multipliers.items()
        if members[name]
    ]


def _named(net: TSN) -> Iterator[tuple[str, nn.Parameter]]:
    first = first_convolution(net.base_model)
    for module in net.modules():
        for name, parameter in module.named_parameters(recurse=False):
            if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
                yield "norm", parameter
            elif module is first:
                yield f"first_conv_{name}", parameter
            else:
                yield f"normal_{name}", parameter

"""Which parameters learn at which rate, and which decay."""

from collections.abc import Iterator, Mapping
from typing import Any

from torch import nn

from training.ml.models.tsn import TSN
from training.ml.models.tsn.groups import parameter_groups
from training.ml.optim.optimizers import Optimizer, WrongOptimizer

Rates = Mapping[str, float]
"""What the rate is multiplied by, by the beginning of a parameter's name, as "blocks.0".

The longest that fits counts, and 1 where none does."""


def plain_groups(network: nn.Module, numbers: Optimizer) -> list[dict[str, Any]]:
    """All that learns, in two groups: weights, which decay, and biases and the numbers of norms, which don't.

    He et al.: "Bag of Tricks" (CVPR 2019), section 3.1: no bias decay. What has one axis is either.
    """
    return groups_by_name(network, numbers, {})


def groups_by_name(network: nn.Module, numbers: Optimizer, rates: Rates) -> list[dict[str, Any]]:
    """As `plain_groups`, but for each multiplier of `rates` a pair of groups: layer-wise rates.

    Howard, Ruder: "ULMFiT" (ACL 2018), section 3.2. A group tells its `lr_mult` and `decay_mult`; one with
    nothing in it is left out. Raises WrongOptimizer for a beginning that no parameter has.
    """
    members: dict[tuple[float, float], list[nn.Parameter]] = {}
    fitted: set[str] = set()
    for name, parameter, decays in _parameters(network):
        fits = [each for each in rates if name == each or name.startswith(f"{each}.")]
        fitted.update(fits)
        if parameter.requires_grad:
            multiplier = rates[max(fits, key=len)] if fits else 1.0
            members.setdefault((multiplier, float(decays)), []).append(parameter)
    if unknown := sorted(set(rates) - fitted):
        there = sorted({name.partition(".")[0] for name, _ in network.named_parameters()})
        raise WrongOptimizer(
            f"No parameter of the network begins with {', '.join(unknown)}; its parts are {', '.join(there)}."
        )
    if not members:
        raise WrongOptimizer("Nothing of the network learns: every parameter of it is frozen.")
    return [
        {
            "params": parameters,
            "lr": numbers.rate * multiplier,
            "weight_decay": numbers.weight_decay * decays,
            "lr_mult": multiplier,
            "decay_mult": decays,
        }
        for (multiplier, decays), parameters in sorted(
            members.items(), key=lambda each: each[0], reverse=True
        )
    ]


def fitting_groups(network: nn.Module, numbers: Optimizer) -> list[dict[str, Any]]:
    """TSN's own groups for TSN (its public code's policies), the plain ones for every other network."""
    if isinstance(network, TSN):
        return parameter_groups(network, lr=numbers.rate, weight_decay=numbers.weight_decay)
    return plain_groups(network, numbers)


def _parameters(network: nn.Module) -> Iterator[tuple[str, nn.Parameter, bool]]:
    """Name, parameter, and whether it decays; a shared one comes once."""
    norms = (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm)
    of_norms = {
        id(each)
        for module in network.modules()
        if isinstance(module, norms)
        for each in module.parameters(recurse=False)
    }
    for name, parameter in network.named_parameters():
        yield name, parameter, parameter.ndim > 1 and id(parameter) not in of_norms

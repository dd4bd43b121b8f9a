"""The networks for pictures that TSN is built on, without their last layer and for any number of channels."""

from collections.abc import Mapping
from inspect import signature
from typing import Any

from torch import Tensor, nn

from training.ml.checkpoints import Fit, load_but_classes, spread, spread_to
from training.ml.models import bninception, inception_v3, mobilenet_v2, mobilenet_v3, resnet, vgg
from training.ml.models.contract import Network, Normalisation, WrongOption
from training.ml.models.tsn.inputs import Modality

_FAMILIES = (resnet, vgg, bninception, inception_v3, mobilenet_v2, mobilenet_v3)
NETWORKS: dict[str, Network] = {each.name: each for family in _FAMILIES for each in family.NETWORKS}

_LAST: dict[str, tuple[str, str | None]] = {
    **{each.name: ("fc", None) for each in resnet.NETWORKS},
    "vgg16": ("classifier.6", "classifier.5"),
    "bninception": ("last_linear", None),
    "inception_v3": ("fc", "dropout"),
    "mobilenet_v2": ("classifier.1", "classifier.0"),
    "mobilenet_v3_small": ("classifier.3", "classifier.2"),
}
"""The last layer, and the dropout before it, whose place TSN's takes."""
_OPTIONS: dict[str, dict[str, Any]] = {"inception_v3": {"auxiliary": False}}
"""How it is made; an auxiliary head would be for other classes."""


def normalisation(name: str, modality: Modality, net: nn.Module | None = None) -> Normalisation:
    """What a frame is brought to; one way for all frames, so that of differences only the deviation is left.

    Flow in 0..1 has 0.5 (BN-Inception: 128 of 255) where nothing moves. Known deviation: tsn-pytorch brings
    the first of the frames between which it takes differences to another range than the others.
    """
    network = NETWORKS[name]
    if not modality.is_flow and isinstance(net, mobilenet_v2.MobileNetV2):
        mean, deviation = (tuple(each.tolist()) for each in (net.mean_3, net.deviation_3))
        return Normalisation(mean, deviation, network.colours)
    if not modality.is_flow:
        return Normalisation(network.mean, network.deviation, network.colours)
    still = 128 / 255 if name == "bninception" else 0.5
    return Normalisation((still,) * 2, (sum(network.deviation) / 3,) * 2, network.colours)


def headless(name: str, dropout: float, options: Mapping[str, Any] | None = None) -> tuple[nn.Module, int]:
    """The network with random numbers and dropout in place of its last layer; how many features it gives.

    Raises WrongOption for a name that is none, or for an option that it does not have.
    """
    if name not in NETWORKS:
        raise WrongOption(f"TSN has no backbone named {name}; there are: {', '.join(sorted(NETWORKS))}.")
    known = sorted(set(signature(NETWORKS[name].build).parameters) - {"num_classes", *_OPTIONS.get(name, {})})
    if unknown := sorted(set(options or {}) - set(known)):
        there = f"its options are {', '.join(known)}" if known else "it has none"
        raise WrongOption(f"The backbone {name} has no option {', '.join(unknown)}; {there}.")
    net = NETWORKS[name].build(num_classes=1, **_OPTIONS.get(name, {}), **(options or {}))
    last, before = _LAST[name]
    head = net.get_submodule(last)
    assert isinstance(head, nn.Linear)  # noqa: S101 - as _LAST says
    net.set_submodule(last, nn.Dropout(dropout))
    if before:
        net.set_submodule(before, nn.Identity())
    return net, head.in_features


def widen(net: nn.Module, channels: int) -> None:
    """Make the first convolution one for so many channels, with the kernel that `spread` makes: in place."""
    conv = first_convolution(net)
    if conv.in_channels != channels:
        conv.in_channels = channels
        conv.weight = nn.Parameter(spread(conv.weight.detach(), channels))


def first_convolution(net: nn.Module) -> nn.Conv2d:
    """The convolution of a network for pictures that is given them."""
    return next(each for each in net.modules() if isinstance(each, nn.Conv2d))


def learned_from_pictures(state: Mapping[str, Tensor], net: nn.Module) -> Fit:
    """Load the weights of the network for pictures into `net`, which `headless` and `widen` made of it.

    Their last layer is left out, whatever classes it has, and their first kernel is spread where `net` has
    other channels. Raises DoesNotFit where other names or shapes are not the network's.
    """
    return load_but_classes(net, spread_to(net, state))

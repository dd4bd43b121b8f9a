"""All networks of the library, by name."""

import inspect
from typing import Any

from torch import nn

from training.ml.errors import LearningError
from training.ml.models import (
    bninception,
    cnn_lstm,
    hub,
    i3d,
    inception_v3,
    mobilenet_v2,
    mobilenet_v3,
    mvit,
    resnet,
    slowfast,
    smart,
    tsn,
    vgg,
    x3d,
)
from training.ml.models.contract import Network
from training.ml.models.skeleton import as_gcn, efficientgcn, limb_statistics, st_gcn, tcn

NETWORKS: dict[str, Network] = {
    each.name: each
    for family in (
        mobilenet_v2,
        mobilenet_v3,
        resnet,
        vgg,
        bninception,
        inception_v3,
        tsn,
        cnn_lstm,
        x3d,
        slowfast,
        i3d,
        mvit,
        st_gcn,
        as_gcn,
        limb_statistics,
        efficientgcn,
        tcn,
        smart,
    )
    for each in family.NETWORKS
}
if hub.installed():
    NETWORKS |= {each.name: each for each in hub.NETWORKS}


class UnknownNetwork(LearningError):  # noqa: N818
    """No network has this name, or it has no such option."""


def network_named(name: str) -> Network:
    """What the library knows of a network. Raises UnknownNetwork, with the names there are.

    Raises NotInstalled for one that needs a package that is not here.
    """
    if name not in NETWORKS and any(name == each.name for each in hub.NETWORKS):
        raise hub.NotInstalled(hub.missing(name))
    if name not in NETWORKS:
        raise UnknownNetwork(f"There is no network named {name}; there are: {', '.join(sorted(NETWORKS))}.")
    return NETWORKS[name]


def create_model(name: str, *, num_classes: int, **options: Any) -> nn.Module:
    """A network with fresh random parameters and `num_classes` logits, in training mode.

    Raises UnknownNetwork for a name or an option that is not there, or for less than one class.
    """
    build = network_named(name).build
    if num_classes < 1:
        raise UnknownNetwork(f"A network needs at least one class, not {num_classes}.")
    known = sorted(set(inspect.signature(build).parameters) - {"num_classes"})
    if unknown := sorted(set(options) - set(known)):
        there = f"its options are {', '.join(known)}" if known else "it has none"
        raise UnknownNetwork(f"{name} has no option {', '.join(unknown)}; {there}.")
    return build(num_classes=num_classes, **options)

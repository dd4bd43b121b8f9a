"""Inception-I3D begun with a network for pictures: GoogLeNet with batch norm, by torchvision's names.

Carreira, Zisserman (arXiv 1705.07750), section 2.1. Both have the same branches, where GoogLeNet's third has
3x3 filters, as torchvision's does, and both see pixels in -1..1 and norms of eps 1e-3.
"""

import re
from collections.abc import Mapping

from torch import Tensor, nn

from training.ml.checkpoints import Fit, spread
from training.ml.models.inflate import Origin, begun

_FIRST = "conv1.conv.weight"
_STEM = {"conv1": "Conv3d_1a_7x7", "conv2": "Conv3d_2b_1x1", "conv3": "Conv3d_2c_3x3"}
_BRANCHES = {
    "branch1": "b0",
    "branch2.0": "b1a",
    "branch2.1": "b1b",
    "branch3.0": "b2a",
    "branch3.1": "b2b",
    "branch4.1": "b3b",
}
_PART = re.compile(r"(conv\d|inception(\d)([a-e])\.(branch\d(?:\.\d)?))\.(conv|bn)\.(\w+)")


def learned_from_googlenet(net: nn.Module, state: Mapping[str, Tensor], channels: int) -> Fit:
    """Fill all but the head of Inception-I3D, made for so many channels; what was filled.

    A first filter of three colours becomes its mean where there are others, as in TSN. Raises BadFile, before
    anything is filled, for weights of another network.
    """
    first = state.get(_FIRST)
    if first is not None and channels != first.shape[1]:
        state = {**state, _FIRST: spread(first, channels)}
    return begun(net, state, _GOOGLENET)


def called(name: str) -> str:
    """What a parameter of GoogLeNet is called in Inception-I3D; its own name where it is none."""
    found = _PART.fullmatch(name)
    if found is None:
        return name
    layer, stage, letter, branch, kind, rest = found.groups()
    if branch is None:
        block = _STEM.get(layer, layer)
    else:
        # its blocks are counted from a, those of I3D from b
        block = f"Mixed_{stage}{chr(ord(letter) + 1)}.{_BRANCHES.get(branch, branch)}"
    return f"{block}.{'conv3d' if kind == 'conv' else 'bn'}.{rest}"


_GOOGLENET = Origin("GoogLeNet's", "Inception-I3D", called, ("fc", "aux1", "aux2"))

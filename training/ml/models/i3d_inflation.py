"""Inception-I3D begun with a network for pictures: GoogLeNet with batch norm, by torchvision's names.

Carreira, Zisserman (arXiv 1705.07750), section 2.1. Both have the same branches, where GoogLeNet's third has
3x3 filters, as torchvision's does, and both see pixels in -1..1 and norms of eps 1e-3.
"""

import re
from collections.abc import Mapping

from torch import Tensor, nn

from training.ml.checkpoints import Fit
from training.ml.errors import BadFile
from training.ml.layers import lies_in
from training.ml.models.inflate import inflate
from training.ml.models.tsn.backbones import spread

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
_LEFT_OUT = ("fc", "aux1", "aux2")
"""Heads of GoogLeNet, whose classes are of pictures."""


def learned_from_googlenet(net: nn.Module, state: Mapping[str, Tensor], channels: int) -> Fit:
    """Fill all but the head of Inception-I3D, made for so many channels; what was filled.

    A first filter of three colours becomes its mean where there are others, as in TSN. Raises BadFile, before
    anything is filled, for weights of another network.
    """
    kept = {name: each for name, each in state.items() if not lies_in(name, _LEFT_OUT)}
    names = {name: called(name) for name in kept}
    wanted = {
        name
        for name in net.state_dict()
        if not lies_in(name, ["logits"]) and not name.endswith("num_batches_tracked")
    }
    if lost := sorted(wanted - set(names.values())):
        raise BadFile(
            f"These weights do not inflate to Inception-I3D: nothing in them becomes {lost[0]}"
            f"{f' and {len(lost) - 1} more' if len(lost) > 1 else ''}. Take GoogLeNet's, as torchvision has "
            "it, or I3D's own."
        )
    if channels != kept[_FIRST].shape[1]:
        kept[_FIRST] = spread(kept[_FIRST], channels)
    inflate(net, kept, called)
    filled = net.state_dict()
    return Fit(state={name: filled[name] for name in names.values()}, renamed=names)


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

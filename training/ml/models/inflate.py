"""Inflation: filters of pictures become filters of clips.

Carreira, Zisserman (arXiv 1705.07750), section 2.1, "Bootstrapping 3D filters from 2D filters": a filter is
repeated N times over time and divided by N, and all else is copied. A clip of one picture repeated then gives
what the picture gives, except in the first and last N // 2 frames of each layer, where zeros pad time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from training.ml.checkpoints import Fit
from training.ml.errors import BadFile
from training.ml.layers import layers_of, lies_in


def inflated(weight_OIHW: Tensor, frames: int) -> Tensor:
    """The filter for clips, weight_OITHW with T = `frames`."""
    return weight_OIHW.unsqueeze(2).repeat(1, 1, frames, 1, 1) / frames


def inflate(net: nn.Module, state_2d: Mapping[str, Tensor], rename: Callable[[str], str | None]) -> list[str]:
    """Fill a network for clips from the state dict of one for pictures; the names that were not filled.

    `rename` gives the name in `net` of a name in `state_2d`, or None for what stays out, as a head of other
    classes. Raises BadFile, before anything is filled, where a name or a shape has no place in `net`.
    """
    state = net.state_dict()
    filled: dict[str, Tensor] = {}
    for old, tensor in state_2d.items():
        name = rename(old)
        if name is None:
            continue
        if name not in state:
            raise BadFile(f"{old} would be {name}, which this network does not have; take other weights.")
        wanted = state[name]
        filled[name] = inflated(tensor, wanted.shape[2]) if (tensor.ndim, wanted.ndim) == (4, 5) else tensor
        if filled[name].shape != wanted.shape:
            raise BadFile(
                f"{old} has the shape {tuple(tensor.shape)}, which does not inflate to "
                f"{tuple(wanted.shape)} of {name}; take weights of the network it was made from."
            )
    net.load_state_dict(filled, strict=False)
    return sorted(set(state) - set(filled))


@dataclass(frozen=True)
class Origin:
    """A network for pictures from which one for clips can begin."""

    title: str
    """Whose weights, in words."""
    becomes: str
    """The network for clips, in words."""
    called: Callable[[str], str]
    """What a parameter is called in the network for clips; its own name where it is none."""
    heads: tuple[str, ...]
    """Its layers that say classes of pictures."""


def begun(net: nn.Module, state_2d: Mapping[str, Tensor], origin: Origin) -> Fit:
    """Fill all of a network for clips but its head; what was filled.

    Raises BadFile, before anything is filled, for weights of another network.
    """
    kept = {name: each for name, each in state_2d.items() if not lies_in(name, origin.heads)}
    names = {name: origin.called(name) for name in kept}
    own, head = net.state_dict(), layers_of(net).head
    wanted = {name for name in own if not lies_in(name, head) and not name.endswith("num_batches_tracked")}
    if lost := sorted(wanted - set(names.values())):
        raise BadFile(
            f"These weights do not inflate to {origin.becomes}: nothing in them becomes {lost[0]}"
            f"{f' and {len(lost) - 1} more' if len(lost) > 1 else ''}. Take {origin.title}, as torchvision "
            "has it, or its own."
        )
    inflate(net, kept, origin.called)
    filled = net.state_dict()
    return Fit(state={name: filled[name] for name in names.values()}, renamed=names)

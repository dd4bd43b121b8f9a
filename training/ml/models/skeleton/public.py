"""Checkpoints of the public skeleton codes, and of other classes or graphs, told name by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

_STACKED = ("edge_importance", "edge_importance_recon")


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What of a checkpoint fits a network, and what does not."""

    state: dict[str, Tensor] = field(default_factory=dict)
    """What fits, under the network's names."""
    renamed: dict[str, str] = field(default_factory=dict)
    """The checkpoint's name of each that was called otherwise, to the network's."""
    misfits: dict[str, str] = field(default_factory=dict)
    """Why each of the others was left out, by the checkpoint's name."""
    missing: tuple[str, ...] = ()
    """What the network has and the checkpoint does not; counters of batches aside."""


def from_public(state: Mapping[str, Tensor], net: nn.Module) -> Fit:
    """A public state dict under the names of `net`, which may be ST-GCN, AS-GCN or AIM; loads nothing.

    DataParallel's `module.` is taken off, and edge importances stacked in one tensor are parted. A head of
    other classes, an adjacency `A` of another graph and whatever else differs are left out, with a reason.
    """
    own = net.state_dict()
    fit, missing = Fit(), {name for name in own if not name.endswith("num_batches_tracked")}
    for source, name, tensor in _parted(state):
        if reason := _misfit(name, tensor, own):
            fit.misfits[source] = reason
        else:
            fit.state[name] = tensor
            if source != name:
                fit.renamed[source] = name
        missing.discard(name)
    return Fit(state=fit.state, renamed=fit.renamed, misfits=fit.misfits, missing=tuple(sorted(missing)))


def load_public(net: nn.Module, state: Mapping[str, Tensor]) -> Fit:
    """Loads what fits into the network, leaves the rest of it as it is, and says both."""
    fit = from_public(state, net)
    net.load_state_dict(net.state_dict() | fit.state)
    return fit


def _parted(state: Mapping[str, Tensor]) -> list[tuple[str, str, Tensor]]:
    found = []
    for source, tensor in state.items():
        name = source.removeprefix("module.")
        if name in _STACKED:
            found += [(f"{source}[{n}]", f"{name}.{n}", each) for n, each in enumerate(tensor)]
        else:
            found.append((source, name, tensor))
    return found


def _misfit(name: str, tensor: Tensor, own: Mapping[str, Tensor]) -> str | None:
    if name not in own:
        return "the network has nothing of this name"
    if tensor.shape != own[name].shape:
        what = "classes of another number" if name.startswith("fcn.") else "another shape"
        return f"{what}: {tuple(tensor.shape)} where the network has {tuple(own[name].shape)}"
    if name == "A" and not torch.allclose(tensor.double(), own[name].double().to(tensor.device), atol=1e-6):
        return "the adjacency of another graph: these weights were learnt on other joints"
    return None

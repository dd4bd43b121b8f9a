"""What of a state dict fits a network, told name by name, and loading it: whole, or whole but the classes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor, nn

from training.ml.checkpoints.channels import of_other_channels
from training.ml.checkpoints.names import Named, named, needless
from training.ml.errors import BadFile
from training.ml.layers import Layers, layers_of, lies_in

_TOLD = 6
"""Names of a kind that a sentence tells; the report has all."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What of a checkpoint fits a network, and what does not: reasons by the checkpoint's own names."""

    state: dict[str, Tensor] = field(default_factory=dict)
    """What fits, under the network's names."""
    renamed: dict[str, str] = field(default_factory=dict)
    """The checkpoint's name of each that was called otherwise, to the network's."""
    classes: dict[str, str] = field(default_factory=dict)
    """Of the head, for another number of classes."""
    graph: dict[str, str] = field(default_factory=dict)
    """What the network's options fix, and is another in the checkpoint."""
    channels: dict[str, str] = field(default_factory=dict)
    """Of a first layer, for other channels: colours, flow or differences."""
    shape: dict[str, str] = field(default_factory=dict)
    """Of another shape."""
    unexpected: dict[str, str] = field(default_factory=dict)
    """Of a name that the network does not have."""
    needless: dict[str, str] = field(default_factory=dict)
    """Left out, because no network could want it."""
    missing: tuple[str, ...] = ()
    """What the network has and the checkpoint does not, outside of a head of other classes; counters of
    batches aside."""

    def within(self, part: str) -> "Fit":
        """The same, told of a network of which the one that was filled is the part of this name."""
        state = {f"{part}.{name}": each for name, each in self.state.items()}
        renamed = {old: f"{part}.{name}" for old, name in self.renamed.items()}
        return replace(self, state=state, renamed=renamed)

    @property
    def misfits(self) -> dict[str, str]:
        """Why each tensor that should have been loaded was not."""
        return self.classes | self.graph | self.channels | self.shape | self.unexpected

    @property
    def whole(self) -> bool:
        """Whether everything fits that a network could want, and nothing is missing."""
        return not self.misfits and not self.missing

    @property
    def whole_but_classes(self) -> bool:
        """Whether a head of other classes is all that stands in the way."""
        return not (self.channels or self.graph or self.shape or self.unexpected or self.missing)

    @property
    def of_the_network(self) -> bool:
        """Whether every name is the network's, and none is missing, whatever their shapes."""
        return not (self.unexpected or self.missing)


class DoesNotFit(BadFile):
    """Weights of another network, graph or number of classes; `fit` has the names of all that differs."""

    def __init__(self, fit: Fit) -> None:
        super().__init__(sentence(fit))
        self.fit = fit


def fitted(net: nn.Module, state: Mapping[str, Tensor]) -> Fit:
    """Compares a state dict, by any publisher's names, with a network's; loads nothing."""
    own, layers = net.state_dict(), layers_of(net)
    fit = Fit()
    found = named(state, own, layers)
    for each in found:
        _judge(each, own, layers, fit)
    there = {each.ours for each in found}
    missing = {name for name in own if name not in there and not name.endswith("num_batches_tracked")}
    if fit.classes:
        missing = {name for name in missing if not lies_in(name, layers.head)}
    return replace(fit, missing=tuple(sorted(missing)))


def load(net: nn.Module, state: Mapping[str, Tensor]) -> Fit:
    """Loads the whole state dict. Raises DoesNotFit, before anything is changed, unless all of it fits."""
    fit = fitted(net, state)
    if not fit.whole:
        raise DoesNotFit(fit)
    _take(net, fit)
    return fit


def load_but_classes(net: nn.Module, state: Mapping[str, Tensor]) -> Fit:
    """Loads the state dict; a head that says other classes stays as it is in `net`.

    For who asked for those classes. Raises DoesNotFit, before anything is changed, where more differs.
    """
    fit = fitted(net, state)
    if not fit.whole_but_classes:
        raise DoesNotFit(fit)
    _take(net, fit)
    return fit


def classes_of(net: nn.Module, state: Mapping[str, Tensor]) -> int | None:
    """How many classes a state dict for such a network says; None where it has no head."""
    own, layers = net.state_dict(), layers_of(net)
    found = (each for each in named(state, own, layers) if lies_in(each.ours, layers.head[:1]))
    return next((len(each.tensor) for each in found if each.tensor.ndim), None)


def sentence(fit: Fit) -> str:
    """What does not fit, in words, and what to do."""
    said = [
        f"{what}: {_listed(names)}"
        for what, names in (
            ("for other classes", [f"{name} ({why})" for name, why in fit.classes.items()]),
            ("of another graph", list(fit.graph)),
            ("for other channels", [f"{name} ({why})" for name, why in fit.channels.items()]),
            ("of another shape", [f"{name} ({why})" for name, why in fit.shape.items()]),
            ("which the network does not have", list(fit.unexpected)),
            ("missing", list(fit.missing)),
        )
        if names
    ]
    if fit.whole_but_classes:
        do = "Make the network with as many classes, or ask for a new head."
    elif fit.graph:
        do = "Make the network on the graph that the weights were learnt on."
    elif fit.channels and fit.of_the_network and not fit.shape:
        do = (
            "Take weights that were learned from what this network sees: pictures have 3 channels, flow has "
            "2 a field. Weights for pictures do as well where it sees flow."
        )
    else:
        do = "Take the weights of this network, or make the network that they are of, with the same options."
    return f"These weights do not fit the network. Differing: {'; '.join(said)}. {do}"


def _judge(each: Named, own: Mapping[str, Tensor], layers: Layers, fit: Fit) -> None:
    name, tensor = each.ours, each.tensor
    if name not in own and (reason := needless(name, own)):
        fit.needless[each.theirs] = reason
    elif lies_in(name, layers.head) and (name not in own or _of_other_classes(tensor, own[name])):
        fit.classes[each.theirs] = _shapes(tensor, own.get(name))
    elif name not in own:
        fit.unexpected[each.theirs] = "the network has nothing of this name"
    elif lies_in(name, layers.fixed) and not _same(tensor, own[name]):
        fit.graph[each.theirs] = "links of another graph: these weights were learnt on other joints"
    elif lies_in(name, layers.first) and of_other_channels(tensor, own[name]):
        fit.channels[each.theirs] = _shapes(tensor, own[name])
    elif tensor.shape != own[name].shape:
        fit.shape[each.theirs] = _shapes(tensor, own[name])
    else:
        fit.state[name] = tensor
        if each.theirs != name:
            fit.renamed[each.theirs] = name


def _of_other_classes(theirs: Tensor, ours: Tensor) -> bool:
    return theirs.ndim == ours.ndim > 0 and theirs.shape[1:] == ours.shape[1:] and len(theirs) != len(ours)


def _shapes(theirs: Tensor, ours: Tensor | None) -> str:
    there = tuple(theirs.shape)
    return f"{there} where the network has {'other layers' if ours is None else tuple(ours.shape)}"


def _same(theirs: Tensor, ours: Tensor) -> bool:
    if theirs.shape != ours.shape:
        return False
    return ours.is_meta or torch.allclose(theirs.double(), ours.double().to(theirs.device), atol=1e-6)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more


def _take(net: nn.Module, fit: Fit) -> None:
    net.load_state_dict(net.state_dict() | fit.state)

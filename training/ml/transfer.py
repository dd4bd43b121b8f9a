"""Transfer learning: what of a network begins with weights learned elsewhere, what of it learns on, how fast.

Abdulazeem et al.: "Human Action Recognition Based on Transfer Learning Approach" (IEEE Access 2021), the
three modes of TL-HAR. Rates that fall from the head to the input are ULMFiT's (Howard, Ruder, ACL 2018,
section 3.2). Which layers a network has, and in which order, it tells itself (`training.ml.layers`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Self

from torch import Tensor, nn

from training.ml.checkpoints import Fit, fitted, load_but_classes, spread_to
from training.ml.errors import LearningError
from training.ml.layers import Backboned, Layers, layers_of, lies_in
from training.ml.optim.groups import Rates, groups_by_name
from training.ml.optim.optimizers import Optimizer

Norm = nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d


class Mode(StrEnum):
    """What is done with the weights."""

    FIXED = "fixed"
    """They are loaded and stay; a new head learns from their features."""
    FINE_TUNE = "fine_tune"
    """They are loaded; the first stages stay, the others learn on."""
    SCRATCH = "scratch"
    """None is loaded: the architecture alone is taken over."""


class WrongTransfer(LearningError):  # noqa: N818
    """A plan that contradicts itself, or asks a network for what it does not have."""


@dataclass(frozen=True)
class TransferPlan:
    """How a network takes over what another one learned."""

    mode: Mode = Mode.FINE_TUNE
    freeze_until: int | str = 0
    """Of FINE_TUNE: how many of the first stages stay, or the name of the last layer that does."""
    head_layers: tuple[int, ...] = ()
    """Widths of hidden layers, with ReLU, that a new head has before the classes."""
    lr_mult: float = 1.0
    """Of FINE_TUNE: what the rate is multiplied by from the head to the last stage, and on to the input."""

    def __post_init__(self) -> None:
        if self.mode not in set(Mode):
            raise WrongTransfer(f"There is no mode {self.mode} of transfer; there are: {', '.join(Mode)}.")
        object.__setattr__(self, "mode", Mode(self.mode))
        object.__setattr__(self, "head_layers", tuple(self.head_layers))
        if self.mode is not Mode.FINE_TUNE and (self.freeze_until != 0 or self.lr_mult != 1):
            raise WrongTransfer(
                f"freeze_until and lr_mult are for the mode {Mode.FINE_TUNE}: {Mode.FIXED} freezes all "
                f"stages, {Mode.SCRATCH} none."
            )
        if not 0 < self.lr_mult <= 1 or any(width < 1 for width in self.head_layers):
            raise WrongTransfer(
                f"A rate is multiplied by more than 0 and at most 1, and a hidden layer is 1 wide or more: "
                f"not by {self.lr_mult}, and not {', '.join(map(str, self.head_layers)) or 'nothing'}."
            )

    def begin(self, net: nn.Module, state: Mapping[str, Tensor] | None = None) -> Fit:
        """Loads, makes a new head where the plan asks for one, and freezes: in place. What was loaded.

        `state` is of the same network, with any number of classes, or of the network for pictures that it
        is built on; kernels of colours become their mean where `net` sees flow. SCRATCH looks at none. What
        no weights were loaded for is never frozen. Raises DoesNotFit for other weights, WrongTransfer where
        there are none or `freeze_until` cannot be.
        """
        fit = Fit() if self.mode is Mode.SCRATCH else self._loaded(net, state)
        layers = layers_of(net)
        if self.head_layers or self.mode is Mode.FIXED:
            _renew(net, layers.head[0], self.head_layers)
        freeze(net, self._frozen(layers, _begun(layers, net, fit)))
        return fit

    def rates(self, net: nn.Module) -> Rates:
        """What the rate of each layer is multiplied by, by its name; 1 for the head."""
        stages = layers_of(net).stages
        return {
            name: self.lr_mult ** (len(stages) - n)
            for n, stage in enumerate(stages)
            for name in stage
            if self.lr_mult != 1
        }

    def groups(self, net: nn.Module, numbers: Optimizer) -> list[dict[str, Any]]:
        """The parameters that learn, as an optimizer takes them, each with its rate."""
        return groups_by_name(net, numbers, self.rates(net))

    def _loaded(self, net: nn.Module, state: Mapping[str, Tensor] | None) -> Fit:
        if not state:
            raise WrongTransfer(
                f"The mode {self.mode} begins with weights, and there are none; give a file's."
            )
        if not isinstance(net, Backboned):
            return load_but_classes(net, state)
        own = spread_to(net, state)
        if fitted(net, own).of_the_network:
            return load_but_classes(net, own)
        fit: Fit = net.learn_from_pictures(state)
        return fit

    def _frozen(self, layers: Layers, begun: list[bool]) -> list[str]:
        """The names in the stages that stay as they were loaded."""
        if self.mode is Mode.SCRATCH:
            return []
        if self.mode is Mode.FIXED:
            kept = [stage for stage, loaded in zip(layers.stages, begun, strict=True) if loaded]
            return [name for stage in kept for name in stage]
        count = _count(self.freeze_until, layers)
        if not all(begun[:count]):
            raise WrongTransfer(
                f"The stage of {layers.stages[begun.index(False)][0]} has no weights to stay with; freeze "
                f"{begun.index(False)} stages or fewer."
            )
        return [name for stage in layers.stages[:count] for name in stage]


def freeze(net: nn.Module, names: Iterable[str]) -> None:
    """Let layers stay as they are: no gradient, and norms that count no batch even in training. In place."""
    kept = tuple(names)
    for name, parameter in net.named_parameters():
        if lies_in(name, kept):
            parameter.requires_grad_(False)
    for name, module in net.named_modules():
        if isinstance(module, Norm) and lies_in(name, kept):
            # The same module with another `train`: whoever holds it, as a hook does, goes on holding it.
            module.__class__ = _still(module)
            module.eval()


class StillNorm1d(nn.BatchNorm1d):
    """A frozen BatchNorm1d: it stays in evaluation, whatever the network is told."""

    def train(self, mode: bool = True) -> Self:  # noqa: ARG002 - nn.Module's own name
        """Not even when the network is told to."""
        return super().train(False)


class StillNorm2d(nn.BatchNorm2d):
    """A frozen BatchNorm2d: it stays in evaluation, whatever the network is told."""

    def train(self, mode: bool = True) -> Self:  # noqa: ARG002 - nn.Module's own name
        """Not even when the network is told to."""
        return super().train(False)


class StillNorm3d(nn.BatchNorm3d):
    """A frozen BatchNorm3d: it stays in evaluation, whatever the network is told."""

    def train(self, mode: bool = True) -> Self:  # noqa: ARG002 - nn.Module's own name
        """Not even when the network is told to."""
        return super().train(False)


def _still(norm: nn.Module) -> type[Norm]:
    kinds = ((nn.BatchNorm1d, StillNorm1d), (nn.BatchNorm2d, StillNorm2d), (nn.BatchNorm3d, StillNorm3d))
    return next(still for kind, still in kinds if isinstance(norm, kind))


def _begun(layers: Layers, net: nn.Module, fit: Fit) -> list[bool]:
    """Of each stage whether all its parameters were loaded."""
    names = [name for name, _ in net.named_parameters()]
    return [all(name in fit.state for name in names if lies_in(name, stage)) for stage in layers.stages]


def _count(until: int | str, layers: Layers) -> int:
    """How many stages stay."""
    stages = layers.stages
    if isinstance(until, str):
        for n, stage in enumerate(stages):
            if lies_in(until, stage) or until in stage:
                return n + 1
        raise WrongTransfer(
            f"There is no layer {until} to freeze until; stages begin with "
            f"{', '.join(stage[0] for stage in stages)}."
        )
    if not 0 <= until <= len(stages):
        raise WrongTransfer(f"{until} stages cannot be frozen; the network has {len(stages)}.")
    return until


def _renew(net: nn.Module, name: str, widths: tuple[int, ...]) -> None:
    """A new head, with hidden layers of these widths: normal 0.01 and zero bias before the classes."""
    old = net.get_submodule(name)
    if not isinstance(old, Headed):
        raise WrongTransfer(
            f"The head {name} is a {type(old).__name__}, which was made anew before; give the network's own."
        )
    sizes = [*_sizes(old)[:1], *widths, _sizes(old)[1]]
    layers = [_like(old, width, out) for width, out in pairwise(sizes)]
    nn.init.normal_(layers[-1].weight, 0, 0.01)
    if layers[-1].bias is not None:
        nn.init.zeros_(layers[-1].bias)
    parts: list[nn.Module] = []
    for layer in layers:
        parts += [nn.ReLU(), layer] if parts else [layer]
    net.set_submodule(name, parts[0] if len(parts) == 1 else nn.Sequential(*parts))


Headed = nn.Linear | nn.Conv2d | nn.Conv3d


def _sizes(head: Headed) -> tuple[int, int]:
    if isinstance(head, nn.Linear):
        return head.in_features, head.out_features
    return head.in_channels, head.out_channels


def _like(head: Headed, width: int, out: int) -> Headed:
    """A layer of the same kind and place."""
    return _new(head, width, out).to(head.weight.device, head.weight.dtype)


def _new(head: Headed, width: int, out: int) -> Headed:
    if isinstance(head, nn.Linear):
        return nn.Linear(width, out)
    if isinstance(head, nn.Conv2d):
        return nn.Conv2d(width, out, 1)
    return nn.Conv3d(width, out, 1)

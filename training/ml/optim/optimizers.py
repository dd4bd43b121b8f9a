"""Optimizers as typed numbers, and the rates of their groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import optim

from training.ml.errors import LearningError

Groups = Sequence[dict[str, Any]]
"""Parameter groups as torch takes them, each with its own "lr" and "weight_decay"."""


class WrongOptimizer(LearningError):  # noqa: N818
    """An optimizer, a schedule or a group has a number that it cannot have."""


@dataclass(frozen=True, kw_only=True)
class _Numbers:
    rate: float
    """Of groups whose rate is not multiplied."""
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        if self.rate < 0 or self.weight_decay < 0:
            raise WrongOptimizer(
                f"Rate and weight decay must be at least 0, not {self.rate} and {self.weight_decay}."
            )


@dataclass(frozen=True, kw_only=True)
class SGD(_Numbers):
    """Stochastic gradient descent with momentum (Sutskever et al., ICML 2013), decay in the gradient."""

    momentum: float = 0.9
    nesterov: bool = False

    def over(self, groups: Groups) -> optim.Optimizer:
        """The optimizer of these parameters."""
        return _begun(optim.SGD(list(groups), lr=self.rate, momentum=self.momentum, nesterov=self.nesterov))


@dataclass(frozen=True, kw_only=True)
class Adam(_Numbers):
    """Kingma, Ba: "Adam" (ICLR 2015), decay in the gradient."""

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8

    def over(self, groups: Groups) -> optim.Optimizer:
        """The optimizer of these parameters."""
        return _begun(optim.Adam(list(groups), lr=self.rate, betas=self.betas, eps=self.eps))


@dataclass(frozen=True, kw_only=True)
class AdamW(_Numbers):
    """Loshchilov, Hutter: "Decoupled Weight Decay Regularization" (ICLR 2019)."""

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8

    def over(self, groups: Groups) -> optim.Optimizer:
        """The optimizer of these parameters."""
        return _begun(optim.AdamW(list(groups), lr=self.rate, betas=self.betas, eps=self.eps))


@dataclass(frozen=True, kw_only=True)
class ASGD(_Numbers):
    """Averaged SGD (Polyak, Juditsky 1992) as torch has it.

    The average that torch keeps beside the weights is not what a network ends with; `Average` is.
    """

    lambd: float = 1e-4
    alpha: float = 0.75
    t0: float = 1e6

    def over(self, groups: Groups) -> optim.Optimizer:
        """The optimizer of these parameters."""
        return _begun(optim.ASGD(list(groups), lr=self.rate, lambd=self.lambd, alpha=self.alpha, t0=self.t0))


Optimizer = SGD | Adam | AdamW | ASGD


def set_rates(optimizer: optim.Optimizer, factor: float) -> None:
    """Give each group its own rate times `factor`."""
    for group in optimizer.param_groups:
        group["lr"] = group["initial_lr"] * factor


def _begun(optimizer: optim.Optimizer) -> optim.Optimizer:
    for group in optimizer.param_groups:
        group["initial_lr"] = group["lr"]
    return optimizer

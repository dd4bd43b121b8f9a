"""A step down: mixed precision, gradients gathered over parts of a batch, clipped, taken and averaged."""

from contextlib import AbstractContextManager
from enum import StrEnum

import torch
from torch import Tensor, nn, optim

from training.ml.optim.average import Average
from training.ml.optim.optimizers import WrongOptimizer


class Precision(StrEnum):
    """In what numbers a network computes; its parameters are float32 in both.

    Mixed: Micikevicius et al., "Mixed Precision Training" (ICLR 2018). On CUDA float16 with a scaled loss, on
    the CPU bfloat16, whose range needs no scale.
    """

    FULL = "full"
    MIXED = "mixed"


class Descent:
    """Between a loss and the next one: `with descent.computing(): loss = ...`, `add(loss)`, `step()`.

    `add` may come several times before a step, with the parts of one batch: their gradients are summed.
    """

    def __init__(
        self,
        network: nn.Module,
        optimizer: optim.Optimizer,
        *,
        clip_norm: float = 0.0,
        precision: Precision = Precision.FULL,
        average: Average | None = None,
        averaged: nn.Module | None = None,
        device: str = "cpu",
    ) -> None:
        """`clip_norm` is the longest gradient of all parameters together, 0 for any length.

        `averaged` is the part of `network` that `average` follows, where that is not all of it.
        """
        if clip_norm < 0:
            raise WrongOptimizer(f"A gradient cannot be clipped to {clip_norm}; 0 lets it be.")
        self.network, self.optimizer, self.average = network, optimizer, average
        self._averaged = averaged or network
        self.clip_norm, self.device = clip_norm, device
        self.mixed = precision is Precision.MIXED
        self._scaler = torch.amp.GradScaler(device, enabled=self.mixed and device == "cuda")
        optimizer.zero_grad()

    def computing(self) -> AbstractContextManager[None]:
        """In here a network computes in the precision asked for; its losses, in float32, do as well."""
        kind = torch.float16 if self.device == "cuda" else torch.bfloat16
        return torch.autocast(self.device, kind, enabled=self.mixed)

    def add(self, loss: Tensor) -> None:
        """Add the gradient of this loss to what the next step takes."""
        self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]

    def step(self) -> None:
        """Take the step and forget the gradients. Scaled ones that are no numbers are not taken."""
        self._scaler.unscale_(self.optimizer)
        if self.clip_norm:
            nn.utils.clip_grad_norm_(self.network.parameters(), self.clip_norm)
        self._scaler.step(self.optimizer)
        self._scaler.update()
        self.optimizer.zero_grad()
        if self.average:
            self.average.follow(self._averaged)

    def state_dict(self) -> dict[str, Tensor]:
        """The scale of the loss and for how many steps it was right; nothing where there is none."""
        return {name: torch.tensor(value, dtype=torch.float64) for name, value in self._scale().items()}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Go on with what `state_dict` told."""
        if state and self._scaler.is_enabled():
            kinds = {name: type(value) for name, value in self._scale().items()}
            told = {name: kinds[name](value.item()) for name, value in state.items()}
            self._scaler.load_state_dict(self._scaler.state_dict() | told)

    def _scale(self) -> dict[str, float]:
        told = self._scaler.state_dict()
        return {name: told[name] for name in ("scale", "_growth_tracker") if name in told}

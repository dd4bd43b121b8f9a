"""Schedules: by what the rate is multiplied at a moment of a run.

A moment is counted in epochs from 0, so that 2.5 is half of the third one. A schedule is a function of the
moment and of the epochs that were measured before, and has no state: a run that goes on needs none of it.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from training.ml.optim.optimizers import WrongOptimizer

Lines = Sequence[Mapping[str, Any]]
"""What the epochs so far have measured, by name."""


@dataclass(frozen=True, kw_only=True)
class Warmup:
    """A rise in a straight line from the factor `start`, over the first epochs.

    Goyal et al.: "Accurate, Large Minibatch SGD" (arXiv 1706.02677), section 2.2.
    """

    epochs: float = 0.0
    start: float = 0.01

    def __post_init__(self) -> None:
        if self.epochs < 0 or not 0 <= self.start <= 1:
            raise WrongOptimizer(
                f"A warm-up takes at least 0 epochs and starts at 0 to 1, not {self.epochs} and {self.start}."
            )


@dataclass(frozen=True)
class _Moment:
    at: float
    epochs: int
    history: Lines


@dataclass(frozen=True, kw_only=True)
class _Schedule(ABC):
    warmup: Warmup = field(default_factory=Warmup)

    def factor(self, at: float, epochs: int, history: Lines = ()) -> float:
        """What rates are multiplied by at the moment `at` of a run of so many epochs."""
        if at >= self.warmup.epochs:
            return self._after(_Moment(at, epochs, history))
        risen = self.warmup.start + (1 - self.warmup.start) * at / self.warmup.epochs
        return risen * self._after(_Moment(self.warmup.epochs, epochs, history))

    @abstractmethod
    def _after(self, now: _Moment) -> float:
        """The factor at a moment after the warm-up."""


@dataclass(frozen=True, kw_only=True)
class Step(_Schedule):
    """Times `by` after every `every` epochs."""

    every: int = 10
    by: float = 0.1

    def __post_init__(self) -> None:
        if self.every < 1:
            raise WrongOptimizer(f"A rate can step every 1 or more epochs, not every {self.every}.")

    def _after(self, now: _Moment) -> float:
        return self.by ** (math.floor(now.at) // self.every)


@dataclass(frozen=True, kw_only=True)
class MultiStep(_Schedule):
    """Times `by` after each of the epochs `after`; with none the rate stays."""

    after: tuple[int, ...] = ()
    by: float = 0.1

    def _after(self, now: _Moment) -> float:
        return self.by ** sum(each <= now.at for each in self.after)


@dataclass(frozen=True, kw_only=True)
class Cosine(_Schedule):
    """From 1 to `end` along half a cosine, from the end of the warm-up to that of the run.

    Loshchilov, Hutter: "SGDR" (ICLR 2017), equation 5, without restarts.
    """

    end: float = 0.0

    def _after(self, now: _Moment) -> float:
        left = max(now.epochs - self.warmup.epochs, 1e-9)
        share = min((now.at - self.warmup.epochs) / left, 1.0)
        return self.end + (1 - self.end) * 0.5 * (1 + math.cos(math.pi * share))


@dataclass(frozen=True, kw_only=True)
class Plateau(_Schedule):
    """Times `by` whenever more than `patience` epochs in a row were no better, as torch's ReduceLROnPlateau.

    Better is by the share `least` at least. Epochs that did not measure `of` count for nothing.
    """

    of: str = "val_loss"
    best: Literal["lowest", "highest"] = "lowest"
    by: float = 0.1
    patience: int = 10
    least: float = 1e-4
    cooldown: int = 0
    """Epochs after a step in which none counts as bad."""

    def _after(self, now: _Moment) -> float:
        steps = bad = rest = 0
        best: float | None = None
        for line in now.history[: math.floor(now.at)]:
            value = line.get(self.of)
            if value is None:
                continue
            if best is None or self._better(float(value), best):
                best, bad = float(value), 0
            else:
                bad += 1
            if rest:
                rest, bad = rest - 1, 0
            if bad > self.patience:
                steps, bad, rest = steps + 1, 0, self.cooldown
        return float(self.by**steps)

    def _better(self, value: float, best: float) -> bool:
        sign = 1 if self.best == "lowest" else -1
        return sign * value < sign * best - self.least * abs(best)


Schedule = Step | MultiStep | Cosine | Plateau


def linear_rate(rate: float, *, batch: int, reference: int) -> float:
    """A rate that was found with batches of `reference` clips, for batches of `batch`: in proportion.

    Goyal et al. (2017), section 2.1. Both count the clips of one step, over all devices.
    """
    if batch < 1 or reference < 1:
        raise WrongOptimizer(f"Batches have at least 1 clip, not {batch} and {reference}.")
    return rate * batch / reference

"""Whether a network learned too little or too much, from what its epochs measured on train and on val.

A verdict is given only where numbers carry it: enough epochs, enough val clips, and changes beyond the noise
from epoch to epoch. Losses of train and val are never compared with each other, as augmentation, dropout and
label smoothing raise the one and not the other: each is compared with itself at another time.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from training.ml.metrics import wilson

Floats = npt.NDArray[np.float64]

LEAST_EPOCHS, LEAST_CLIPS = 8, 20
"""With fewer measured epochs, or val clips, no word is said."""
_WINDOW = 3
"""Epochs that are averaged into one value."""
_SURE = 3.0
"""A change counts from so many standard errors on ..."""
_LEAST_CHANGE = 0.05
"""... and from this share of where it began on."""
_LEAST_GAP = 0.1
"""Top-1 on train must be so far above that on val: who is nearly always right on both has learned."""
_MORE_CLIPS = "The epoch that did best on val is kept; label more clips to get further."
_NORMAL = 1.4826
"""A normal distribution's deviation over the median of its distances from 0."""


class Verdict(StrEnum):
    """What became of learning."""

    UNDERFIT = "underfit"
    OVERFIT = "overfit"
    NEITHER = "neither"


@dataclass(frozen=True)
class Divergence:
    """The verdict, a sentence for a person, and the numbers that it is drawn from."""

    verdict: Verdict
    sentence: str
    evidence: Mapping[str, float]


@dataclass(frozen=True)
class _Curve:
    """One measure of all epochs."""

    value_E: Floats

    def at(self, place: int) -> float:
        """The mean of the epochs about this place."""
        return float(self.value_E[max(0, place - _WINDOW // 2) : place + _WINDOW // 2 + 1].mean())

    @property
    def end(self) -> float:
        """The mean of the last epochs."""
        return float(self.value_E[-_WINDOW:].mean())

    @property
    def lowest(self) -> int:
        """Where the smoothed curve is lowest."""
        return int(np.argmin([self.at(place) for place in range(len(self.value_E))]))

    def change(self, start: int) -> float:
        """By how much it is higher at the end than at `start`."""
        return self.end - self.at(start)

    def rise(self, start: int) -> float:
        """The change since `start`; 0 where noise explains it, or it is little."""
        change = self.change(start)
        # Second differences hold next to no trend, and six times the variance of the noise (von Neumann
        # 1941); by their median, as the first ones are large. That of two means of three is two thirds of it.
        deviation = _NORMAL * float(np.median(np.abs(np.diff(self.value_E, 2)))) / math.sqrt(6)
        error = deviation * math.sqrt(2 / _WINDOW)
        enough = max(_SURE * error, _LEAST_CHANGE * abs(self.at(start)))
        return change if abs(change) > enough else 0.0


def divergence_of(history: Sequence[Mapping[str, Any]], *, classes: int, val_clips: int) -> Divergence | None:
    """The verdict on epochs with train_loss, train_top1, val_loss and val_top1; None: too little is known.

    Overfit: since some epoch the loss on train fell while that on val rose, or while that on val stood still
    and top-1 on train is a tenth above that on val, beyond its 95 % interval. Underfit: on both sides top-1
    stayed below the middle between chance and 1, or both losses were falling still when it ended.
    """
    names = ("train_loss", "train_top1", "val_loss", "val_top1")
    lines = [line for line in history if all(line.get(name) is not None for name in names)]
    if len(lines) < LEAST_EPOCHS or val_clips < LEAST_CLIPS or classes < 2:
        return None
    train, train_hits, val, val_hits = (_Curve(np.array([line[name] for line in lines])) for name in names)
    epochs = [int(line.get("epoch", place + 1)) for place, line in enumerate(lines)]
    turn = val.lowest
    low, high = wilson(round(val_hits.end * val_clips), val_clips)
    evidence = {
        "epochs": epochs[-1],
        "val_clips": val_clips,
        "turn": epochs[turn],
        "train_loss_turn": round(train.at(turn), 4),
        "train_loss_end": round(train.end, 4),
        "val_loss_turn": round(val.at(turn), 4),
        "val_loss_end": round(val.end, 4),
        "train_top1_end": round(train_hits.end, 4),
        "val_top1_end": round(val_hits.end, 4),
        "val_top1_low": round(low, 4),
        "val_top1_high": round(high, 4),
    }
    told = _overfit(train, val, train_hits, turn, high, evidence)
    told = told or _underfit(train, val, train_hits, val_hits, classes, evidence)
    if told:
        return told
    sentence = f"Neither underfit nor overfit within {epochs[-1]} epochs on {val_clips} val clips."
    return Divergence(Verdict.NEITHER, sentence, evidence)


def _overfit(
    train: _Curve, val: _Curve, train_hits: _Curve, turn: int, high: float, told: dict[str, float]
) -> Divergence | None:
    last = len(val.value_E) - 1
    middle = last // 2
    if last - turn >= _WINDOW and train.rise(turn) < 0 < val.rise(turn):
        sentence = (
            f"Overfit: from epoch {told['turn']} to {told['epochs']} the loss on train fell from "
            f"{told['train_loss_turn']:.2f} to {told['train_loss_end']:.2f}, while on val it rose from "
            f"{told['val_loss_turn']:.2f} to {told['val_loss_end']:.2f}. {_MORE_CLIPS}"
        )
        return Divergence(Verdict.OVERFIT, sentence, told)
    stood = val.change(middle) > -_LEAST_CHANGE * val.at(middle)
    apart = train_hits.end > high and train_hits.end - told["val_top1_end"] >= _LEAST_GAP
    if train.rise(middle) < 0 and stood and apart:
        sentence = (
            f"Overfit: in the second half of {told['epochs']} epochs the loss on train still fell and on val "
            f"it did not; top-1 on train is {100 * train_hits.end:.0f} %, beyond the {100 * high:.0f} % that "
            f"{told['val_clips']} val clips allow at most. {_MORE_CLIPS}"
        )
        return Divergence(Verdict.OVERFIT, sentence, told)
    return None


def _underfit(
    train: _Curve, val: _Curve, train_hits: _Curve, val_hits: _Curve, classes: int, told: dict[str, float]
) -> Divergence | None:
    middle = (1 + 1 / classes) / 2
    told["underfit_below"] = round(middle, 4)
    if max(train_hits.end, told["val_top1_high"]) < middle:
        sentence = (
            f"Underfit: after {told['epochs']} epochs top-1 is {100 * train_hits.end:.0f} % on train and "
            f"{100 * val_hits.end:.0f} % on val, and less than {100 * middle:.0f} % on both is closer to "
            "guessing than to knowing: label more clips of each class, or take another recipe."
        )
        return Divergence(Verdict.UNDERFIT, sentence, told)
    start = 3 * len(val.value_E) // 4 - 1
    if train.rise(start) < 0 and val.rise(start) < 0:
        sentence = (
            f"Underfit: when it ended after {told['epochs']} epochs the loss was still falling, on train "
            f"to {told['train_loss_end']:.2f} and on val to {told['val_loss_end']:.2f}: "
            "train for more epochs."
        )
        return Divergence(Verdict.UNDERFIT, sentence, told)
    return None

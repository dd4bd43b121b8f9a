"""A threshold that fits what people decided better than the one that is there. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from curation.quality.verdict import REASONS, Thresholds

ENOUGH: Final = 10
"""So many spans must be decided before a threshold is learned from them."""
_DECIMALS: Final = range(1, 8)
_SCORE_DECIMALS: Final = range(2, 8)
_NOT_SCORES: Final = frozenset({"freeze", "flicker", "noise"})
ROUNDING: Final = 1e-3
"""Of a last digit: a float32 of 0.62 lies a little over 0.62, and is not over it for a rule."""
_OFF: Final = 1e9
"""A threshold that nothing is over."""

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Case:
    """A decided span: its main reason, its worst value in the unit of the threshold, what was decided."""

    reason: str
    value: float
    confirmed: bool


@dataclass(frozen=True)
class Proposal:
    """Another threshold for one reason; `was` is None where the rule is off.

    It would let in `restored_hit` of the `restored` spans, and keep out `confirmed_hit` of the `confirmed`.
    """

    reason: str
    threshold: float
    was: float | None
    restored_hit: int
    restored: int
    confirmed_hit: int
    confirmed: int


def propose(cases: Sequence[Case], thresholds: Thresholds) -> Proposal | None:
    """The threshold that sets most decisions right, or None where none is better than what is there.

    A decision is wrong by a threshold if its span was restored and is over it, or was confirmed and is not.
    Of the thresholds that are wrong least, the one nearest to the present is taken, in few digits; of the
    reasons, the one that gains most. Reasons with less than `ENOUGH` decided spans are left alone.
    """
    best: Proposal | None = None
    most = 0
    for reason in REASONS:
        mine = [case for case in cases if case.reason == reason]
        if len(mine) < ENOUGH:
            continue
        gained, offer = _for_reason(reason, mine, getattr(thresholds, reason))
        if offer is not None and gained > most:
            best, most = offer, gained
    return best


def _for_reason(reason: str, cases: Sequence[Case], was: float | None) -> tuple[int, Proposal | None]:
    """How many decisions more are right, and by which threshold."""
    restored = np.sort(np.array([case.value for case in cases if not case.confirmed], dtype=np.float32))
    confirmed = np.sort(np.array([case.value for case in cases if case.confirmed], dtype=np.float32))
    now = _OFF if was is None else was
    # All thresholds from one value up to the next judge alike: those stretches are compared.
    lows = np.unique(np.concatenate([np.zeros(1, np.float32), restored, confirmed]))
    highs = np.append(lows[1:], np.float32(_OFF))
    wrong = len(confirmed) + _over(restored, lows) - _over(confirmed, lows)
    gained = _wrong(restored, confirmed, now) - int(wrong.min())
    if gained <= 0:
        return 0, None
    away = np.maximum(np.maximum(lows - np.float32(now), np.float32(now) - highs), 0)
    best = int(np.lexsort((away, wrong))[0])
    decimals = _DECIMALS if reason in _NOT_SCORES else _SCORE_DECIMALS
    threshold = _short(float(lows[best]), float(highs[best]), decimals, up=now < lows[best])
    offer = Proposal(
        reason=reason,
        threshold=threshold,
        was=was,
        restored_hit=len(restored) - int(_over(restored, threshold)),
        restored=len(restored),
        confirmed_hit=int(_over(confirmed, threshold)),
        confirmed=len(confirmed),
    )
    return gained, offer


def _wrong(restored: Values, confirmed: Values, at: float) -> int:
    return len(confirmed) + int(_over(restored, at) - _over(confirmed, at))


def _over(values: Values, at: float | Values) -> Any:
    """How many of the sorted values are over each threshold."""
    return len(values) - np.searchsorted(values, np.asarray(at, np.float32), side="right")


def _short(low: float, high: float, decimals: range, *, up: bool) -> float:
    """A number of few digits in `[low, high)`, next to `low` for `up` and next to `high` otherwise."""
    for digits in decimals:
        unit = 10.0**digits
        number = ceil(low * unit - ROUNDING) / unit if up else (ceil(high * unit - ROUNDING) - 1) / unit
        if np.float32(low) <= np.float32(number) < np.float32(high):
            return number
    return low

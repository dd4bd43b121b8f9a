"""How often predicted classes are right, and how sure one may be of that."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NOTHING = -1
LEAST_FOR_TOP5 = 6
"""With five classes or fewer the five best hold all of them, and the number says nothing."""
_Z95 = 1.959963984540054  # the normal quantile of a two-sided 95 %


@dataclass(frozen=True)
class ClassScore:
    """Precision, recall and F1 of one class, each in 0..1, over `support` clips that show it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Macro:
    """Means over the classes that were shown or said, each class with the same weight."""

    precision: float
    recall: float
    f1: float


def top1(truth_N: Ints, said_N: Ints) -> float:
    """The share of clips that were named rightly; 0 where there are none."""
    return float(np.mean(truth_N == said_N)) if len(truth_N) else 0.0


def top5(truth_N: Ints, p_NC: Floats) -> float | None:
    """The share of clips whose class is among the five likeliest; None where five hold every class.

    A row of zeros is a clip of which nothing was said: it is wrong.
    """
    if p_NC.shape[1] < LEAST_FOR_TOP5 or not len(truth_N):
        return None
    best_N5 = np.argsort(-p_NC, axis=1, kind="stable")[:, :5]
    said_N = p_NC.any(axis=1)
    return float(np.mean((best_N5 == truth_N[:, None]).any(axis=1) & said_N))


def confusion(truth_N: Ints, said_N: Ints, classes: int) -> Ints:
    """Clips by truth (rows) and prediction (columns); clips of which nothing was said are in no column."""
    counts_CC = np.zeros((classes, classes), np.int64)
    told_N = said_N != NOTHING
    np.add.at(counts_CC, (truth_N[told_N], said_N[told_N]), 1)
    return counts_CC


def per_class(truth_N: Ints, said_N: Ints, classes: int) -> list[ClassScore]:
    """The scores of every class, zero where there is nothing to divide by."""
    counts_CC = confusion(truth_N, said_N, classes)
    support_C = np.bincount(truth_N, minlength=classes)
    scores = []
    for c in range(classes):
        hits, told, shown = int(counts_CC[c, c]), int(counts_CC[:, c].sum()), int(support_C[c])
        scores.append(ClassScore(_over(hits, told), _over(hits, shown), _over(2 * hits, told + shown), shown))
    return scores


def macro(truth_N: Ints, said_N: Ints, classes: int) -> Macro:
    """Mean precision, recall and F1 of the classes that were shown or said; 0 where there are none.

    Sokolova, Lapalme: "A systematic analysis of performance measures" (2009); F1 is the mean of the classes'.
    """
    seen = sorted(set(truth_N.tolist()) | set(said_N.tolist()) - {NOTHING})
    if not seen:
        return Macro(0.0, 0.0, 0.0)
    scores = [each for c, each in enumerate(per_class(truth_N, said_N, classes)) if c in seen]
    means = np.mean([(each.precision, each.recall, each.f1) for each in scores], axis=0)
    return Macro(*means.tolist())


def macro_f1(truth_N: Ints, said_N: Ints, classes: int) -> float:
    """The mean F1 of the classes that were shown or said; 0 where there are none."""
    return macro(truth_N, said_N, classes).f1


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), which holds for few clips too; (0, 1) without any."""
    if not of:
        return 0.0, 1.0
    share, slack = hits / of, _Z95**2 / of
    middle = share + slack / 2
    reach = _Z95 * math.sqrt(share * (1 - share) / of + slack / (4 * of))
    low, high = (middle - reach) / (1 + slack), (middle + reach) / (1 + slack)
    return (0.0 if hits == 0 else low), (1.0 if hits == of else high)


def paired(truth_N: Ints, ours_N: Ints, theirs_N: Ints) -> tuple[int, int]:
    """On how many clips only we were right, and on how many only they were."""
    us_N, them_N = truth_N == ours_N, truth_N == theirs_N
    return int(np.sum(us_N & ~them_N)), int(np.sum(~us_N & them_N))


def mcnemar(won: int, lost: int) -> float:
    """The exact two-sided p-value of McNemar's test: how likely so uneven a count is if both are as good."""
    of = won + lost
    tail: int = sum(math.comb(of, k) for k in range(min(won, lost) + 1))
    return min(1.0, float(Fraction(2 * tail, 2**of)))


def _over(part: int, whole: int) -> float:
    return part / whole if whole else 0.0

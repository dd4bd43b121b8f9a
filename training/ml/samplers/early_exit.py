"""Early exit: frames are looked at from coarse to fine, until enough has been seen.

Ghodrati, Bejnordi, Habibian: "FrameExit: Conditional Early Exiting for Efficient Video Recognition" (CVPR
2021, https://arxiv.org/abs/2104.13400). What is seen of a clip is classified after each frame; whether to go
on is said by gates that were trained (`training.ml.models.frame_exit`), or here by how sure the classifier is
and whether it has said the same before, with a threshold that is chosen on validation clips.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.ml.errors import TooLittle
from training.ml.places import Places
from training.ml.samplers.contract import Candidates, Floats, needed

SURENESS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
"""What is tried as a threshold."""


def policy_order(count: int) -> Places:
    """The order in which frames are looked at: the middle, both ends, then the middle of the widest gap.

    Of gaps that are as wide the earlier. A permutation of 0 .. count - 1.
    """
    middle = count // 2
    order = list(dict.fromkeys([middle, 0, count - 1])) if count else []
    gaps = [(-(b - a), a, b) for a, b in ((0, middle), (middle, count - 1)) if b - a > 1]
    heapq.heapify(gaps)
    while gaps:
        _, a, b = heapq.heappop(gaps)
        between = (a + b) // 2
        order.append(between)
        for left, right in ((a, between), (between, b)):
            if right - left > 1:
                heapq.heappush(gaps, (-(right - left), left, right))
    return np.array(order, np.int64)


@dataclass(frozen=True)
class EarlyExit:
    """Leaves after the first frame at which the classifier is sure, and has said the same before.

    `agreement` counts the frames after which it must have said so, that one included.
    """

    confidence: float = 0.9
    agreement: int = 2

    def __call__(self, clip: Candidates, budget: int) -> Places:
        """The frames that were looked at, between 1 and the budget of them."""
        told_TC = needed(clip.told_TC, "what the classifier says after each frame")
        return _left(clip, budget, self.enough(told_TC))

    def enough(self, told_TC: Floats) -> npt.NDArray[np.bool_]:
        """enough_T: whether one may leave after each frame."""
        said_T = told_TC.argmax(1)
        since_T = np.zeros(len(said_T), np.int64)
        for t in range(1, len(said_T)):
            since_T[t] = since_T[t - 1] + 1 if said_T[t] == said_T[t - 1] else 0
        sure_T: npt.NDArray[np.bool_] = told_TC.max(1) >= self.confidence
        return sure_T & (since_T + 1 >= self.agreement)


@dataclass(frozen=True)
class GatedExit:
    """Leaves after the first frame whose trained gate opens."""

    threshold: float = 0.5

    def __call__(self, clip: Candidates, budget: int) -> Places:
        """The frames that were looked at, between 1 and the budget of them."""
        return _left(clip, budget, needed(clip.gate_T, "what trained gates say") >= self.threshold)


def sure_enough(
    told: Sequence[Floats], truth_N: npt.NDArray[np.int64], *, slack: float, agreement: int = 2
) -> EarlyExit:
    """The least confidence of SURENESS with which validation clips lose at most `slack` of their accuracy.

    `told` holds told_TC of each of N clips, `truth_N` their classes; what is compared with is to leave never.
    The highest where none does. Raises TooLittle without a clip.
    """
    if not len(truth_N):
        raise TooLittle("There is no validation clip to choose the threshold of early exit on.")
    last = _right(told, truth_N, [len(each) for each in told])
    for confidence in SURENESS:
        rule = EarlyExit(confidence, agreement)
        if _right(told, truth_N, [_first(rule.enough(each)) for each in told]) >= last - slack:
            return rule
    return EarlyExit(SURENESS[-1], agreement)


def _left(clip: Candidates, budget: int, enough_T: npt.NDArray[np.bool_]) -> Places:
    most = min(clip.within(budget), len(enough_T))
    return np.sort(policy_order(clip.count)[: _first(enough_T[:most])])


def _first(enough_T: npt.NDArray[np.bool_]) -> int:
    """After how many frames one leaves: all where none is enough."""
    return int(enough_T.argmax()) + 1 if enough_T.any() else len(enough_T)


def _right(told: Sequence[Floats], truth_N: npt.NDArray[np.int64], frames: Sequence[int]) -> float:
    said_N = [each[used - 1].argmax() for each, used in zip(told, frames, strict=True)]
    return float(np.mean(np.array(said_N) == truth_N))

"""Which of a clip's candidate frames are looked at, given how many may be.

Every method returns places among the candidates in temporal order, all of them where the budget is no smaller
than their number. Of equal scores the earlier frame wins (SMART, arXiv 2012.10671, section 1.4 of our
reference: s = delta * gamma, take the n highest).
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.ml.places import Places, spread

Floats = npt.NDArray[np.float64]

METHODS = ("uniform", "random", "single", "global", "smart", "oracle")
BUDGETS = tuple(range(1, 26))


@dataclass(frozen=True)
class FrameScores:
    """What is known of a clip's N candidates, each in 0..1; a higher score is chosen first.

    `oracle_N` is known only where the truth is, which is never at test time.
    """

    delta_N: Floats
    gamma_N: Floats
    oracle_N: Floats | None = None


def uniform(candidates: int, budget: int) -> Places:
    """The middles of `budget` equal parts."""
    _check(candidates, budget)
    return spread(candidates, min(budget, candidates))


def random(candidates: int, budget: int, *, content: str, seed: int) -> Places:
    """As many at random; what is drawn hangs on what the clip shows (`content`), not on what it is called."""
    _check(candidates, budget)
    entropy = hashlib.sha256(f"{seed}:{content}".encode()).digest()
    order = np.random.default_rng(int.from_bytes(entropy[:16], "big")).permutation(candidates)
    return np.sort(order[:budget])


def highest(score_N: Floats, budget: int) -> Places:
    """The places of the highest scores, in temporal order; of equal scores the earlier."""
    _check(len(score_N), budget)
    return np.sort(np.argsort(-score_N, kind="stable")[:budget])


def select(method: str, scores: FrameScores, budget: int, *, content: str = "", seed: int = 0) -> Places:
    """Choose by a method of METHODS. Raises ValueError for another one, or where nothing may be chosen."""
    candidates = len(scores.delta_N)
    if method == "uniform":
        return uniform(candidates, budget)
    if method == "random":
        return random(candidates, budget, content=content, seed=seed)
    if method == "single":
        return highest(scores.delta_N, budget)
    if method == "global":
        return highest(scores.gamma_N, budget)
    if method == "smart":
        return highest(scores.delta_N * scores.gamma_N, budget)
    if method == "oracle" and scores.oracle_N is not None:
        return highest(scores.oracle_N, budget)
    raise ValueError(f"There is no way of choosing frames called {method!r} here.")


def _check(candidates: int, budget: int) -> None:
    if candidates < 1 or budget < 1:
        raise ValueError(f"{budget} of {candidates} frames cannot be chosen.")

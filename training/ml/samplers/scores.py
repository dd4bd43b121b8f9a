"""Choices by score: SMART, each of its halves alone, and the oracle.

SMART (Gowda, Rohrbach, Sevilla-Lara: AAAI 2021, https://arxiv.org/abs/2012.10671): s = delta * gamma, and the
n highest are taken.
"""

import numpy as np

from training.ml.places import Places
from training.ml.samplers.contract import Candidates, Floats, needed

_DELTA, _GAMMA = "the score of SMART's single-frame selector", "the score of SMART's global selector"
_ORACLE = "the oracle's score"


def single(clip: Candidates, budget: int) -> Places:
    """By delta alone."""
    return highest(needed(clip.delta_N, _DELTA), clip, budget)


def whole(clip: Candidates, budget: int) -> Places:
    """By gamma alone."""
    return highest(needed(clip.gamma_N, _GAMMA), clip, budget)


def smart(clip: Candidates, budget: int) -> Places:
    """By delta * gamma."""
    return highest(needed(clip.delta_N, _DELTA) * needed(clip.gamma_N, _GAMMA), clip, budget)


def oracle(clip: Candidates, budget: int) -> Places:
    """By what only the truth tells: how well any choice by single frames could do."""
    return highest(needed(clip.oracle_N, _ORACLE), clip, budget)


def highest(score_N: Floats, clip: Candidates, budget: int) -> Places:
    """The places of the highest scores, in temporal order; of equal scores the earlier."""
    return np.sort(np.argsort(-score_N, kind="stable")[: clip.within(budget)])

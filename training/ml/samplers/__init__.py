"""Which of a clip's candidate frames are looked at, given how many may be: all ways, on one contract."""

from training.ml.places import Places
from training.ml.samplers.contract import BUDGETS, Candidates, Sampler, UnknownSampler
from training.ml.samplers.early_exit import EarlyExit
from training.ml.samplers.mgsampler import mgsampler
from training.ml.samplers.plain import random, uniform
from training.ml.samplers.scores import oracle, single, smart, whole

SAMPLERS: dict[str, Sampler] = {
    "uniform": uniform,
    "random": random,
    "mgsampler": mgsampler,
    "single": single,
    "global": whole,
    "smart": smart,
    "early_exit": EarlyExit(),
    "oracle": oracle,
}

__all__ = ["BUDGETS", "SAMPLERS", "Candidates", "Sampler", "UnknownSampler", "choose"]


def choose(method: str, clip: Candidates, budget: int) -> Places:
    """Choose `budget` frames by a method of SAMPLERS: their places, in temporal order.

    Raises UnknownSampler for another one, NotKnown where it needs what is not known of the clip, WrongBudget
    where nothing may be chosen.
    """
    if method not in SAMPLERS:
        there = ", ".join(SAMPLERS)
        raise UnknownSampler(f"There is no way of choosing frames called {method!r}; there are: {there}.")
    return SAMPLERS[method](clip, budget)

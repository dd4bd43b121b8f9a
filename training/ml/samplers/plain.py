"""Choices that look at nothing: evenly spread frames, and random ones."""

import hashlib

import numpy as np

from training.ml.places import Places, spread
from training.ml.samplers.contract import Candidates


def uniform(clip: Candidates, budget: int) -> Places:
    """The middles of `budget` equal parts."""
    return spread(clip.count, clip.within(budget))


def random(clip: Candidates, budget: int) -> Places:
    """As many at random; a larger budget keeps what a smaller one has drawn."""
    entropy = hashlib.sha256(f"{clip.seed}:{clip.content}".encode()).digest()
    order = np.random.default_rng(int.from_bytes(entropy[:16], "big")).permutation(clip.count)
    return np.sort(order[: clip.within(budget)])

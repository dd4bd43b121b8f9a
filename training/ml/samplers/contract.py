"""What a sampler is given and what it gives back.

A sampler takes what is known of a clip's N candidate frames and a budget, and returns places among them,
each once, in temporal order: `budget` of them, all N where the budget is no smaller. Of frames that are as
good the earlier is taken. A sampler that leaves early (`early_exit.py`) may return fewer.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.ml.errors import LearningError
from training.ml.places import Places

Floats = npt.NDArray[np.float64]

BUDGETS = tuple(range(1, 26))


class UnknownSampler(LearningError):  # noqa: N818 - named after what is wrong
    """There is no way of choosing frames of this name."""


class NotKnown(LearningError):  # noqa: N818
    """A sampler needs something of a clip that is not known of it."""


class WrongBudget(LearningError):  # noqa: N818
    """No frames can be chosen: none is wanted, or none is there."""


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """What is known of a clip's N candidates. Of scores the higher is taken first."""

    count: int
    """N, at least 1."""
    content: str = ""
    """What the clip shows, as text: random choices hang on this and not on what the clip is called."""
    seed: int = 0
    delta_N: Floats | None = None
    """SMART's single-frame score, 0..1."""
    gamma_N: Floats | None = None
    """SMART's score of a frame among the others, 0..1."""
    oracle_N: Floats | None = None
    """The classifier's chance of the truth from each frame alone, known only where the truth is."""
    motion_N: Floats | None = None
    """How much moves at each, 0 or more, in any unit."""
    told_TC: Floats | None = None
    """The classifier's chances from the first 1, 2, ..., T frames of `early_exit.policy_order`."""
    gate_T: Floats | None = None
    """The chance, by trained gates, that those frames are enough."""

    def within(self, budget: int) -> int:
        """How many frames a budget takes. Raises WrongBudget where that is none."""
        if self.count < 1 or budget < 1:
            raise WrongBudget(f"{budget} of {self.count} frames cannot be chosen; take at least 1 of 1.")
        return min(budget, self.count)


Sampler = Callable[[Candidates, int], Places]


def needed(values: Floats | None, what: str) -> Floats:
    """The values, or NotKnown with what they are."""
    if values is None:
        raise NotKnown(f"This way of choosing frames needs {what}, which is not known of the clip.")
    return values

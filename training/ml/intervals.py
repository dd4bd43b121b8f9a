"""How sure a difference is that was measured on clips of several people.

Clips of one subject are alike, so what is drawn again is subjects and never clips: the cluster bootstrap
(Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8).
"""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from training.ml.errors import TooLittle

LEAST_GROUPS = 2
DRAWS = 10_000


def by_group(
    value_N: npt.NDArray[np.float64], group_N: Sequence[Hashable], *, seed: int = 0, share: float = 0.95
) -> tuple[float, float]:
    """The interval of the mean of `value_N`, in which its groups are drawn again, as they are, 10,000 times.

    Of paired differences of two methods: what lies wholly above 0 is a difference that other subjects would
    show too. Raises TooLittle with fewer than two groups.
    """
    names = {name: place for place, name in enumerate(dict.fromkeys(group_N))}
    if len(names) < LEAST_GROUPS:
        raise TooLittle("An interval over groups needs values of at least two of them.")
    at_N = np.array([names[name] for name in group_N])
    sum_G, count_G = np.bincount(at_N, value_N), np.bincount(at_N)
    drawn_DG = np.random.default_rng(seed).integers(len(names), size=(DRAWS, len(names)))
    mean_D = sum_G[drawn_DG].sum(1) / count_G[drawn_DG].sum(1)
    low, high = np.quantile(mean_D, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)

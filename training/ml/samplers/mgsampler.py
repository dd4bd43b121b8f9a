"""MGSampler: frames at even steps of motion and not of time.

Zhi, Tong, Wang, Wu: "MGSampler: An Explainable Sampling Strategy for Video Action Recognition" (ICCV 2021,
https://arxiv.org/abs/2104.09952), section 3. Motion m_t = sum |I_t - I_(t-1)|; frames lie at the middles of
n equal parts of the cumulative curve of m^0.5.

Known deviations: no frame is taken twice (where one holds several parts, its neighbours are taken), and a
clip in which nothing moves is sampled evenly. m_t is whatever measure of motion a caller has: `differences`
are the paper's; the app's runs give the mean speed of optical flow about each candidate, which features hold.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from training.ml.places import Places
from training.ml.samplers.contract import Candidates, Floats, needed
from training.ml.samplers.plain import uniform

POWER = 0.5


def differences(pictures: Iterable[npt.NDArray[np.uint8]]) -> Floats:
    """motion_N of N pictures of one size: the sum of what changed since the one before; 0 for the first."""
    changed = [np.abs(b.astype(np.int16) - a).sum(dtype=np.int64) for a, b in pairwise(pictures)]
    return np.array([0, *changed], np.float64)


def mgsampler(clip: Candidates, budget: int) -> Places:
    """Frames at even steps of motion_N."""
    count = clip.within(budget)
    curve_N = np.cumsum(np.maximum(needed(clip.motion_N, "how much moves at each frame"), 0) ** POWER)
    if not curve_N[-1] > 0:
        return uniform(clip, budget)
    part_n = np.arange(count)
    return apart(np.searchsorted(curve_N, (part_n + 0.5) / count * curve_N[-1]), clip.count)


def apart(places: Places, there: int) -> Places:
    """Ascending places, each once: what stands on its neighbour is moved on, what is then too late back."""
    rank = np.arange(len(places))
    later = np.maximum.accumulate(places - rank) + rank
    return np.asarray(np.minimum(later, there - len(places) + rank), np.int64)

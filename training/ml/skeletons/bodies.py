"""Which bodies of a recording are kept, and how it gets the length that a network wants.

Arrays are (C, T, V, M): coordinates, frames, joints, bodies; a body is seen in a frame where not all of its
numbers are zero. Energy as in the preprocessing of 2s-AGCN (Shi et al., CVPR 2019).
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.ml.errors import TooLittle
from training.ml.places import stretched

Array = NDArray[np.floating]
Padding = Literal["zeros", "repeat"]


def seen(x_CTVM: Array) -> NDArray[np.bool_]:
    """Whether each body is there in each frame, (T, M)."""
    seen_TM: NDArray[np.bool_] = (x_CTVM != 0).any((0, 2))
    return seen_TM


def energy(x_CTVM: Array) -> NDArray[np.float64]:
    """How much each body spreads, (M,): the deviations of x, y and z in the frames with it, summed."""
    seen_TM = seen(x_CTVM)
    spread_M = np.zeros(x_CTVM.shape[3])
    for m, seen_T in enumerate(seen_TM.T):
        if seen_T.any():
            spread_M[m] = x_CTVM[..., m][:, seen_T].std((1, 2), dtype=np.float64).sum()
    return spread_M


def main_bodies(x_CTVM: Array, keep: int = 2) -> Array:
    """The `keep` bodies of largest energy, largest first; zeros where there are fewer."""
    order_M = np.argsort(-energy(x_CTVM), kind="stable")[:keep]
    kept_CTVM = x_CTVM[..., order_M]
    missing = keep - kept_CTVM.shape[3]
    return np.pad(kept_CTVM, ((0, 0), (0, 0), (0, 0), (0, missing)))


def fitted(x_CTVM: Array, frames: int, padding: Padding = "zeros") -> Array:
    """The recording with `frames` frames: padded with zeros or its own repetition, thinned evenly if longer.

    Leading frames in which nobody is go first. Raises TooLittle where nobody ever is.
    """
    return phases(x_CTVM, frames, 1, padding)[0]


def phases(x_CTVM: Array, frames: int, count: int, padding: Padding = "zeros") -> list[Array]:
    """The recording as `fitted` makes it, and where it is thinned `count` of them, each of other frames.

    The first is that of `fitted`; all are spread over the recording alike. Raises TooLittle where nobody
    ever is.
    """
    there_T = np.flatnonzero(seen(x_CTVM).any(1))
    if len(there_T) == 0:
        raise TooLittle("Nobody is seen in this recording of skeletons: leave it out.")
    x_CTVM = x_CTVM[:, there_T[0] : there_T[-1] + 1]
    length = x_CTVM.shape[1]
    if length > frames:
        place_TN = stretched(length, frames * count).reshape(frames, count)
        return [x_CTVM[:, place_T] for place_T in place_TN.T]
    if padding == "repeat":
        return [x_CTVM[:, np.arange(frames) % length]]
    return [np.pad(x_CTVM, ((0, 0), (0, frames - length), (0, 0), (0, 0)))]

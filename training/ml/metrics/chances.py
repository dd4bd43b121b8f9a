"""How good the chances are that predictions come with: their order, and whether they hold."""

import numpy as np
import numpy.typing as npt

from training.ml.metrics.classes import Floats, Ints

Bools = npt.NDArray[np.bool_]
BINS = 15


def average_precision(shown_N: Bools, score_N: Floats) -> float | None:
    """The area under precision over recall in steps: sum (R_n - R_n-1) P_n, as scikit-learn has it.

    Clips with the same score come together, so that their order says nothing. None where no clip shows it.
    """
    if not shown_N.any():
        return None
    order_N = np.argsort(-score_N, kind="stable")
    hits_N = np.cumsum(shown_N[order_N])
    last = np.flatnonzero(np.append(np.diff(score_N[order_N]) != 0, True))
    precision_T, recall_T = hits_N[last] / (last + 1), hits_N[last] / hits_N[-1]
    return float(np.sum(np.diff(recall_T, prepend=0.0) * precision_T))


def mean_average_precision(truth_N: Ints, score_NC: Floats) -> float | None:
    """mAP: the mean of the average precisions of all classes that are shown; None where none is."""
    found = [average_precision(truth_N == c, score_NC[:, c]) for c in range(score_NC.shape[1])]
    known = [each for each in found if each is not None]
    return float(np.mean(known)) if known else None


def calibration_error(truth_N: Ints, p_NC: Floats, bins: int = BINS) -> float | None:
    """ECE: by how much the chance of the class that is said differs from how often it is right, on average.

    Guo et al.: "On Calibration of Modern Neural Networks" (ICML 2017), equation 3: equal bins of chances,
    open below, weighed by their clips. A row of zeros, of which nothing was said, is right and sure never.
    None without clips.
    """
    if not len(truth_N):
        return None
    sure_N, right_N = p_NC.max(1), p_NC.argmax(1) == truth_N
    bin_N = np.clip(np.ceil(sure_N * bins).astype(np.int64) - 1, 0, bins - 1)
    right_N = right_N & p_NC.any(1)
    gap_B = np.abs(np.bincount(bin_N, right_N - sure_N, bins))
    return float(gap_B.sum() / len(truth_N))

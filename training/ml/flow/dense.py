"""The dense flows that OpenCV brings: DIS and Farnebaeck's.

Kroeger, Timofte, Dai, van Gool: "Fast Optical Flow using Dense Inverse Search" (ECCV 2016).
Farnebaeck: "Two-Frame Motion Estimation Based on Polynomial Expansion" (SCIA 2003).
"""

import cv2
import numpy as np

from training.ml.flow.pictures import Floats, Grey

_HALVING = 0.5
_LEVELS, _WINDOW, _ROUNDS = 5, 15, 5
_NEIGHBOURS, _SIGMA = 7, 1.5
"""Pixels that one polynomial is fitted to, and the Gaussian that weighs them, as OpenCV advises."""


class Dis:
    """Dense inverse search with OpenCV's medium preset; keeps its buffers between pairs of one size."""

    def __init__(self) -> None:
        self._search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)

    def __call__(self, before: Grey, after: Grey) -> Floats:
        """Flow (H, W, 2), x and y in px, from `before` to `after`."""
        # None: no flow to start from, so that a pair's flow does not depend on the pair before.
        pair = np.ascontiguousarray(before), np.ascontiguousarray(after)
        found = self._search.calc(*pair, None)  # type: ignore[call-overload]
        return np.asarray(found, np.float32)


def dis(before: Grey, after: Grey) -> Floats:
    """Flow (H, W, 2) in px of one pair; for many pairs keep a `Dis`."""
    return Dis()(before, after)


def farneback(before: Grey, after: Grey) -> Floats:
    """Flow (H, W, 2) in px by polynomials fitted to both pictures."""
    found = cv2.calcOpticalFlowFarneback(
        before,
        after,
        np.zeros((*before.shape, 2), np.float32),
        _HALVING,
        _LEVELS,
        _WINDOW,
        _ROUNDS,
        _NEIGHBOURS,
        _SIGMA,
        0,
    )
    return np.asarray(found, np.float32)

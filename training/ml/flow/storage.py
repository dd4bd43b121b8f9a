"""Flow in a byte a component, as the two-stream networks read it.

Simonyan, Zisserman: "Two-Stream Convolutional Networks for Action Recognition in Videos" (NIPS 2014); limits
of +-20 px as in I3D (Carreira, Zisserman, CVPR 2017).
"""

import numpy as np

from training.ml.flow.pictures import Floats, Grey

LIMIT = 20.0
"""Px beyond which flow is cut off."""
ERROR = LIMIT / 255
"""Px by which `restored` is off at most, for flow within the limit: half a step, 0.078."""


def stored(flow: Floats) -> Grey:
    """Flow in px of any shape as bytes: -20 is 0, 20 is 255, and no motion is 128."""
    share = (np.clip(flow, -LIMIT, LIMIT) + LIMIT) / (2 * LIMIT)
    return np.asarray(np.rint(share * 255), np.uint8)


def restored(bytes_: Grey) -> Floats:
    """What `stored` kept, in px, ERROR px off at most; no motion comes back as 0.078."""
    return bytes_.astype(np.float32) * np.float32(2 * LIMIT / 255) - np.float32(LIMIT)

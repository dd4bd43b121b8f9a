"""A made-up person who stands, and the heat maps that would be seen of joints."""

import numpy as np

from training.ml.pose.heatmaps import ENLARGED
from training.ml.pose.joints import Floats, Numbers

# In heights of the person, from the middle of the feet: head, neck, right arm, left arm, right leg, left leg.
_STANDING_J2 = np.array(
    [
        *((0, -1), (0, -0.83)),
        *((-0.12, -0.8), (-0.15, -0.62), (-0.16, -0.46), (0.12, -0.8), (0.15, -0.62), (0.16, -0.46)),
        *((-0.08, -0.5), (-0.09, -0.25), (-0.09, 0), (0.08, -0.5), (0.09, -0.25), (0.09, 0)),
    ]
)


def person(x: float, y: float, height: float = 100.0, sure: float = 0.7) -> Floats:
    """A pose (14, 3) of somebody whose feet are about (x, y)."""
    pose_J3 = np.full((14, 3), sure, np.float32)
    pose_J3[:, :2] = _STANDING_J2 * height + (x, y)
    return pose_J3


def maps(places_J2: Numbers, *, cells: int = 24, sigma: float = 0.75, heat: float = 0.8) -> Floats:
    """Gaussians about places in cells, (1, J, H, W), each cell as often as the network enlarges it."""
    y_HW, x_HW = np.indices((cells, cells))
    squares_JHW = (x_HW - places_J2[:, 0, None, None]) ** 2 + (y_HW - places_J2[:, 1, None, None]) ** 2
    gauss_JHW = (heat * np.exp(-squares_JHW / (2 * sigma**2))).astype(np.float32)
    return np.asarray(gauss_JHW.repeat(ENLARGED, 1).repeat(ENLARGED, 2)[None], np.float32)

"""From heat maps to joints, finer than their cells.

The network computes cells of 8 px and enlarges them fourfold by straight lines, which tells nothing new and
moves no peak: cells are read back, and the peak is put where a Gaussian through the strongest cell and its
neighbours has it (it was trained on Gaussians).
"""

import numpy as np

from training.ml.pose.joints import Floats, Numbers

ENLARGED = 4
_FLOOR = 1e-4
"""Heat below this counts as this: logarithms need something."""


def cells_of(maps_BJHW: Numbers) -> Numbers:
    """The cells that were enlarged by ENLARGED, as they were computed."""
    return maps_BJHW[:, :, ::ENLARGED, ::ENLARGED]


def peaks(cells_BJHW: Numbers) -> Floats:
    """The strongest place of each map, (B, J, 3): x and y in cells, with fractions, and its heat in 0..1.

    At a map's edge there is no neighbour on one side: the place stays in the middle of its cell there.
    """
    batch, joints, height, width = cells_BJHW.shape
    flat_BJK = cells_BJHW.reshape(batch, joints, -1)
    at_BJ = flat_BJK.argmax(-1)
    heat_BJ = np.take_along_axis(flat_BJK, at_BJ[..., None], -1)[..., 0]
    y_BJ, x_BJ = np.divmod(at_BJ, width)
    found_BJ3 = np.empty((batch, joints, 3), np.float32)
    padded_BJHW = np.pad(cells_BJHW, ((0, 0), (0, 0), (1, 1), (1, 1)))
    b_BJ, j_BJ = np.indices((batch, joints))
    for axis, (place_BJ, size) in enumerate(((x_BJ, width), (y_BJ, height))):
        step_y, step_x = (0, 1) if axis == 0 else (1, 0)
        low_BJ, high_BJ = (
            padded_BJHW[b_BJ, j_BJ, y_BJ + 1 + sign * step_y, x_BJ + 1 + sign * step_x] for sign in (-1, 1)
        )
        inner_BJ = (place_BJ > 0) & (place_BJ < size - 1)
        found_BJ3[..., axis] = place_BJ + np.where(inner_BJ, _fraction(low_BJ, heat_BJ, high_BJ), 0)
    found_BJ3[..., 2] = np.clip(heat_BJ, 0, 1)
    return found_BJ3


def _fraction(low: Numbers, middle: Numbers, high: Numbers) -> Numbers:
    """Where the parabola through three logarithms has its top, -0.5..0.5 from the middle one."""
    low, middle, high = (np.log(np.maximum(each, _FLOOR)) for each in (low, middle, high))
    bend = low - 2 * middle + high
    top = np.where(bend < 0, (low - high) / np.where(bend < 0, 2 * bend, 1), 0)
    return np.asarray(np.clip(top, -0.5, 0.5))

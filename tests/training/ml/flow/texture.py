"""A smooth texture that moves by any fraction of a pixel: a sum of waves, computed and not resampled."""

import numpy as np

from training.ml.flow.pictures import Grey, Plane

HEIGHT, WIDTH = 128, 160
_RNG = np.random.default_rng(0)
_WAVES_K2 = _RNG.normal(0, 0.25, (40, 2))
_PHASES_K = _RNG.uniform(0, 2 * np.pi, 40)


def texture_at(x_HW: Plane, y_HW: Plane) -> Grey:
    """What the texture shows at those places."""
    angle_KHW = (
        _WAVES_K2[:, 0, None, None] * x_HW + _WAVES_K2[:, 1, None, None] * y_HW + _PHASES_K[:, None, None]
    )
    return np.asarray(np.rint(np.clip(128 + 11 * np.cos(angle_KHW).sum(0), 0, 255)), np.uint8)


def moved(x: float, y: float) -> Grey:
    """The texture moved by x to the right and y down."""
    rows_HW, columns_HW = np.indices((HEIGHT, WIDTH), np.float64)
    return texture_at(columns_HW - x, rows_HW - y)

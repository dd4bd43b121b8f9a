"""The types of flow, and the check of what flow is asked of."""

from typing import Any

import numpy as np
import numpy.typing as npt

from training.ml.errors import LearningError

Floats = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint8]
Plane = npt.NDArray[Any]

LEAST_SIDE = 16
"""Px below which a picture is too small for any of the methods."""


class NoFlow(LearningError):  # noqa: N818 - named after what happened
    """Pictures between which no flow can be measured, or a way of measuring that does not exist."""


def alike(before: Plane, after: Plane) -> None:
    """Raises NoFlow unless both are grey pictures (H, W) uint8 of one size that is large enough."""
    for picture in (before, after):
        if picture.ndim != 2 or picture.dtype != np.uint8:
            raise NoFlow(
                f"Flow is measured between grey pictures (height, width) of 8 bits, not {picture.shape} of "
                f"{picture.dtype}: convert the frames first."
            )
    if before.shape != after.shape:
        raise NoFlow(
            f"Flow needs frames of one size; these have {before.shape[1]} x {before.shape[0]} and "
            f"{after.shape[1]} x {after.shape[0]} px: scale them to one first."
        )
    if min(before.shape) < LEAST_SIDE:
        raise NoFlow(f"Flow needs pictures of at least {LEAST_SIDE} px a side, not {min(before.shape)}.")

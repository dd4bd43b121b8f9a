"""What is usual for a camera around a moment, against which a frame is judged.

A soft lens, a dim yard or a blown-out window is not a fault when it is always there. The usual value is a
quantile over about ten minutes, so that dusk moves it and a fault of seconds or minutes does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

BLOCK_SECONDS: Final = 200.0
"""A frame is compared with its own block and the two beside it."""
SAMPLES: Final = 600
"""Frames looked at per quantile; more change nothing but the time."""


def surroundings(
    values: NDArray[Any], fps: float, quantile: float
) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """For each block of frames its slice and the usual row there. `values`: (n, k), yields (slice, (k,))
    covering all n."""
    frames = len(values)
    block = max(1, round(BLOCK_SECONDS * fps))
    for start in range(0, frames, block):
        around = values[max(0, start - block) : start + 2 * block]
        sample = around[:: max(1, len(around) // SAMPLES)].astype(np.float32)
        yield (
            slice(start, min(frames, start + block)),
            np.quantile(sample, quantile, axis=0).astype(np.float32),
        )


def usual(values: NDArray[np.float32], fps: float, quantile: float) -> NDArray[np.float32]:
    """The usual value for every frame. `values`: (n, k) gives (n, k)."""
    result = np.empty_like(values)
    for part, level in surroundings(values, fps, quantile):
        result[part] = level
    return result


def score(margin: NDArray[np.float32], softness: float) -> NDArray[np.float32]:
    """A score in 0..1 from how far a value is past its limit: 0.5 at the limit, 0.73 at `softness` past
    it."""
    scaled = np.clip(margin / softness, -30.0, 30.0)
    return np.asarray(1.0 / (1.0 + np.exp(-scaled)), dtype=np.float32)

"""Places spread over a row of things: from each of so many equal parts one."""

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def spread(there: int, wanted: int, generator: np.random.Generator | None = None) -> Places:
    """Ascending places of `wanted` of what is `there`: from each equal part its middle, or any at random.

    Where less is there than is wanted, places repeat. Segments of TSN (Wang et al., ECCV 2016, section 3).
    """
    part_N = np.arange(wanted)
    if generator is None:
        return (2 * part_N + 1) * there // (2 * wanted)
    return np.floor((part_N + generator.random(wanted)) * there / wanted).astype(np.int64)


def stretched(there: int, wanted: int) -> Places:
    """Places that repeat each of what is `there` until there are `wanted`, in order."""
    return np.arange(wanted) * there // wanted

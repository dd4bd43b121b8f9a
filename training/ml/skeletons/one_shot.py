"""Recordings as the one-shot TCN takes them: whole frames only, at half the rate, at most 32 of them.

Sabater et al.: "One-shot action recognition in challenging therapy scenarios" (CVPR workshops 2021, arXiv
2102.08997), section 4.1.
"""

import numpy as np

from training.ml.errors import TooLittle
from training.ml.models.skeleton.graphs import Graph
from training.ml.skeletons.bodies import Array, seen

SKIP, FRAMES = 2, 32
ZOOMS = (0.8, 1.2)


def whole_frames(x_CTVM: Array, graph: Graph) -> Array:
    """Without frames in which nobody is, and with collapsed bodies put between their neighbours.

    A body is collapsed where all of its joints lie in one place, as trackers leave it when they lose it; it
    becomes the mean of the poses before and after, or the one of them that there is. Raises TooLittle where
    nobody ever is.
    """
    kept_CTVM = x_CTVM[:, seen(x_CTVM).any(1)]
    if kept_CTVM.shape[1] == 0:
        raise TooLittle("Nobody is seen in this recording of skeletons: leave it out.")
    mended_CTVM = kept_CTVM.copy()
    far_TM = np.ptp(kept_CTVM[: graph.dims], axis=2).max(0)
    for t, m in zip(*np.nonzero(seen(kept_CTVM) & (far_TM == 0)), strict=True):
        near = [kept_CTVM[:, n, :, m] for n in (t - 1, t + 1) if 0 <= n < len(far_TM) and far_TM[n, m] > 0]
        if near:
            mended_CTVM[:, t, :, m] = np.mean(near, 0)
    return mended_CTVM


def middle_view(x_CTVM: Array, *, skip: int = SKIP, frames: int = FRAMES) -> Array:
    """Every `skip`-th frame, and of these the middle `frames` where there are more."""
    return fixed_views(x_CTVM, 1, skip=skip, frames=frames)[0]


def fixed_views(x_CTVM: Array, count: int, *, skip: int = SKIP, frames: int = FRAMES) -> list[Array]:
    """`count` stretches of `frames` of every `skip`-th frame, from the first to the last; of 1 the middle.

    One where there are no more frames than that.
    """
    thinned_CTVM = x_CTVM[:, ::skip]
    room = max(thinned_CTVM.shape[1] - frames, 0)
    starts = [room // 2] if count == 1 or not room else [room * n // (count - 1) for n in range(count)]
    return [thinned_CTVM[:, start : start + frames] for start in starts]


def random_view(
    x_CTVM: Array, generator: np.random.Generator, *, skip: int = SKIP, frames: int = FRAMES
) -> Array:
    """The recording played 0.8 to 1.2 times as long, and `frames` frames in a row of every `skip`-th."""
    length = x_CTVM.shape[1]
    zoomed = max(round(length * generator.uniform(*ZOOMS)), 1)
    places_T = np.linspace(0, length - 1, zoomed).round().astype(np.int64)
    thinned_CTVM = x_CTVM[:, places_T][:, int(generator.integers(min(skip, zoomed))) :: skip]
    start = int(generator.integers(max(thinned_CTVM.shape[1] - frames, 0) + 1))
    return thinned_CTVM[:, start : start + frames]

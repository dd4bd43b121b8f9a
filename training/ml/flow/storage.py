"""Flow in a byte a component, as the two-stream networks read it, and a clip's flow made from its frames.

Simonyan, Zisserman: "Two-Stream Convolutional Networks for Action Recognition in Videos" (NIPS 2014); limits
of +-20 px as in I3D (Carreira, Zisserman, CVPR 2017).
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from training.ml.flow.methods import Method, measure
from training.ml.flow.pictures import Floats, Grey, NoFlow, Plane

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


def flows(
    frames: Iterable[Grey], *, method: Method | str = Method.DIS, warp: bool = False
) -> Iterator[Floats]:
    """Flow (H, W, 2) in px from each grey frame to the next; two frames are held at a time.

    `warp` takes the camera's motion off. Raises NoFlow as `flow` does.
    """
    between = measure(method, warp=warp)
    for before, after in pairwise(frames):
        yield between(before, after)


def flow_stack(frames: Iterable[Grey], *, method: Method | str = Method.DIS, warp: bool = False) -> Grey:
    """The flow of T grey frames (H, W) as bytes (T - 1, H, W, 2); frames are read one after the other.

    Raises NoFlow for less than two frames, or frames of several sizes.
    """
    kept = [stored(each) for each in flows(frames, method=method, warp=warp)]
    if not kept:
        raise NoFlow("Flow needs at least two frames: give a longer clip.")
    return np.stack(kept)


def rgb_difference(pictures_THW3: Plane) -> npt.NDArray[np.int16]:
    """What changes from each picture (uint8) to the next, (T - 1, H, W, 3) in -255..255: a cheap flow."""
    return np.diff(pictures_THW3.astype(np.int16), axis=0)

"""Skeletons moved to where networks expect them: at the origin, and those in space upright.

As in the preprocessing of 2s-AGCN (Shi et al., CVPR 2019). Joints that are missing are zeros and stay so.
"""

import numpy as np

from training.ml.errors import LearningError
from training.ml.models.skeleton.graphs import Graph
from training.ml.skeletons.bodies import Array, seen


class WrongDimensions(LearningError):  # noqa: N818
    """2-D skeletons where 3-D ones are wanted."""


def centred(x_CTVM: Array, graph: Graph) -> Array:
    """Every frame with the graph's centre of body 0 at the origin; where it is not seen, its last place.

    Of flat poses x and y move, and the confidence stays.
    """
    place_DTM = x_CTVM[: graph.dims, :, graph.centre]
    seen_T = (place_DTM[..., 0] != 0).any(0)
    if not seen_T.any():
        return x_CTVM
    from_T = np.maximum.accumulate(np.where(seen_T, np.arange(len(seen_T)), np.argmax(seen_T)))
    there_TVM = (x_CTVM != 0).any(0)
    moved_DTVM = (x_CTVM[: graph.dims] - place_DTM[:, from_T, None, :1]) * there_TVM
    return np.concatenate([moved_DTVM, x_CTVM[graph.dims :]])


def upright(x_CTVM: Array, graph: Graph) -> Array:
    """Rotated so that, of body 0 in its first frame, hip to spine is z, then left to right shoulder is x.

    The second rotation may tilt the spine again, as in the public code. Raises WrongDimensions for flat ones.
    """
    if graph.dims != 3:
        raise WrongDimensions(f"Skeletons on {graph.name} are flat: centre them in the picture instead.")
    number = {joint: n for n, joint in enumerate(graph.joints)}
    spine = number.get("spine", number.get("neck", 0))
    for start, end, axis in (
        (number["hip_centre"], spine, (0.0, 0.0, 1.0)),
        (number["left_shoulder"], number["right_shoulder"], (1.0, 0.0, 0.0)),
    ):
        first = int(np.argmax(seen(x_CTVM)[:, 0]))
        bone_C = x_CTVM[:, first, end, 0] - x_CTVM[:, first, start, 0]
        x_CTVM = np.einsum("dc,ctvm->dtvm", rotation(bone_C, np.array(axis)), x_CTVM).astype(x_CTVM.dtype)
    return x_CTVM


def rotation(from_C: Array, to_C: Array) -> Array:
    """The smallest rotation (3, 3) that turns one direction into the other; none where a length is 0."""
    lengths = float(np.linalg.norm(from_C)) * float(np.linalg.norm(to_C))
    if lengths < 1e-12:
        return np.eye(3)
    axis_C, cosine = np.cross(from_C, to_C) / lengths, float(from_C @ to_C) / lengths
    if cosine < -1 + 1e-9:  # opposite: half a turn about anything across
        across_C = np.cross(from_C, np.eye(3)[np.argmin(np.abs(from_C))])
        across_C /= np.linalg.norm(across_C)
        half_CC: Array = 2 * np.outer(across_C, across_C) - np.eye(3)
        return half_CC
    cross_CC = np.array([[0, -axis_C[2], axis_C[1]], [axis_C[2], 0, -axis_C[0]], [-axis_C[1], axis_C[0], 0]])
    turn_CC: Array = np.eye(3) + cross_CC + cross_CC @ cross_CC / (1 + cosine)
    return turn_CC

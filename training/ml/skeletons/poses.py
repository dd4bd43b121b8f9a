"""Skeletons moved to where networks expect them: 3-D ones upright at the origin, 2-D ones inside the picture.

3-D as in the preprocessing of 2s-AGCN (Shi et al., CVPR 2019), 2-D as in that of ST-GCN (Yan et al., AAAI
2018). Joints that are missing are zeros and stay so.
"""

import numpy as np

from training.ml.errors import LearningError
from training.ml.models.skeleton.graphs import Graph
from training.ml.skeletons.bodies import Array, seen


class WrongDimensions(LearningError):  # noqa: N818
    """3-D skeletons where 2-D ones are wanted, or the other way round."""


def centred(x_CTVM: Array, graph: Graph) -> Array:
    """Every frame with the graph's centre of body 0 at the origin; where body 0 is not seen, its last one."""
    seen_T = seen(x_CTVM)[:, 0]
    if not seen_T.any():
        return x_CTVM
    from_T = np.maximum.accumulate(np.where(seen_T, np.arange(len(seen_T)), np.argmax(seen_T)))
    centre_CT = x_CTVM[:, from_T, graph.centre, 0]
    there_TVM = (x_CTVM != 0).any(0)
    moved_CTVM: Array = (x_CTVM - centre_CT[:, :, None, None]) * there_TVM
    return moved_CTVM


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


def in_picture(x_3TVM: Array, width: int, height: int, keep: int = 2) -> Array:
    """2-D poses (x and y in px, confidence) with the picture as -0.5..0.5, the surest persons of each frame.

    Joints of confidence 0 become zeros. Persons are sorted by mean confidence frame by frame, since detectors
    number them anew in each; zeros where there are fewer than `keep`.
    """
    if x_3TVM.shape[0] != 3:
        raise WrongDimensions("Flat poses have x, y and a confidence: three numbers a joint.")
    sure_TVM = x_3TVM[2]
    x_3TVM = np.stack([x_3TVM[0] / width - 0.5, x_3TVM[1] / height - 0.5, sure_TVM]) * (sure_TVM != 0)
    order_TM = np.argsort(-sure_TVM.mean(1), axis=1, kind="stable")[:, :keep]
    kept_3TVM = np.take_along_axis(x_3TVM, order_TM[None, :, None, :], 3)
    return np.pad(kept_3TVM, ((0, 0), (0, 0), (0, 0), (0, keep - kept_3TVM.shape[3])))

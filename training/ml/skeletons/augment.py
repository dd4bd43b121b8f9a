"""Skeletons moved and mirrored at random; absent persons and missing joints stay zeros.

Random moves as in ST-GCN (Yan et al., AAAI 2018), its numbers: angles to 10 degrees, scales 0.9 to 1.1,
shifts to 0.2 in the skeletons' unit, drawn for the first and the last frame and interpolated between.
"""

import numpy as np

from training.ml.models.skeleton.graphs import Graph
from training.ml.skeletons.bodies import Array

ANGLES, SCALES, SHIFTS = (-10.0, -5.0, 0.0, 5.0, 10.0), (0.9, 1.0, 1.1), (-0.2, -0.1, 0.0, 0.1, 0.2)


def moved(x_CTVM: Array, generator: np.random.Generator) -> Array:
    """x and y turned, scaled and shifted, the same for all persons; z or confidence is left as it is."""
    frames = x_CTVM.shape[1]

    def drawn(choices: tuple[float, ...]) -> Array:
        first, last = generator.choice(choices, 2)
        way_T: Array = np.linspace(first, last, frames)
        return way_T

    angle_T, scale_T = np.deg2rad(drawn(ANGLES)), drawn(SCALES)
    cosine_T, sine_T = np.cos(angle_T) * scale_T, np.sin(angle_T) * scale_T
    turn_CCT = np.array([[cosine_T, -sine_T], [sine_T, cosine_T]])
    shift_CT = np.stack([drawn(SHIFTS), drawn(SHIFTS)])
    flat_CTVM = np.einsum("dct,ctvm->dtvm", turn_CCT, x_CTVM[:2]) + shift_CT[:, :, None, None]
    there_TVM = (x_CTVM != 0).any(0)
    moved_CTVM: Array = np.concatenate([flat_CTVM * there_TVM, x_CTVM[2:]]).astype(x_CTVM.dtype)
    return moved_CTVM


def mirrored(x_CTVM: Array, graph: Graph) -> Array:
    """Left and right swapped: x negated and every joint given to the one on the other side.

    For skeletons centred at the origin. Classes that tell left from right change with it: swap their labels.
    """
    swapped_CTVM = x_CTVM[:, :, list(graph.mirrored)]
    return np.concatenate([-swapped_CTVM[:1], swapped_CTVM[1:]])


def randomly_mirrored(
    x_CTVM: Array, graph: Graph, generator: np.random.Generator, chance: float = 0.5
) -> Array:
    """Mirrored with that chance, or as it is."""
    return mirrored(x_CTVM, graph) if generator.random() < chance else x_CTVM

"""How alike two poses are, and which of several are one person's.

Object keypoint similarity as COCO defines it (cocodataset.org, keypoint evaluation), over the joints that
both have. A network that takes a left side for a right one is not a second person: mirrored joints count too.
"""

from collections.abc import Sequence

import numpy as np

from training.ml.pose.joints import JOINTS, MIRRORED, Floats, Numbers, length, score

_SIGMAS = {"head": 0.079, "neck": 0.079, "shoulder": 0.079, "elbow": 0.072, "wrist": 0.062, "hip": 0.107}
_SIGMAS |= {"knee": 0.087, "ankle": 0.089}
_K_J = np.array([2 * _SIGMAS[name.removeprefix("left_").removeprefix("right_")] for name in JOINTS])
"""COCO's constants; it has no head and no neck, which count like shoulders."""
_AREA = 0.35
"""A person's area in squares of their length, where COCO takes the area of the outline."""
_LEAST_COMMON = 3
SAME = 0.4
"""Similarity from which two poses of one frame are one person's."""


def oks(one_J3: Numbers, other_J3: Numbers) -> float:
    """Similarity 0..1 by the joints that both have; 0 where that is less than three."""
    both_J = (one_J3[:, 2] > 0) & (other_J3[:, 2] > 0)
    if both_J.sum() < _LEAST_COMMON:
        return 0.0
    area = _AREA * max(length(one_J3), length(other_J3)) ** 2
    squares_J = ((one_J3[:, :2] - other_J3[:, :2]) ** 2).sum(1)
    return float(np.exp(-squares_J / (2 * area * _K_J**2))[both_J].mean())


def alike(one_J3: Numbers, other_J3: Numbers) -> float:
    """`oks`, or that with one pose's sides exchanged, whichever is more."""
    return max(oks(one_J3, other_J3), oks(one_J3, other_J3[list(MIRRORED)]))


def distinct(poses: Sequence[Floats]) -> list[Floats]:
    """The poses without those that are `alike` a surer one; the surest first."""
    kept: list[Floats] = []
    for pose_J3 in sorted(poses, key=score, reverse=True):
        if all(alike(pose_J3, other_J3) < SAME for other_J3 in kept):
            kept.append(pose_J3)
    return kept

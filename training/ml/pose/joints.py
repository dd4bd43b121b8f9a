"""The 14 joints of the pose network, and what a set of them is: a pose (14, 3) of x, y and confidence.

x and y are px of the video's frame, (0, 0) the middle of its first pixel; a joint that was not seen is
(0, 0, 0). Which side is left is the person's own, looked up on drawn skeletons.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from training.ml.models.skeleton.layouts import CPM14, CPM14_BONES

Floats = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]
Numbers = npt.NDArray[Any]

JOINTS = CPM14
HEAD, NECK, RIGHT_HIP, LEFT_HIP = (JOINTS.index(name) for name in ("head", "neck", "right_hip", "left_hip"))
MIRRORED = tuple(
    JOINTS.index(name.replace("left", "@").replace("right", "left").replace("@", "right")) for name in JOINTS
)
"""For every joint the number of the one on the other side."""
_LEAST_JOINTS = 9
_LONGEST_BONE = 1.5
"""In lengths of the trunk: thighs and shins measure about one."""
_LEAST_TRUNK = 0.15
"""In lengths of the whole pose: who bends over still has some trunk."""


def score(pose_J3: Numbers) -> float:
    """Mean confidence of all joints, those that were not seen counting nothing."""
    return float(pose_J3[:, 2].mean())


def box(pose_J3: Numbers) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the joints that were seen, in px; zeros where there is none."""
    seen_K2 = pose_J3[pose_J3[:, 2] > 0, :2]
    if not len(seen_K2):
        return 0.0, 0.0, 0.0, 0.0
    (left, top), (right, bottom) = seen_K2.min(0), seen_K2.max(0)
    return float(left), float(top), float(right), float(bottom)


def length(pose_J3: Numbers) -> float:
    """The longer side of the pose's box, in px, at least 1."""
    left, top, right, bottom = box(pose_J3)
    return max(right - left, bottom - top, 1.0)


def plausible(pose_J3: Numbers) -> bool:
    """Whether joints could be one person's: enough of them, neck and hip among them, no bone too long."""
    seen_J = pose_J3[:, 2] > 0
    hips = [n for n in (RIGHT_HIP, LEFT_HIP) if seen_J[n]]
    if seen_J.sum() < _LEAST_JOINTS or not seen_J[NECK] or not hips:
        return False
    trunk = float(np.linalg.norm(pose_J3[hips, :2].mean(0) - pose_J3[NECK, :2]))
    if trunk < _LEAST_TRUNK * length(pose_J3):
        return False
    bones = [
        np.linalg.norm(pose_J3[a, :2] - pose_J3[b, :2]) for a, b in CPM14_BONES if seen_J[a] and seen_J[b]
    ]
    return bool(max(bones) <= _LONGEST_BONE * trunk)

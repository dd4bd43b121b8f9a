"""UTD-MHAD: 27 actions of 8 people, 861 recordings of a Kinect v1, 20 joints.

Chen, Jafari, Kehtarnavaz: "UTD-MHAD: A Multimodal Dataset for Human Action Recognition Utilizing a Depth
Camera and a Wearable Inertial Sensor" (ICIP 2015). Files are `a13_s1_t2_skeleton.mat`: action, subject, take,
and hold `d_skel`, joints x 3 x frames in metres. In the paper's protocol subjects of odd number are learned
from, and the others tested.
"""

import re
from pathlib import Path

import numpy as np

from training.ml.datasets.base import Check, Dataset, Protocol
from training.ml.datasets.matlab import read_variable
from training.ml.datasets.readers.named import Naming, named_samples, odd_learn, present, skeleton_by_number
from training.ml.errors import BadFile
from training.ml.skeletons.bodies import Array

JOINTS = 20
PUBLISHED = 861
CLASSES = (
    *("swipe_left", "swipe_right", "wave", "clap", "throw", "arm_cross", "basketball_shoot", "draw_x"),
    *("draw_circle_clockwise", "draw_circle_counter_clockwise", "draw_triangle", "bowling", "boxing"),
    *("baseball_swing", "tennis_swing", "arm_curl", "tennis_serve", "push", "knock", "catch"),
    *("pickup_throw", "jog", "walk", "sit_to_stand", "stand_to_sit", "lunge", "squat"),
)
NAMING = Naming(
    "*_skeleton.mat",
    re.compile(r"a(?P<action>\d+)_s(?P<subject>\d+)_t(?P<take>\d+)_skeleton\.mat"),
    "aN_sN_tN_skeleton.mat",
)


def read(root: Path) -> Dataset:
    """The recordings below `root`, with the classes that are there. Raises BadFile, which names the file."""
    samples = named_samples(root, NAMING, skeleton_by_number(CLASSES))
    train, test = odd_learn(samples)
    return Dataset(
        name="utd_mhad",
        classes=present(CLASSES, samples),
        samples=samples,
        protocols={"cross-subject": Protocol(train, (), test)},
        checks=(Check(len(samples) == PUBLISHED, f"{len(samples)} recordings, {PUBLISHED} published."),),
        using="cross-subject",
    )


def read_joints(path: Path) -> Array:
    """One recording, x_CTVM in metres. Raises BadFile, which names the file."""
    joints_VCT = read_variable(path, "d_skel")
    if joints_VCT.dtype == object or joints_VCT.ndim != 3 or joints_VCT.shape[:2] != (JOINTS, 3):
        shape = " x ".join(map(str, joints_VCT.shape))
        raise BadFile(f"d_skel of {path.name} is {shape}; UTD-MHAD has {JOINTS} joints x 3 x frames.")
    if not np.isfinite(joints_VCT).all():
        raise BadFile(f"d_skel of {path.name} holds a number that is not finite.")
    return np.ascontiguousarray(joints_VCT.transpose(1, 2, 0)[..., None], np.float32)

"""The joints of samples: one way for all files of joints, told apart by their names.

| file | data set | skeleton |
| --- | --- | --- |
| `*.skeleton` | NTU RGB+D, 60 and 120 | ntu25 |
| `*_GT.mat` | MADS | mads19 |
| `*_skeleton.mat` | UTD-MHAD | utd20 |
| `*_skeleton3D.txt` | MSRAction3D | msr20 |
| `*_skeleton.txt` | MSR DailyActivity3D | kinect20 |
| a folder of `*.json` | OpenPose BODY_25 | openpose25 |
| `*.safetensors` | poses that this library read of a video | as the file says |
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.ml.datasets.base import Sample
from training.ml.datasets.frames import WrongRange
from training.ml.datasets.readers import mads, msr, ntu, openpose, utd_mhad
from training.ml.errors import BadFile
from training.ml.pose.poses import Poses
from training.ml.skeletons.bodies import Array

FORMATS: dict[str, tuple[str, Callable[[Path], Array]]] = {
    ".skeleton": ("ntu25", ntu.read_joints),
    "_GT.mat": ("mads19", mads.read_joints),
    "_skeleton.mat": ("utd20", utd_mhad.read_joints),
    "_skeleton3D.txt": ("msr20", msr.read_action_joints),
    "_skeleton.txt": ("kinect20", msr.read_daily_joints),
}
"""By the end of a file's name its skeleton, and what reads it."""
POSES = ".safetensors"
FOLDER = ("openpose25", openpose.read_joints)


@dataclass(frozen=True)
class Skeletons:
    """Bodies of one sample; zeros where nobody is."""

    x_CTVM: Array
    """float32: x, y, z, or of flat skeletons x and y in px and a confidence."""
    layout: str
    """The graph in `training.ml.models.skeleton.graphs` that says which joint is which."""


def read_skeletons(sample: Sample) -> Skeletons:
    """The joints of a sample, of its frames if it says some.

    Raises BadFile, which names the file and its line, and WrongRange for frames that are not there.
    """
    layout, x_CTVM = _read(sample.path)
    there = x_CTVM.shape[1]
    frames = range(sample.start or 0, there if sample.end is None else sample.end)
    if sample.seconds is not None:
        raise WrongRange(f"{sample.name} says seconds, and files of joints have no clock: say frames.")
    if not len(frames) or frames.start < 0 or frames.stop > there:
        raise WrongRange(f"{sample.name} does not lie in its recording of {there} frames.")
    return Skeletons(x_CTVM[:, frames.start : frames.stop], layout)


def _read(path: Path) -> tuple[str, Array]:
    if path.suffix == POSES:
        poses = Poses.load(path)
        return poses.layout, np.ascontiguousarray(poses.joints_TMV3.transpose(3, 0, 2, 1))
    if path.is_dir():
        return FOLDER[0], FOLDER[1](path)
    for ending, (layout, read) in FORMATS.items():
        if path.name.endswith(ending):
            return layout, read(path)
    known = ", ".join((*FORMATS, POSES))
    raise BadFile(f"{path.name} is no known file of joints; known endings are: {known}.")

"""Joints of one skeleton as joints of another, by their names.

A joint that the other skeleton lacks is taken from what lies there anyway (LIKE), or is the mean of others
(MEANS), and is missing, (0, 0, 0), otherwise: nothing is made up. Poses of a picture fill x, y and confidence
only: they fit the graph of `ntu25`, but not weights that were learned from its metres.

| wanted | taken from | where |
| --- | --- | --- |
| neck | shoulder_centre, else the mean of both shoulders | all |
| shoulder_centre | neck, else the mean of both shoulders | Kinects |
| hip_centre | the mean of both hips | openpose25, Kinects, mads19 |
| spine | the mean of neck and both hips (the neck counts half) | Kinects |
| hand, foot | wrist, ankle | Kinects, mads19 |
| head, nose | each other's place is not taken: a crown is no nose | coco17, openpose |
| eyes, ears, toes, heels, hand tips, thumbs | missing | |
"""

import numpy as np
import numpy.typing as npt

from training.ml.errors import LearningError
from training.ml.models.skeleton import layouts
from training.ml.pose.joints import Floats, Numbers

LAYOUTS: dict[str, tuple[str, ...]] = {
    "cpm14": layouts.CPM14,
    "openpose25": layouts.OPENPOSE25,
    "openpose18": layouts.OPENPOSE18,
    "coco17": layouts.COCO17,
    "ntu25": layouts.NTU25,
    "utd20": layouts.UTD20,
    "kinect20": layouts.KINECT20,
    "msr20": layouts.MSR20,
    "mads19": layouts.MADS19,
}
LIKE = {
    "neck": ("shoulder_centre",),
    "shoulder_centre": ("neck",),
    "left_hand": ("left_wrist",),
    "right_hand": ("right_wrist",),
    "left_foot": ("left_ankle",),
    "right_foot": ("right_ankle",),
}
_SHOULDERS, _HIPS = ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")
MEANS: dict[str, tuple[str, ...]] = {
    "neck": _SHOULDERS,
    "shoulder_centre": _SHOULDERS,
    "hip_centre": _HIPS,
    "spine": ("neck", "neck", *_HIPS),
}


class UnknownLayout(LearningError):  # noqa: N818
    """No skeleton of this name is known."""


def sources(before: str, after: str) -> tuple[tuple[int, ...], ...]:
    """For each joint of `after` the joints of `before` whose mean it is; empty where it is missing.

    Raises UnknownLayout.
    """
    for name in (before, after):
        if name not in LAYOUTS:
            raise UnknownLayout(
                f"There is no skeleton named {name}; there are: {', '.join(sorted(LAYOUTS))}."
            )
    there = LAYOUTS[before]
    chosen = []
    for joint in LAYOUTS[after]:
        options = [(joint,), *((each,) for each in LIKE.get(joint, ())), MEANS.get(joint, ())]
        names = next((each for each in options if each and set(each) <= set(there)), ())
        chosen.append(tuple(there.index(name) for name in names))
    return tuple(chosen)


def mapped(joints_V3: Numbers, before: str, after: str) -> Floats:
    """Joints (..., V, 3) of the skeleton `before` in the order of `after`, (..., W, 3).

    A mean is there only where all its joints were seen, and is as sure as the least sure of them. Raises
    UnknownLayout for a name that is not there.
    """
    given_V3, wanted = np.asarray(joints_V3, np.float32), sources(before, after)
    result_W3 = _means(given_V3, wanted, given_V3[..., 2] > 0)
    for w, numbers in enumerate(wanted):
        if numbers:
            result_W3[..., w, 2] = given_V3[..., list(numbers), 2].min(-1).clip(min=0)
    return result_W3


def mapped_in_space(joints_V3: Numbers, before: str, after: str) -> Floats:
    """The same of joints in space, (..., V, 3) of x, y and z: who is at (0, 0, 0) was not seen."""
    given_V3 = np.asarray(joints_V3, np.float32)
    return _means(given_V3, sources(before, after), np.asarray((given_V3 != 0).any(-1)))


def _means(given_V3: Floats, wanted: tuple[tuple[int, ...], ...], seen_V: npt.NDArray[np.bool_]) -> Floats:
    """The mean of each joint's sources where all were seen; zeros elsewhere."""
    result_W3 = np.zeros((*given_V3.shape[:-2], len(wanted), 3), np.float32)
    for w, numbers in enumerate(wanted):
        if numbers:
            seen_1 = np.asarray(seen_V[..., list(numbers)].all(-1))[..., None]
            result_W3[..., w, :] = np.where(seen_1, given_V3[..., list(numbers), :].mean(-2), 0)
    return result_W3

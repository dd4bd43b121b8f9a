"""Recordings as OpenPose's BODY_25 files: a folder each, with a file a frame, beneath a folder of its class.

OpenPose numbers people anew in each frame. Here they are followed: each is who had the nearest neck before.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from training.ml.datasets.base import Dataset, Holds, Sample, natural
from training.ml.datasets.readers.sides import by_split
from training.ml.datasets.text import folder_of
from training.ml.errors import BadFile
from training.ml.pose.joints import Floats
from training.ml.pose.openpose import JOINTS, read_folder
from training.ml.skeletons.bodies import Array

NECK = 1


def read(root: Path) -> Dataset:
    """Every folder with JSON files as a recording; its class is the name of the folder right below `root`.

    Raises BadFile where there is none, or where `root` itself has such files and so tells no class.
    """
    folders = sorted({path.parent for path in folder_of(root).rglob("*.json")}, key=lambda p: natural(str(p)))
    if not folders:
        raise BadFile(f"No folder with JSON files of OpenPose lies in {root}.")
    if root in folders:
        raise BadFile(
            f"{root} holds JSON files itself: put each recording into a folder beneath its class's."
        )
    samples = tuple(
        Sample(
            path=folder,
            label=folder.relative_to(root).parts[0],
            holds=Holds.SKELETON,
            group=folder.relative_to(root).as_posix(),
        )
        for folder in folders
    )
    classes = tuple(sorted({sample.label for sample in samples}, key=natural))
    return by_split(Dataset(name="openpose", classes=classes, samples=samples))


def read_joints(folder: Path) -> Array:
    """One recording, x_CTVM: x, y in px and confidence, zeros where nobody, or a joint, was not seen.

    Raises BadFile, which names the file, for a damaged one, and for a frame without one.
    """
    frames = read_folder(folder)
    for (before, _), (number, _) in pairwise(frames):
        if number != before + 1:
            raise BadFile(f"{folder.name} has no file of frame {before + 1}, but one of {number}.")
    joints_TMV3 = followed([people_MV3 for _, people_MV3 in frames])
    return np.ascontiguousarray(joints_TMV3.transpose(3, 0, 2, 1))


def followed(people_T: Sequence[Floats]) -> Array:
    """The people of T frames, each in a place M of their own: (T, M, 25, 3), zeros where they are not seen.

    Of all pairs the nearest necks go together first, whatever lies between them; who is left over begins
    anew. There are as many places as were ever seen at once. Joints of a person without a neck stand for it.
    """
    places = max(1, *(len(people_MV3) for people_MV3 in people_T))
    joints_TMV3 = np.zeros((len(people_T), places, JOINTS, 3), np.float32)
    last_M2 = np.full((places, 2), np.nan)
    for t, people_NV3 in enumerate(people_T):
        necks_N2 = np.array([_neck(person_V3) for person_V3 in people_NV3]).reshape(-1, 2)
        far_NM = np.linalg.norm(necks_N2[:, None] - last_M2[None], axis=2)
        # A place that nobody had yet is farther than any that somebody had.
        far_NM = np.where(np.isnan(far_NM), np.inf, far_NM)
        free_N, free_M = set(range(len(people_NV3))), set(range(places))
        for flat in np.argsort(far_NM, axis=None, kind="stable"):
            n, m = divmod(int(flat), places)
            if n in free_N and m in free_M:
                joints_TMV3[t, m] = people_NV3[n]
                last_M2[m] = necks_N2[n]
                free_N.remove(n)
                free_M.remove(m)
    return joints_TMV3


def _neck(person_V3: Floats) -> Floats:
    """Where the neck is, the middle of what was seen without one, and 0, 0 where nothing was."""
    seen_V = person_V3[:, 2] > 0
    if seen_V[NECK]:
        return person_V3[NECK, :2]
    middle_2: Floats = person_V3[seen_V, :2].mean(0) if seen_V.any() else np.zeros(2, np.float32)
    return middle_2

"""Skeleton files of NTU RGB+D and NTU RGB+D 120 (Kinect v2), read strictly.

Shahroudy et al.: "NTU RGB+D: A Large Scale Dataset for 3D Human Activity Analysis" (CVPR 2016, arXiv
1604.02808); Liu et al.: "NTU RGB+D 120" (TPAMI 2019, arXiv 1905.04757). A file is the number of frames; of
each frame the number of bodies; of each body a line of ten numbers (its id first), the number of joints, and
a line of twelve a joint: x y z in metres, where depth and colour camera see it, a rotation w x y z, and how
sure it is (2 tracked, 1 inferred, 0 not).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from training.ml.datasets.text import refuse, text_of
from training.ml.errors import BadFile
from training.ml.skeletons.bodies import Array

JOINTS = 25
BODY_FIELDS, JOINT_FIELDS = 10, 12
STATES = (0.0, 1.0, 2.0)
"""Not tracked, inferred, tracked."""


@dataclass(frozen=True)
class Recording:
    """Everything that a file tells of joints; M is the most bodies that one frame has.

    Bodies are in the places that the file gives them, frame by frame, as the preprocessing has it that
    published weights were learnt with; `ids_TM` tells where one leaves and another takes its place.
    """

    joints_TMVF: npt.NDArray[np.float64]
    """The twelve numbers of each joint; zeros where a frame has fewer bodies."""
    ids_TM: npt.NDArray[np.int64]
    """The sensor's numbers of the bodies, 0 for nobody."""

    def world(self) -> Array:
        """x_CTVM: x, y, z in metres, float32."""
        return np.ascontiguousarray(self.joints_TMVF[..., :3].transpose(3, 0, 2, 1), np.float32)


class _Lines:
    """A file's lines in order; what is wrong with one is said with its number."""

    def __init__(self, path: Path) -> None:
        self.path, self.at, self.lines = path, 0, text_of(path).splitlines()

    def refuse(self, wrong: str, at: int | None = None) -> NoReturn:
        """Raise BadFile about line `at` (from 0), the last one read if not given."""
        refuse(self.path, (self.at - 1 if at is None else at) + 1, wrong)

    def next(self, what: str) -> str:
        """The next line. Raises BadFile where the file ends."""
        if self.at >= len(self.lines):
            raise BadFile(f"{self.path.name} ends after line {len(self.lines)}, where {what} belongs.")
        self.at += 1
        return self.lines[self.at - 1]

    def count(self, what: str) -> int:
        """A line with one number, 0 or more."""
        text = self.next(what).strip()
        if not text.isdecimal():
            self.refuse(f'is "{text}", where {what} belongs')
        return int(text)

    def block(self, rows: int, fields: int, what: str) -> npt.NDArray[np.float64]:
        """So many lines of so many numbers, (rows, fields); they need not be finite."""
        if self.at + rows > len(self.lines):
            raise BadFile(f"{self.path.name} ends after line {len(self.lines)}, where {what} belongs.")
        first = self.at
        words = [line.split() for line in self.lines[first : first + rows]]
        self.at += rows
        for n, each in enumerate(words):
            if len(each) != fields:
                self.refuse(f"has {len(each)} numbers, where {what} has {fields}", first + n)
        try:
            block: npt.NDArray[np.float64] = np.array(words, np.float64)
        except ValueError:
            wrong = next(n for n, each in enumerate(words) if not all(map(_is_number, each)))
            self.refuse(f"holds something else than numbers, where {what} belongs", first + wrong)
        return block


def read_recording(path: Path) -> Recording:
    """Everything that a `.skeleton` file tells of joints.

    Raises BadFile, which names the file and the line, for anything that is not as described above: a file
    that ends too soon or goes on, a body without its 25 joints, a body twice in a frame.
    """
    lines = _Lines(path)
    frames = [_frame(lines) for _ in range(lines.count("the number of frames"))]
    for at in range(lines.at, len(lines.lines)):
        if lines.lines[at].strip():
            lines.refuse(f"goes on after its {len(frames)} frames", at)
    most = max((len(ids) for ids, _ in frames), default=0)
    ids_TM = np.zeros((len(frames), most), np.int64)
    joints_TMVF = np.zeros((len(frames), most, JOINTS, JOINT_FIELDS))
    for t, (ids, joints) in enumerate(frames):
        ids_TM[t, : len(ids)] = ids
        for m, joints_VF in enumerate(joints):
            joints_TMVF[t, m] = joints_VF
    return Recording(joints_TMVF, ids_TM)


def _frame(lines: _Lines) -> tuple[list[int], list[npt.NDArray[np.float64]]]:
    ids: list[int] = []
    joints: list[npt.NDArray[np.float64]] = []
    for _ in range(lines.count("the number of a frame's bodies")):
        at = lines.at
        lines.block(1, BODY_FIELDS, "a body")
        name = lines.lines[at].split()[0]
        if not name.isdecimal() or int(name) >= 2**63:
            lines.refuse(f'has the id "{name}", where a whole number belongs')
        if int(name) in ids:
            lines.refuse(f"has the body {name} a second time in one frame")
        ids.append(int(name))
        if (count := lines.count("the number of joints")) != JOINTS:
            lines.refuse(f"says {count} joints, where a body has {JOINTS}")
        first = lines.at
        joints_VF = lines.block(JOINTS, JOINT_FIELDS, "a joint")
        lost = ~np.isfinite(joints_VF[:, :3]).all(1)
        if lost.any():
            lines.refuse("has an x, y or z that is not finite", first + int(np.argmax(lost)))
        strange = ~np.isin(joints_VF[:, -1], STATES)
        if strange.any():
            lines.refuse(
                "does not end in 0, 1 or 2, how a joint was tracked", first + int(np.argmax(strange))
            )
        joints.append(joints_VF)
    return ids, joints


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True

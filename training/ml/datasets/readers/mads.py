"""MADS: martial arts, dancing and sports; 5 categories x 6 sequences, seen by several cameras, 19 joints.

Zhang, Liu, Zhou, Leung, Chan: "Martial Arts, Dancing and Sports dataset: A challenging stereo and multi-view
dataset for 3D human pose estimation" (Image and Vision Computing 61, 2017). Of each sequence there are videos
`HipHop_HipHop1_C0.avi`, `..._C1`, `..._C2` (or `_Left`, `_Right`), and one truth `HipHop_HipHop1_GT.mat`,
whose cell `GTpose2` has joints x 3 for every frame, NaN where a joint is not known.

Recordings are long: samples are pieces of so many seconds. Names tell category, sequence and camera, but not
who moves: a table `subjects.csv` with the columns `sequence,subject` says that (`HipHop_HipHop1,A`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from curation.media.decode import decode_pass
from curation.media.errors import MediaError
from curation.media.probe import probe
from training.ml.datasets.base import Check, Dataset, Holds, Protocol, Sample
from training.ml.datasets.matlab import read_variable
from training.ml.datasets.protocols import rotations
from training.ml.datasets.readers.named import Naming, named_samples, present
from training.ml.datasets.text import refuse, table_of
from training.ml.errors import BadFile
from training.ml.skeletons.bodies import Array
from training.ml.skeletons.pieces import pieces

JOINTS = 19
SEQUENCES = 30
CLASSES = ("HipHop", "Jazz", "Kata", "Sports", "Taichi")
SUBJECTS = "subjects.csv"
FOLDS = 3
_SEQUENCE = r"(?P<group>(?P<label>HipHop|Jazz|Kata|Sports|Taichi)_[A-Za-z0-9]+)_"
VIDEOS = Naming(
    "*.avi", re.compile(_SEQUENCE + r"(?P<camera>C\d|Left|Right)\.avi"), "Category_Sequence_Camera.avi"
)
TRUTHS = Naming("*_GT.mat", re.compile(_SEQUENCE + r"GT\.mat"), "Category_Sequence_GT.mat")


def read_videos(root: Path, *, seconds: float = 5.0, overlap: float = 0.0) -> Dataset:
    """Pieces of the videos below `root`, each beginning (1 - overlap) · seconds after the one before.

    Protocols are rotations by camera, and by subject where `subjects.csv` tells them. Raises BadFile, which
    names the file, or BadPieces.
    """
    whole = named_samples(root, VIDEOS, _video)
    cut = [
        piece
        for sample in whole
        for piece in _pieces(sample, _frames(sample.path), _fps(sample.path), seconds, overlap)
    ]
    return _dataset("mads", root, cut, ("camera", "subject"))


def read_truths(
    root: Path, *, seconds: float = 5.0, overlap: float = 0.0, fps: float | None = None
) -> Dataset:
    """Pieces of the true skeletons below `root`; frames a second are those of a video beside them, or `fps`.

    Protocols are rotations by sequence, and by subject where `subjects.csv` tells them. Raises BadFile, which
    names the file, or BadPieces.
    """
    whole = named_samples(root, TRUTHS, _truth)
    cut = [
        piece
        for sample in whole
        for piece in _pieces(
            sample, read_joints(sample.path).shape[1], fps or _fps_beside(sample.path), seconds, overlap
        )
    ]
    return _dataset("mads_skeletons", root, cut, ("group", "subject"))


def read_joints(path: Path) -> Array:
    """One sequence, x_CTVM in the truth's own unit; zeros where a joint is not known. Raises BadFile."""
    poses_T = read_variable(path, "GTpose2").ravel()
    x_CTVM = np.zeros((3, len(poses_T), JOINTS, 1), np.float32)
    for t, joints_V3 in enumerate(poses_T):
        if isinstance(joints_V3, np.ndarray) and not joints_V3.size:
            continue
        if not isinstance(joints_V3, np.ndarray) or joints_V3.shape != (JOINTS, 3):
            shape = " x ".join(map(str, np.shape(joints_V3))) or "a single number"
            raise BadFile(f"Frame {t} of GTpose2 in {path.name} is {shape}; MADS has {JOINTS} joints x 3.")
        x_CTVM[:, t, :, 0] = np.where(np.isfinite(joints_V3).all(1, keepdims=True), joints_V3, 0).T
    if not len(poses_T):
        raise BadFile(f"GTpose2 of {path.name} has no frame.")
    return x_CTVM


def _video(path: Path, name: re.Match[str]) -> Sample:
    return Sample(path=path, label=name["label"], camera=name["camera"], group=name["group"])


def _truth(path: Path, name: re.Match[str]) -> Sample:
    return Sample(path=path, label=name["label"], holds=Holds.SKELETON, group=name["group"])


def _pieces(sample: Sample, frames: int, fps: float, seconds: float, overlap: float) -> list[Sample]:
    cut = pieces(frames, fps, seconds=seconds, overlap=overlap)
    return [replace(sample, start=start, end=end) for start, end in cut]


def _frames(video: Path) -> int:
    """How many frames a video has: as many as its truth, which has a pose for each, else what decodes."""
    truth = video.with_name(video.stem.rpartition("_")[0] + "_GT.mat")
    if truth.is_file():
        return read_joints(truth).shape[1]
    try:
        return len(decode_pass(video).index)
    except MediaError as error:
        raise BadFile(f"{video.name}: {error.sentence}") from error


def _fps(video: Path) -> float:
    try:
        return float(probe(video).fps)
    except MediaError as error:
        raise BadFile(f"{video.name}: {error.sentence}") from error


def _fps_beside(truth: Path) -> float:
    videos = sorted(truth.parent.glob(truth.name.removesuffix("GT.mat") + "*.avi"))
    if not videos:
        raise BadFile(f"No video beside {truth.name} tells its frames a second: give fps.")
    return _fps(videos[0])


def _dataset(name: str, root: Path, samples: Iterable[Sample], columns: Iterable[str]) -> Dataset:
    subjects = _subjects(root / SUBJECTS)
    told = tuple(replace(sample, subject=subjects.get(sample.group, "")) for sample in samples)
    groups = len({sample.group for sample in told})
    lost = sorted({sample.group for sample in told if not sample.subject})
    checks = [Check(groups == SEQUENCES, f"{groups} sequences, {SEQUENCES} published.")]
    if subjects and lost:
        checks.append(Check(False, f"{SUBJECTS} tells no subject of {', '.join(lost[:3])}."))
    protocols: dict[str, Protocol] = {}
    for column in columns:
        values = {getattr(sample, column) for sample in told}
        if "" not in values and len(values) > 1:
            protocols |= rotations(told, column, min(FOLDS, len(values)))
    return Dataset(
        name=name,
        classes=present(CLASSES, told),
        samples=told,
        protocols=protocols,
        checks=tuple(checks),
        using=next(iter(protocols), ""),
    )


def _subjects(path: Path) -> Mapping[str, str]:
    """Who moves in each sequence; nobody is known where there is no table."""
    if not path.is_file():
        return {}
    rows = table_of(path)
    line, header = next(rows, (1, []))
    if header != ["sequence", "subject"]:
        refuse(path, line, "does not name the columns sequence,subject")
    found: dict[str, str] = {}
    for line, cells in rows:
        if len(cells) != 2 or not all(cells):
            refuse(path, line, "names no sequence with a subject")
        if cells[0] in found:
            refuse(path, line, f"names {cells[0]} again")
        found[cells[0]] = cells[1]
    return found

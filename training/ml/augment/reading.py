"""Clips to be changed, from files: the frames of a video, its flow, or skeletons."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from av.video.frame import VideoFrame

from curation.media.decode import decode_pass
from curation.media.frames import Resizer, StreamInfo
from training.ml.augment.clips import Clips, Kind
from training.ml.datasets.ntu_files import read_recording
from training.ml.errors import LearningError, TooLittle
from training.ml.flow.video import flow_of
from training.ml.places import spread
from training.ml.pose.poses import Poses, most_certain, normalised
from training.ml.sheets import Picture
from training.ml.skeletons.bodies import main_bodies

Told = Callable[[float, int], None]
"""Told the share of the recording that is read, and the frames so far."""
LARGEST = 1 << 30
"""Bytes of frames that are held at once, at most."""
_PEOPLE = 2


class TooLong(LearningError):  # noqa: N818
    """A clip whose frames do not fit in memory."""


@dataclass(frozen=True)
class Source:
    """One clip and what a sheet says of it."""

    clips: Clips
    name: str
    rate: Fraction = Fraction(25)
    """Frames a second of a video."""


def video(
    path: Path,
    *,
    most: int = 0,
    height: int = 0,
    start: int = 0,
    end: int | None = None,
    report: Told | None = None,
) -> Source:
    """Frames `start` to `end` (None: its end): all of them, or `most` of them spread evenly.

    `height` px makes higher ones so low; 0 leaves them. Raises TooLittle where there is no frame, TooLong for
    more than LARGEST bytes, MediaError for what is no readable video.
    """
    kept = _Kept(most, height, range(start, end if end is not None else 1 << 62), path.name)
    decode_pass(path, [kept], report=report)
    if not kept.pictures:
        raise TooLittle(f"{path.name} has no frames from {start} on: begin earlier.")
    chosen = kept.pictures
    if most:
        chosen = [chosen[place] for place in spread(len(chosen), min(most, len(chosen)))]
    x_THWC = torch.from_numpy(np.stack(chosen))
    return Source(Clips(x_THWC.permute(3, 0, 1, 2)[None]), path.name, kept.rate)


def flow(
    path: Path,
    *,
    most: int,
    width: int = 320,
    start: int = 0,
    end: int | None = None,
    report: Told | None = None,
) -> Source:
    """`most` fields of its flow between neighbouring frames. Raises NoFlow, or MediaError."""
    found = flow_of(path, width=width, start=start, end=end, report=report).flow_THW2
    chosen_THW2 = found[spread(len(found), min(most, len(found)))]
    return Source(Clips(torch.from_numpy(chosen_THW2).permute(3, 0, 1, 2)[None], Kind.FLOW), path.name)


def skeletons(path: Path, *, most: int) -> Source:
    """Frames of a poses file (.safetensors), or of a recording of NTU RGB+D (.skeleton), spread evenly.

    Raises BadFile for anything else, TooLittle where nobody is seen.
    """
    if path.suffix == ".skeleton":
        x_CTVM, graph = main_bodies(read_recording(path).world(), _PEOPLE), "ntu25"
    else:
        poses = Poses.load(path)
        joints_TMV3 = most_certain(poses.joints_TMV3, _PEOPLE)
        x_CTVM, graph = normalised(joints_TMV3, poses.width, poses.height).transpose(3, 0, 2, 1), poses.layout
    frames = x_CTVM.shape[1]
    if not x_CTVM.any():
        raise TooLittle(f"Nobody is seen in {path.name}: choose another recording.")
    chosen_CTVM = np.ascontiguousarray(x_CTVM[:, spread(frames, min(most, frames))], np.float32)
    return Source(Clips(torch.from_numpy(chosen_CTVM)[None], Kind.SKELETON, graph=graph), path.name)


class _Kept:
    """Keeps frames of a range; with `most` every frame, then every second, then every fourth ..."""

    def __init__(self, most: int, height: int, ordinals: range, name: str) -> None:
        self._most, self._height, self._ordinals, self._name = most, height, ordinals, name
        self._resize: Resizer | None = None
        self.rate = Fraction(25)

    def open(self, stream: StreamInfo) -> None:
        """Begin, or start over."""
        height = min(self._height or stream.height, stream.height)
        width = max(2, round(stream.width * height / stream.height))
        self._resize = Resizer(width, height, "rgb24", interpolation="AREA")
        self._step, self.rate = 1, stream.fps
        self.pictures: list[Picture] = []

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:  # noqa: ARG002
        """Keep one frame, if it is wanted."""
        if ordinal not in self._ordinals or (ordinal - self._ordinals.start) % self._step:
            return
        assert self._resize is not None  # noqa: S101 - opened before
        picture = np.asarray(self._resize(frame).to_ndarray(), np.uint8)
        if (len(self.pictures) + 1) * picture.size > LARGEST:
            raise TooLong(
                f"The frames of {self._name} take more than {LARGEST >> 20:,} MB after "
                f"{len(self.pictures):,}: make them lower, or cut it into clips first."
            )
        self.pictures.append(picture)
        if self._most and len(self.pictures) >= 4 * self._most:
            self.pictures, self._step = self.pictures[::2], 2 * self._step

    def close(self) -> None:
        """Nothing is left to do."""

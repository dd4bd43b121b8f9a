"""Poses from video: of a clip from its proxy, by the numbers of frames, or of a whole recording."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame

from curation.media.decode import decode_pass
from curation.media.frames import Resizer, StreamInfo
from curation.media.stills import StillReader
from training.ml.errors import TooLittle
from training.ml.pose.joints import Floats
from training.ml.pose.network import PoseNetwork
from training.ml.pose.people import Finder, Search
from training.ml.pose.poses import Poses
from training.ml.pose.tracks import joined, table

Told = Callable[[float, int], None]
"""Told the share of the recording that is read, and the frames so far."""


def read_poses(
    proxy: Path,
    start: int,
    end: int,
    *,
    network: PoseNetwork,
    every: int = 1,
    people: int = 2,
    gap: int = 5,
    search: Search | None = None,
) -> Poses:
    """The `people` surest persons in frames `start` to `end` (exclusive), every `every`-th of them.

    `gap` counts frames that are read. A clip in which nobody was found has M = 0 people. Raises TooLittle for
    an empty range or a step below 1, ProxyMismatch for a file that is no proxy, IndexError outside the video.
    """
    if end <= start or every < 1:
        raise TooLittle(f"No frames lie between {start} and {end} in steps of {every}: give a longer clip.")
    watched = _Watched(network, search)
    with StillReader(proxy) as reader:
        for ordinal, frame in reader.frames(range(start, end, every)):
            watched.look(ordinal, frame)
    return watched.poses(people, gap)


def poses_of(
    path: Path,
    *,
    network: PoseNetwork,
    start: int = 0,
    end: int | None = None,
    every: int = 1,
    people: int = 2,
    gap: int = 5,
    search: Search | None = None,
    report: Told | None = None,
) -> Poses:
    """The same of any video file, frames `start` to `end` (None: its end).

    Raises TooLittle where no frame of it is meant, MediaError for what is no readable video.
    """
    if every < 1:
        raise TooLittle(
            "Poses are read of every frame, or every second one and so on: give a step of 1 or more."
        )
    sink = _PoseSink(network, search, range(start, end if end is not None else 1 << 62, every))
    decode_pass(path, [sink], report=report)
    if not sink.watched.ordinals:
        raise TooLittle(f"{path.name} has no frames from {start} on: begin earlier.")
    return sink.watched.poses(people, gap)


class _Watched:
    """The people of frames that come one after the other, and whose poses they become."""

    def __init__(self, network: PoseNetwork, search: Search | None) -> None:
        self._network, self._finder = network, Finder(network, search)
        self._found: list[list[Floats]] = []
        self._resize: Resizer | None = None
        self.ordinals: list[int] = []

    def look(self, ordinal: int, frame: VideoFrame) -> None:
        """Find the people of one frame."""
        self._resize = self._resize or Resizer(frame.width, frame.height, "bgr24")
        self._found.append(self._finder(np.asarray(self._resize(frame).to_ndarray(), np.uint8)))
        self.ordinals.append(ordinal)

    def poses(self, people: int, gap: int) -> Poses:
        """Those of the surest persons, over all frames."""
        assert self._resize is not None  # noqa: S101 - there was a frame
        tracks = joined(self._found, gap=gap)
        people_M, joints_TMV3 = table(tracks, len(self._found), people=people, gap=gap)
        return Poses(
            ordinals_T=np.array(self.ordinals, np.int32),
            people_M=people_M.astype(np.int32),
            joints_TMV3=joints_TMV3,
            layout="cpm14",
            width=self._resize.width,
            height=self._resize.height,
            weights=self._network.sha256,
        )


class _PoseSink:
    """Looks at the frames of a range."""

    def __init__(self, network: PoseNetwork, search: Search | None, ordinals: range) -> None:
        self._network, self._search, self._ordinals = network, search, ordinals
        self.watched = _Watched(network, search)

    def open(self, stream: StreamInfo) -> None:  # noqa: ARG002
        """Begin, or start over."""
        self.watched = _Watched(self._network, self._search)

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:  # noqa: ARG002
        """Look at one frame, if it is meant."""
        if ordinal in self._ordinals:
            self.watched.look(ordinal, frame)

    def close(self) -> None:
        """Nothing is left to do."""

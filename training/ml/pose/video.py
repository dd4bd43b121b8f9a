"""Poses of a clip from its video's proxy, frames read exactly by their numbers."""

from pathlib import Path

import numpy as np

from curation.media.frames import Resizer
from curation.media.stills import StillReader
from training.ml.errors import TooLittle
from training.ml.pose.joints import Floats
from training.ml.pose.network import PoseNetwork
from training.ml.pose.people import Finder, Search
from training.ml.pose.poses import Poses
from training.ml.pose.tracks import joined, table


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
    ordinals = range(start, end, every)
    finder = Finder(network, search)
    found: list[list[Floats]] = []
    resize: Resizer | None = None
    with StillReader(proxy) as reader:
        for _, frame in reader.frames(ordinals):
            if resize is None:
                resize = Resizer(frame.width, frame.height, "bgr24")
            found.append(finder(np.asarray(resize(frame).to_ndarray(), np.uint8)))
    people_M, joints_TMV3 = table(joined(found, gap=gap), len(found), people=people, gap=gap)
    assert resize is not None  # noqa: S101 - the range is not empty
    return Poses(
        ordinals_T=np.array(ordinals, np.int32),
        people_M=people_M.astype(np.int32),
        joints_TMV3=joints_TMV3,
        layout="cpm14",
        width=resize.width,
        height=resize.height,
        weights=network.sha256,
    )

"""Who is who from frame to frame: poses joined by where necks and joints are, with short gaps bridged."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from training.ml.pose.joints import JOINTS, NECK, Floats, Numbers, length, score
from training.ml.pose.similarity import oks

_REACH = 0.35
"""Lengths of a person that their neck goes at most from one frame read to the next."""
_LEAST_FRAMES = 2


@dataclass(frozen=True)
class Track:
    """One person: their pose (14, 3) at the frames, numbered from 0, in which they were seen."""

    number: int
    seen: dict[int, Floats]


def joined(poses_T: Sequence[Sequence[Floats]], *, gap: int = 5) -> list[Track]:
    """Tracks of the poses found in T frames, numbered in order of coming.

    Who is away for more than `gap` frames comes back as somebody else.
    """
    tracks: list[Track] = []
    for t, poses in enumerate(poses_T):
        alive = [track for track in tracks if t - max(track.seen) <= gap + 1]
        free = dict(enumerate(poses))
        for _, n, track in sorted(_pairs(alive, poses, t), key=lambda each: each[0]):
            if n in free and t not in track.seen:
                track.seen[t] = free.pop(n)
        tracks += [Track(len(tracks) + k, {t: pose_J3}) for k, pose_J3 in enumerate(free.values())]
    return tracks


def _pairs(tracks: list[Track], poses: Sequence[Floats], t: int) -> list[tuple[float, int, Track]]:
    """Every pose that a track may go on with, and how far it is: necks in lengths, less for alike joints."""
    pairs = []
    for track in tracks:
        last = max(track.seen)
        for n, pose_J3 in enumerate(poses):
            before_J3 = track.seen[last]
            size = max(length(before_J3), length(pose_J3))
            far = float(np.linalg.norm(_neck(before_J3) - _neck(pose_J3))) / size
            if far <= _REACH * (t - last):
                pairs.append((far - _REACH * oks(before_J3, pose_J3), n, track))
    return pairs


def table(tracks: Sequence[Track], frames: int, *, people: int, gap: int = 5) -> tuple[Numbers, Floats]:
    """Numbers (M,) and poses (T, M, 14, 3) of the `people` surest tracks; a row of zeros is nobody.

    Who is seen in one of several frames only is nobody: that is what the network mistakes for people. Gaps of
    at most `gap` frames are filled along straight lines, with half the lesser confidence.
    """
    lasting = [track for track in tracks if len(track.seen) >= min(_LEAST_FRAMES, frames)]
    surest = sorted(lasting, key=lambda track: -sum(map(score, track.seen.values())))[:people]
    poses_TMJ3 = np.zeros((frames, len(surest), len(JOINTS), 3), np.float32)
    for m, track in enumerate(surest):
        for t, pose_J3 in track.seen.items():
            poses_TMJ3[t, m] = pose_J3
        times = sorted(track.seen)
        for first, last in pairwise(times):
            if 1 < last - first <= gap + 1:
                poses_TMJ3[first + 1 : last, m] = _between(track.seen[first], track.seen[last], last - first)
    return np.array([track.number for track in surest], np.int32), poses_TMJ3


def _between(one_J3: Floats, other_J3: Floats, steps: int) -> Floats:
    """The poses of the steps between two, of the joints that both have."""
    share_K11 = (np.arange(1, steps) / steps)[:, None, None]
    poses_KJ3 = np.asarray(one_J3 + share_K11 * (other_J3 - one_J3), np.float32)
    sure_J = np.minimum(one_J3[:, 2], other_J3[:, 2])
    poses_KJ3[..., 2] = sure_J / 2
    poses_KJ3[:, sure_J == 0] = 0
    return poses_KJ3


def _neck(pose_J3: Numbers) -> Numbers:
    """Where the neck is; the middle of what was seen where it was not."""
    if pose_J3[NECK, 2] > 0:
        return np.asarray(pose_J3[NECK, :2])
    return np.asarray(pose_J3[pose_J3[:, 2] > 0, :2].mean(0))

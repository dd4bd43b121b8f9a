"""Videos of challenges, whole or cut to their segments, as they lie on a disk after downloading."""

from collections.abc import Mapping
from pathlib import Path

from training.ml.datasets.base import Sample

SIDES = {
    "train": "train", "training": "train",
    "val": "val", "validate": "val", "validation": "val",
    "test": "test", "testing": "test", "holdout": "test",
}  # fmt: skip
"""The sides by the names that lists give them."""
Videos = Mapping[str, list[Path]]


def whole_sample(
    root: Path, videos: Videos, *, video: str, label: str, seconds: tuple[float, float], side: str
) -> Sample:
    """Those seconds of the video `v_ID` or `ID`; of the path that it should have, where it is not there."""
    there = [*_of(videos, f"v_{video}", label), *_of(videos, video, label), root / f"v_{video}.mp4"]
    return Sample(path=there[0], label=label, seconds=seconds, group=video, split=side)


def trimmed_sample(
    root: Path, videos: Videos, *, video: str, label: str, seconds: tuple[float, float], side: str
) -> Sample:
    """The file `ID_000012_000022` of a segment alone, or those seconds of the whole video `ID`.

    A sample of which neither is there keeps the path that the first should have.
    """
    name = f"{video}_{seconds[0]:06.0f}_{seconds[1]:06.0f}"
    for alone in _of(videos, name, label):
        return Sample(path=alone, label=label, group=video, split=side)
    if video in videos:
        return whole_sample(root, videos, video=video, label=label, seconds=seconds, side=side)
    return Sample(path=root / label / f"{name}.mp4", label=label, group=video, split=side)


def _of(videos: Videos, name: str, label: str) -> list[Path]:
    """The files of that name, first those in a folder named after the label."""
    return sorted(videos.get(name, ()), key=lambda path: path.parent.name != label)

"""ActivityNet's JSON, and lists that are made like it: segments of long videos, by subset.

Caba Heilbron et al.: "ActivityNet: A Large-Scale Video Benchmark for Human Activity Understanding" (CVPR
2015). `{"database": {ID: {"duration", "subset", "annotations": [{"label", "segment": [start, end]}]}}}`, or
the videos without `database` around them; a single annotation need not be in a list. A video of the testing
subset has none, and is no sample.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from training.ml.datasets.base import Check, Dataset, Sample
from training.ml.datasets.readers.places import videos_in
from training.ml.datasets.readers.segments import SIDES, Videos, whole_sample
from training.ml.datasets.readers.sides import by_split
from training.ml.datasets.text import folder_of, json_of, refuse, text_of
from training.ml.errors import BadFile


def read(root: Path) -> Dataset:
    """Every segment as a sample: of the JSON file at `root`, or of the only one in it or its `annotations`.

    Segments that end before they begin are left out, and said by a check. Raises BadFile, which names the
    file and the line of the video.
    """
    path = root if root.is_file() else _list(folder_of(root))
    videos = videos_in(path.parent if root.is_file() else root)
    folder = path.parent if root.is_file() else root
    samples, empty, unlabelled = [], [], 0
    for video, facts in database_of(path, json_of(path)).items():
        side = side_of(path, video, facts)
        segments = list(segments_of(path, video, facts))
        unlabelled += not segments
        for label, start, end in segments:
            if start >= end:
                empty.append(f"{video} [{start:g}, {end:g}]")
            else:
                samples.append(_sample(folder, videos, video, label, (start, end), side))
    classes = sorted({sample.label for sample in samples})
    some = f" ({', '.join(empty[:3])})" if empty else ""
    sentence = f"Empty segments, which are left out: {len(empty)}{some}."
    checks = (Check(not empty, sentence), Check(True, f"Videos without an annotation: {unlabelled}."))
    return by_split(
        Dataset(name="activitynet", classes=tuple(classes), samples=tuple(samples), checks=checks)
    )


def _sample(
    folder: Path, videos: Videos, video: str, label: str, seconds: tuple[float, float], side: str
) -> Sample:
    return whole_sample(
        folder, videos, video=video.removeprefix("v_"), label=label, seconds=seconds, side=side
    )


def _list(root: Path) -> Path:
    found = sorted([*root.glob("*.json"), *(root / "annotations").glob("*.json")])
    if len(found) != 1:
        raise BadFile(
            f"{len(found)} JSON files lie in {root} or its annotations, and one is wanted: name the file."
        )
    return found[0]


def database_of(path: Path, whole: Any) -> Mapping[str, Any]:
    """The videos by their ids of what the file holds. Raises BadFile where it holds none."""
    database = whole.get("database", whole) if isinstance(whole, dict) else None
    if not isinstance(database, dict) or not database:
        raise BadFile(f"{path.name} holds no videos by their ids: it is no list like ActivityNet's.")
    return database


def side_of(path: Path, video: str, facts: Any) -> str:
    """The side of a video; "" where the list names no subset. Raises BadFile with the line of the video."""
    if not isinstance(facts, dict):
        _refuse(path, video, "tells no facts of a video")
    subset = facts.get("subset", "")
    if subset and (not isinstance(subset, str) or subset.lower() not in SIDES):
        _refuse(path, video, f"has a video of the subset {subset!r}, and none of {', '.join(SIDES)}")
    return SIDES[subset.lower()] if subset else ""


def segments_of(path: Path, video: str, facts: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    """Label, start and end in seconds of each annotation. Raises BadFile with the line of the video."""
    given = facts.get("annotations", [])
    for n, each in enumerate(given if isinstance(given, list) else [given]):
        what = f"annotations[{n}]"
        label = each.get("label") if isinstance(each, dict) else None
        segment = each.get("segment") if isinstance(each, dict) else None
        if not isinstance(label, str) or not label:
            _refuse(path, video, f"has a video whose {what} has no label")
        if not isinstance(segment, list) or len(segment) != 2 or not all(map(_is_number, segment)):
            _refuse(path, video, f"has a video whose {what} has no segment of two numbers of seconds")
        yield label, float(segment[0]), float(segment[1])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _refuse(path: Path, video: str, wrong: str) -> NoReturn:
    refuse(path, line_of(path, video), wrong)


def line_of(path: Path, video: str) -> int:
    """The line on which the video's id stands, from 1."""
    before, _, _ = text_of(path).partition(f'"{video}"')
    return before.count("\n") + 1

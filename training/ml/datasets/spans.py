"""What happens when in long videos, as truth and as what a detector found: JSON, tables and manifests.

| file | what it holds |
| --- | --- |
| `.csv`, `.tsv`, `.txt` | columns `video`, `start`, `end`, `label`, and `score` of what was found |
| `.json`, a list | objects with these keys |
| `.json`, an object | ActivityNet's: seconds |
| `.jsonl` | truth alone: the manifest of a frozen data set of Rushes, frames of so many a second |

ActivityNet (Caba Heilbron et al., CVPR 2015) has its truth as the reader of that name says, and what was
found as `{"results": {ID: [{"label", "score", "segment": [start, end]}]}}`.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from training.ml.datasets.readers.activitynet import database_of, line_of, segments_of, side_of
from training.ml.datasets.text import json_of, refuse, table_of, text_of
from training.ml.errors import BadFile
from training.ml.manifest import read as read_manifest

Unit = Literal["seconds", "frames"]
COLUMNS = ("video", "start", "end", "label")
_ITEM = re.compile(r"[^\s,]")
"""Where an object of a list begins, or its end."""


@dataclass(frozen=True)
class Told:
    """What happens in a video from `start` to `end`; `side` is the subset that a truth puts the video in."""

    video: str
    label: str
    start: float
    end: float
    score: float = 1.0
    side: str = ""


def truth_of(path: Path, unit: Unit) -> tuple[Told, ...]:
    """What is true, in seconds or frames. Raises BadFile or BadManifest, which name the file and the line.

    Plain files are taken to be in that unit; ActivityNet's are in seconds, and manifests can be told in both.
    """
    if path.suffix == ".jsonl":
        return tuple(_of_manifest(path, unit))
    if path.suffix == ".json" and isinstance(whole := json_of(path), dict):
        _seconds(path, unit)
        return tuple(_of_database(path, whole))
    return tuple(_plain(path, ()))


def found_of(path: Path, unit: Unit) -> tuple[Told, ...]:
    """What was found, each with its score, in the unit of the truth. Raises BadFile as `truth_of` does."""
    if path.suffix == ".json" and isinstance(whole := json_of(path), dict):
        _seconds(path, unit)
        results = whole.get("results")
        if not isinstance(results, dict):
            raise BadFile(f"{path.name} is neither a list of spans nor has it ActivityNet's results.")
        return tuple(_of_results(path, results))
    return tuple(_plain(path, ("score",)))


def _seconds(path: Path, unit: Unit) -> None:
    if unit != "seconds":
        raise BadFile(f"{path.name} is ActivityNet's, in seconds: it cannot be told in {unit}.")


def _of_manifest(path: Path, unit: Unit) -> Iterator[Told]:
    manifest = read_manifest(path)
    names = {each.id: each.name for each in manifest.classes}
    for clip in manifest.clips:
        by = clip.fps if unit == "seconds" else 1.0
        yield Told(clip.name, names[clip.label], clip.start / by, clip.end / by, side=clip.split)


def _of_database(path: Path, whole: Mapping[str, Any]) -> Iterator[Told]:
    for video, facts in database_of(path, whole).items():
        side = side_of(path, video, facts)
        for label, start, end in segments_of(path, video, facts):
            if start > end:
                refuse(path, line_of(path, video), f"has a segment of {label} that ends before it starts")
            yield Told(video, label, start, end, side=side)


def _of_results(path: Path, results: Mapping[str, Any]) -> Iterator[Told]:
    for video, rows in results.items():

        def wrong(what: str, video: str = video) -> NoReturn:
            refuse(path, line_of(path, video), f"{what}, among the results of {video}")

        for row in rows if isinstance(rows, list) else [rows]:
            segment = row.get("segment") if isinstance(row, dict) else None
            if not isinstance(segment, list) or len(segment) != 2:
                wrong("has no segment of two numbers")
            yield _told({**row, "video": video, "start": segment[0], "end": segment[1]}, ("score",), wrong)


def _plain(path: Path, more: tuple[str, ...]) -> Iterator[Told]:
    rows = _objects(path) if path.suffix == ".json" else _cells(path, (*COLUMNS, *more))
    for line, row in rows:

        def wrong(what: str, line: int = line) -> NoReturn:
            refuse(path, line, what)

        yield _told(row, more, wrong)


def _cells(path: Path, wanted: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = table_of(path)
    line, header = next(rows, (1, []))
    names = [name.lower() for name in header]
    for name in wanted:
        if names.count(name) != 1:
            refuse(path, line, f"must name the column {name} once; it names {', '.join(names) or 'nothing'}")
    for number, cells in rows:
        if len(cells) != len(names):
            refuse(path, number, f"has {len(cells)} values where {len(names)} columns are named")
        yield number, dict(zip(names, cells, strict=True))


def _objects(path: Path) -> Iterator[tuple[int, Any]]:
    """The objects of a list in JSON that can be read, each with the line on which it begins."""
    if not isinstance(json_of(path), list):
        raise BadFile(f"{path.name} holds no list of spans.")
    text, decoder = text_of(path), json.JSONDecoder()
    at, line, before = text.index("[") + 1, 1, 0
    while True:
        at = next(_ITEM.finditer(text, at)).start()
        if text[at] == "]":
            return
        line, before = line + text.count("\n", before, at), at
        value, at = decoder.raw_decode(text, at)
        yield line, value


def _told(row: Any, more: tuple[str, ...], wrong: Callable[[str], NoReturn]) -> Told:
    if not isinstance(row, Mapping):
        wrong(f"has no object with {', '.join((*COLUMNS, *more))}")
    for name in ("video", "label"):
        if not isinstance(row.get(name), str) or not row[name]:
            wrong(f"has no {name}")
    numbers = {}
    for name in ("start", "end", *more):
        value = _number(row.get(name))
        if value is None:
            wrong(f"has no {name} that is a number, but {row.get(name)!r}")
        numbers[name] = value
    if numbers["start"] > numbers["end"]:
        wrong(f"has a span that ends at {numbers['end']:g}, before it starts at {numbers['start']:g}")
    return Told(row["video"], row["label"], numbers["start"], numbers["end"], numbers.get("score", 1.0))


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None

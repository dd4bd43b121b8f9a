"""Kinetics-400, 600 and 700: lists of ten-second segments of videos, by side.

Kay et al.: "The Kinetics Human Action Video Dataset" (2017, arXiv 1705.06950). Columns
`label,youtube_id,time_start,time_end,split`, others left alone; the test list may lack `label`. Lists of
lines `path label` or `path frames label` are read too: the label is a number or a word without blanks, and
with a number of frames the path is a folder of pictures.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path

from training.ml.datasets.base import Dataset, Holds, Sample, natural
from training.ml.datasets.readers.places import videos_in
from training.ml.datasets.readers.segments import SIDES, Videos, trimmed_sample
from training.ml.datasets.readers.sides import by_split
from training.ml.datasets.text import folder_of, lines_of, refuse, table_of
from training.ml.errors import BadFile

COLUMNS = ("youtube_id", "time_start", "time_end")
ENDINGS = (".csv", ".txt")
_SIMPLE = re.compile(r"(?P<path>\S.*?)[\s,]+(?:(?P<frames>\d+)[\s,]+)?(?P<label>[^\s,]+)")


def read(root: Path) -> Dataset:
    """The segments of every list in `root` or its `annotations`, or of one list where `root` is that.

    A list without a column `split` is of the side that its name tells. Raises BadFile, which names the list
    and the line.
    """
    folder = root.parent if root.is_file() else folder_of(root)
    lists = [root] if root.is_file() else _lists(root)
    videos = videos_in(folder)
    samples = [sample for path in lists for sample in _listed(path, folder, videos)]
    classes = sorted({sample.label for sample in samples} - {""}, key=natural)
    return by_split(Dataset(name="kinetics", classes=tuple(classes), samples=tuple(samples)))


def _lists(root: Path) -> list[Path]:
    found = [
        path
        for folder in (root, root / "annotations")
        for path in sorted(folder.glob("*"))
        if path.suffix in ENDINGS and path.is_file()
    ]
    if not found:
        raise BadFile(f"No list (.csv, .txt) lies in {root} or its annotations: put train.csv there.")
    return found


def side_named(path: Path) -> str:
    """The side that a list's name tells: `kinetics_400_val.csv` is val. Raises BadFile for another name."""
    told = {SIDES[word] for word in re.split(r"[^a-z]+", path.stem.lower()) if word in SIDES}
    if len(told) != 1:
        raise BadFile(f"The name of {path.name} does not tell its side: call it train, val or test.")
    return told.pop()


def _listed(path: Path, folder: Path, videos: Videos) -> list[Sample]:
    first = lines_of(path)[0][1]
    if "youtube_id" not in first:
        side = side_named(path)
        return [_simple(path, line, text, folder, side) for line, text in lines_of(path)]
    rows = table_of(path)
    top, header = next(rows)
    places = {name: header.index(name) for name in header}
    for name in COLUMNS:
        if name not in places:
            refuse(path, top, f"names no column {name}")
    side = "" if "split" in places else side_named(path)
    found = []
    for line, cells in rows:
        if len(cells) != len(header):
            refuse(path, line, f"has {len(cells)} values where {len(header)} columns are named")
        found.append(_row(path, line, {name: cells[at] for name, at in places.items()}, folder, videos, side))
    return found


def _row(path: Path, line: int, row: Mapping[str, str], folder: Path, videos: Videos, side: str) -> Sample:
    if not row["youtube_id"]:
        refuse(path, line, "names no video")
    told = row.get("split", side).lower()
    if told not in SIDES:
        refuse(path, line, f'has the split "{told}" and none of {", ".join(SIDES)}')
    side = SIDES[told]
    if not row.get("label") and side != "test":
        refuse(path, line, "has no label")
    start, end = (_seconds(path, line, name, row[name]) for name in ("time_start", "time_end"))
    if start >= end:
        refuse(path, line, f"ends at {end:g} s, which is not after its start at {start:g} s")
    return trimmed_sample(
        folder, videos, video=row["youtube_id"], label=row.get("label", ""), seconds=(start, end), side=side
    )


def _simple(path: Path, line: int, text: str, folder: Path, side: str) -> Sample:
    parts = _SIMPLE.fullmatch(text)
    if parts is None:
        refuse(path, line, f'is "{text}" and no path with a label')
    frames = parts["frames"]
    return Sample(
        path=folder / parts["path"],
        label=parts["label"],
        holds=Holds.VIDEO if frames is None else Holds.PICTURES,
        start=None if frames is None else 0,
        end=None if frames is None else int(frames),
        group=Path(parts["path"]).stem,
        split=side,
    )


def _seconds(path: Path, line: int, name: str, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        refuse(path, line, f'has "{cell}" as {name}, where seconds belong')
    return value

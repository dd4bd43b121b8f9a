"""Changed copies of a folder of videos, written as videos, with a table of their labels.

The folder of a video is its class. A copy hangs on the seed, its video's place in the folder and its number
alone; what is whole and in the table is not made again. Copies are proxies: closed GOPs, read exactly.
"""

import csv
import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame

from curation.media.frames import StreamInfo
from curation.media.proxies import ProxySink
from training.ml.augment.clips import Clips, as_bytes
from training.ml.augment.files import to_facts
from training.ml.augment.pipeline import BadPipeline, Pipeline
from training.ml.augment.reading import video
from training.ml.errors import LearningError, TooLittle
from training.ml.sheets import Picture

VIDEOS = {".mp4", ".avi", ".mkv", ".mov", ".webm", ".ts", ".m4v", ".mpg", ".mpeg"}
TABLE, SETTINGS = "labels.csv", "pipeline.json"
_COLUMNS = ("file", "label", "source", "source_bytes", "copy", "drawn")
_TICKS = 90_000
Told = Callable[[int, int], None]
"""Told the copies that are there, and how many there will be."""


class OtherExport(LearningError):  # noqa: N818
    """A folder that holds copies made in another way."""


@dataclass(frozen=True)
class Copy:
    """One row of the table; paths are relative to the folder that is written, and to that which is read."""

    file: str
    label: str
    source: str
    source_bytes: int
    copy: int
    drawn: str


def export(
    folder: Path,
    out: Path,
    pipeline: Pipeline,
    *,
    copies: int,
    seed: int = 0,
    height: int = 480,
    report: Told | None = None,
) -> list[Copy]:
    """Write `copies` of each video below `folder`, frames made `height` px high first; all rows of the table.

    Goes on where it was broken off. Raises TooLittle without videos, OtherExport where `out` holds others,
    BadPipeline for mixes, which need a batch, and MediaError for a video that cannot be read.
    """
    if pipeline.mixes:
        raise BadPipeline("Mixes need a batch of clips: take them out of the pipeline to write single ones.")
    found = sorted(
        each for each in folder.rglob("*") if each.suffix.lower() in VIDEOS and out not in each.parents
    )
    if not found:
        raise TooLittle(f"There are no videos below {folder}: give a folder with one folder a class.")
    _settle(out, {"pipeline": to_facts(pipeline), "seed": seed, "height": height})
    done = {(each.source, each.copy): each for each in _written(out)}
    rows: list[Copy] = []
    wanted = len(found) * copies
    for path in found:
        name, size = path.relative_to(folder).as_posix(), path.stat().st_size
        ready = [done.get((name, n)) for n in range(1, copies + 1)]
        if all(each and each.source_bytes == size and (out / each.file).is_file() for each in ready):
            rows += [each for each in ready if each]
        else:
            for row in _copies(path, name, out, pipeline, copies, seed, height):
                rows.append(row)
                _table(out, [*rows, *(each for key, each in done.items() if key not in _keys(rows))])
                if report:
                    report(len(rows), wanted)
        if report:
            report(len(rows), wanted)
    _table(out, rows)
    return rows


def _copies(
    path: Path, name: str, out: Path, pipeline: Pipeline, copies: int, seed: int, height: int
) -> Iterator[Copy]:
    source = video(path, height=height)
    parent = Path(name).parent.as_posix()
    label = "" if parent == "." else parent
    sides = {a: b for pair in pipeline.swaps for a, b in (pair, pair[::-1])}
    for n in range(1, copies + 1):
        generator = np.random.default_rng([seed, zlib.crc32(name.encode()), n])
        view = pipeline.draw(generator, source.clips.shape)
        shown = replace(pipeline, swaps=()).show(source.clips, [view])
        shows = sides.get(label, label) if view.mirrored else label
        file = Path(shows) / f"{Path(name).name}.{n}.mp4"
        if view.mirrored and shows != label:
            file = file.with_name(f"{label.replace('/', '_')}.{file.name}")  # its namesake may be there
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        write_video(shown, out / file, source.rate)
        yield Copy(file.as_posix(), shows, name, path.stat().st_size, n, view.caption)


def write_video(clips: Clips, path: Path, rate: Fraction) -> None:
    """The first clip's pictures as a proxy of `rate` frames a second, whole or not at all."""
    pictures: list[Picture] = list(as_bytes(clips.x[0], clips.kind).permute(1, 2, 3, 0).contiguous().numpy())
    height, width = pictures[0].shape[:2]
    part = path.with_name(f"{path.name}.part")
    sink = ProxySink(part, height)
    stream = StreamInfo(
        width=width,
        height=height,
        rotation=0,
        sample_aspect_ratio=Fraction(1),
        display_width=width,
        display_height=height,
        pix_fmt="rgb24",
        bit_depth=8,
        full_range=True,
        interlaced=False,
        time_base=Fraction(1, _TICKS),
        fps=rate,
        frames_hint=len(pictures),
    )
    sink.open(stream)
    for n, picture in enumerate(pictures):
        sink.take(n, round(n * _TICKS / rate), VideoFrame.from_ndarray(picture, "rgb24"))
    sink.close()
    os.replace(part, path)  # noqa: PTH105 - Path.replace is the same call


def _settle(out: Path, settings: dict[str, object]) -> None:
    """Keep how the copies are made, or see that those that are there were made so."""
    out.mkdir(parents=True, exist_ok=True)
    path, text = out / SETTINGS, json.dumps(settings, indent=2) + "\n"
    if path.exists() and path.read_text() != text:
        raise OtherExport(f"{out} holds clips of another pipeline, seed or height: choose an empty folder.")
    path.write_text(text)


def _written(out: Path) -> list[Copy]:
    path = out / TABLE
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    try:
        return [
            Copy(r["file"], r["label"], r["source"], int(r["source_bytes"]), int(r["copy"]), r["drawn"])
            for r in rows
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise OtherExport(f"{path} is no table of this export: choose an empty folder.") from error


def _keys(rows: list[Copy]) -> set[tuple[str, int]]:
    return {(row.source, row.copy) for row in rows}


def _table(out: Path, rows: list[Copy]) -> None:
    part = out / f"{TABLE}.part"
    with part.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(_COLUMNS)
        table.writerows([getattr(row, name) for name in _COLUMNS] for row in rows)
    os.replace(part, out / TABLE)  # noqa: PTH105

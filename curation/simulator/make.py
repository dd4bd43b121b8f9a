"""Films whole orders with several processes and writes the tables of what is true beside them."""

from __future__ import annotations

import csv
import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from tempfile import TemporaryFile

import cv2
from tqdm import tqdm

from curation.simulator import film, scenes
from curation.simulator.body import subject
from curation.simulator.plan import CLOCK, Order, Shot, scenes_of, shots
from curation.simulator.scenes import Scene

SPAN = ("file", "label", "subject", "camera", "start", "end")
_painted: dict[tuple[object, ...], Scene] = {}


def _start(painted: dict[tuple[object, ...], Scene]) -> None:
    cv2.setNumThreads(1)
    _painted.update(painted)


def _paint(key: tuple[str, bool, int, int, int]) -> tuple[tuple[object, ...], Scene]:
    return key, scenes.scene(*key)


def _film(task: tuple[Shot, Path]) -> int:
    shot, folder = task
    film.write(shot, _painted[shot.camera, shot.night, *shot.size, shot.world], folder)
    return shot.frames


def make(order: Order, folder: Path, jobs: int = 1) -> list[Shot]:
    """Film an order into a folder and write its tables; ``jobs`` processes change nothing but the time.

    Raises OSError, before anything is drawn where nothing can be written there.
    """
    plan = shots(order)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder):
        pass
    spawn = multiprocessing.get_context("spawn")
    keys = scenes_of(plan)
    jobs = max(1, min(jobs, len(plan)))
    with ProcessPoolExecutor(jobs, spawn, _start, ({},)) as pool:
        painted = dict(tqdm(pool.map(_paint, keys), "painting scenes", len(keys), unit="scene"))
    longest_first = sorted(plan, key=lambda shot: -shot.frames)
    with (
        ProcessPoolExecutor(jobs, spawn, _start, (painted,)) as pool,
        tqdm(desc="filming", total=sum(shot.frames for shot in plan), unit="frame") as bar,
    ):
        tasks = [pool.submit(_film, (shot, folder)) for shot in longest_first]
        for task in as_completed(tasks):
            bar.update(task.result())
    tables(plan, folder)
    return plan


def tables(plan: Sequence[Shot], folder: Path) -> None:
    """Write labels.csv, segments.csv, faults.csv and files.csv beside the videos."""
    names = [
        subject(i, plan[0].world).name if plan else ""
        for i in range(1 + max((max(s.people) for s in plan), default=0))
    ]
    labels = [(s.file, _said(s.label), names[s.people[0]], s.camera, "", "") for s in plan if s.label]
    segments = [
        (s.file, _said(part.label), names[s.people[part.who]], s.camera, part.start, part.end)
        for s in plan
        for part in s.segments
        if s.label is None or part.end - part.start < s.frames
    ]
    broken = [(s.file, f.fault, f.start, f.end, f.strength) for s in plan for f in s.faults]
    files = [
        (s.file, s.camera, "night" if s.night else "day", s.frames, s.encoding.rate,
         "variable" if s.encoding.variable else "constant", s.encoding.bframes,
         round(s.encoding.late / CLOCK, 4), s.encoding.crf, int(s.codes), s.when.isoformat())
        for s in plan
    ]  # fmt: skip
    head = (
        "file",
        "camera",
        "light",
        "frames",
        "fps",
        "rate",
        "bframes",
        "late_seconds",
        "crf",
        "codes",
        "recorded_at",
    )
    _table(folder / "labels.csv", SPAN, labels)
    _table(folder / "segments.csv", SPAN, segments)
    _table(folder / "faults.csv", ("file", "fault", "start", "end", "strength"), broken)
    _table(folder / "files.csv", head, files)


def _said(action: str) -> str:
    """An action as a person writes it: it becomes the name of a class as it stands."""
    return action.replace("_", " ").capitalize()


def _table(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)

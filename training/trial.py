"""A trial: what a model says about the recordings of a folder, held against that folder's labels. No Django.

What is said is written down, as bytes, before the labels are opened; scoring reads those bytes back.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from labelling.formats.labels_csv import LabelRow
from training.ml.metrics import NOTHING, macro_f1, top1

DIGITS = 6
Grid = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class ClipSaid:
    """What was said about frames `[start, end)` of a file.

    `scores` has a probability a class, `grid[method][n]` the class that `n` frames chosen by `method` show.
    """

    start: int
    end: int
    scores: Mapping[str, float]
    grid: Grid


@dataclass(frozen=True)
class TrialScore:
    """How many rows were named rightly, of all; `curve[method][n]` with n frames a clip."""

    rows: int
    top1: float
    macro_f1: float
    curve: dict[str, dict[str, float]]


def written(said: Mapping[str, Sequence[ClipSaid]]) -> bytes:
    """Predictions as JSON lines, a file a line by name: the same ones are always the same bytes."""
    lines = []
    for file in sorted(said):
        clips = [
            {
                "start": clip.start,
                "end": clip.end,
                "scores": {name: round(p, DIGITS) for name, p in clip.scores.items()},
                "grid": clip.grid,
            }
            for clip in sorted(said[file], key=lambda clip: clip.start)
        ]
        lines.append(json.dumps({"file": file, "clips": clips}, sort_keys=True) + "\n")
    return "".join(lines).encode()


def read(data: bytes) -> dict[str, tuple[ClipSaid, ...]]:
    """What `written` wrote, by file."""
    lines: Iterable[dict[str, Any]] = map(json.loads, data.decode().splitlines())
    return {line["file"]: tuple(ClipSaid(**clip) for clip in line["clips"]) for line in lines}


def score(rows: Sequence[LabelRow], said: Mapping[str, Sequence[ClipSaid]]) -> TrialScore:
    """Hold predictions against labels. A row of whose file nothing was said counts as wrong.

    Where a row's frames were cut into several clips, each speaks for as many frames as it shares with it.
    """
    heard = [_overlapping(row, _clips_of(row.file, said)) for row in rows]
    return TrialScore(
        rows=len(rows),
        top1=_top1(rows, [_best(clips) for clips in heard]),
        macro_f1=_macro_f1(rows, [_best(clips) for clips in heard]),
        curve={
            method: {n: _top1(rows, [_vote(clips, method, n) for clips in heard]) for n in budgets}
            for method, budgets in _asked(said).items()
        },
    )


def _clips_of(file: str, said: Mapping[str, Sequence[ClipSaid]]) -> Sequence[ClipSaid]:
    """By its path in the folder, or where a table names it otherwise, by its name if only one has it."""
    path = PurePosixPath(file.replace("\\", "/"))
    if path.as_posix() in said:
        return said[path.as_posix()]
    named = [clips for name, clips in said.items() if PurePosixPath(name).name == path.name]
    return named[0] if len(named) == 1 else ()


def _overlapping(row: LabelRow, clips: Sequence[ClipSaid]) -> list[tuple[int, ClipSaid]]:
    """The clips that share frames with a row, and how many."""
    if row.start is None or row.end is None:
        return [(clip.end - clip.start, clip) for clip in clips]
    shared = [(min(clip.end, row.end) - max(clip.start, row.start), clip) for clip in clips]
    return [(frames, clip) for frames, clip in shared if frames > 0]


def _best(clips: list[tuple[int, ClipSaid]]) -> str | None:
    totals: dict[str, float] = defaultdict(float)
    for frames, clip in clips:
        for name, p in clip.scores.items():
            totals[name] += frames * p
    return max(sorted(totals), key=lambda name: totals[name]) if totals else None


def _vote(clips: list[tuple[int, ClipSaid]], method: str, budget: str) -> str | None:
    votes: Counter[str] = Counter()
    for frames, clip in clips:
        if name := clip.grid.get(method, {}).get(budget):
            votes[name] += frames
    return max(sorted(votes), key=lambda name: votes[name]) if votes else None


def _asked(said: Mapping[str, Sequence[ClipSaid]]) -> dict[str, list[str]]:
    """Methods, and their budgets in order."""
    budgets: dict[str, set[str]] = defaultdict(set)
    for clip in (clip for clips in said.values() for clip in clips):
        for method, known in clip.grid.items():
            budgets[method] |= set(known)
    return {method: sorted(budgets[method], key=int) for method in sorted(budgets)}


def _top1(rows: Sequence[LabelRow], names: Sequence[str | None]) -> float:
    return top1(*_numbers(rows, names)[:2])


def _macro_f1(rows: Sequence[LabelRow], names: Sequence[str | None]) -> float:
    return macro_f1(*_numbers(rows, names))


def _numbers(rows: Sequence[LabelRow], names: Sequence[str | None]) -> tuple[Any, Any, int]:
    """Truth and prediction as class numbers; classes are told apart as the label set does, by casefold."""
    folded = [None if name is None else name.casefold() for name in names]
    classes = sorted({row.label.casefold() for row in rows} | {name for name in folded if name is not None})
    place = {name: number for number, name in enumerate(classes)}
    truth = np.array([place[row.label.casefold()] for row in rows], np.int64)
    said = np.array([NOTHING if name is None else place[name] for name in folded], np.int64)
    return truth, said, len(classes)

"""Which of the simulator's faults the gate finds, and what it rejects besides, in one run.

`python -m tests.bench.bench_faults [FOLDER]`: a folder that the simulator filled; without one, long
recordings of four cameras by day and night are made. A fault is found where at least nine tenths of its
frames are rejected with the default thresholds; frames at its edges do not count as rejected besides.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from curation.media.decode import decode_pass
from curation.onepass import ScorerSink
from curation.quality.verdict import Thresholds, judge
from curation.simulator.__main__ import PRESETS
from curation.simulator.make import make

ORDER = replace(PRESETS["demo"], seed=7, clips=0, hours=0.12, recording_seconds=(100.0, 110.0))
FOUND = 0.9
EDGE = 5
"""Frames beside a fault that belong to neither: what holds a frame against its neighbours reaches so far."""


def main(arguments: list[str]) -> None:
    """Print a line a fault and a line for everything else."""
    if arguments:
        tell(Path(arguments[0]))
        return
    with tempfile.TemporaryDirectory() as folder:
        make(ORDER, Path(folder), 2)
        tell(Path(folder))


def tell(folder: Path) -> None:
    """Score every recording that has faults, and count."""
    faults: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    with (folder / "faults.csv").open(newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            faults[row["file"]].append((row["fault"], int(row["start"]), int(row["end"])))
    shares: dict[str, list[float]] = defaultdict(list)
    good = besides = 0
    for file, injected in sorted(faults.items()):
        rejected = rejected_of(folder / file)
        sound = np.ones(len(rejected), dtype=np.bool_)
        for fault, start, end in injected:
            shares[fault].append(float(rejected[start:end].mean()))
            sound[max(0, start - EDGE) : end + EDGE] = False
        good, besides = good + int(sound.sum()), besides + int((rejected & sound).sum())
    for fault, found in sorted(shares.items()):
        whole = sum(share >= FOUND for share in found)
        print(f"{fault:12s} {whole} of {len(found)} found, {np.mean(found):.2f} of the frames")
    print(f"{besides} of {good} sound frames rejected besides ({besides / max(1, good):.2%})")


def rejected_of(path: Path) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which frames of a recording the default gate rejects."""
    scorer = ScorerSink()
    index = decode_pass(path, [scorer]).index
    rejected = np.zeros(len(index), dtype=np.bool_)
    for span in judge(scorer.metrics, Thresholds(), index.fps):
        rejected[span.start : span.end] = True
    return rejected


if __name__ == "__main__":
    main(sys.argv[1:])

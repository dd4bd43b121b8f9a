"""A recipe of the app on real recordings, each group tested once, beside a plain baseline on the same folds.

`python -m tests.bench.bench_rotations FOLDER --by COLUMN [--recipe NAME] [--folds N] [--kept DIR]`: as
`bench_actions`, but without the application around it: clips are read once, not once a fold, and learned
from as a run does. A quarter of the groups of the train side choose epochs. *Reading* is of the clips of the
train side, *learning* of the run, both in seconds of one processor core. `--kept` is
where what was read is kept from one call to the next. WEIGHTS_DIR says where weights are.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import torch

from tests.bench.bench_actions import BASELINES, Fold, Vectors, folds_of, rows_of, top1, vectors_of
from tests.bench.choosing import Reading, params_of, read_clips
from training.ml.features.eyes import eye_of
from training.ml.recipes import find_recipe
from training.ml.run import run

Counts = dict[str, float]


def main() -> None:
    """Print a line a fold and one for all of them; without a folder there is nothing to measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--by", default="subject")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--recipe", action="append", help="several are tested on the same folds")
    parser.add_argument("--kept", type=Path)
    arguments = parser.parse_args()
    if arguments.folder is None:
        print("not measured: name a FOLDER with recordings and a labels.csv")
        return
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    rows = rows_of(arguments.folder, arguments.by)
    baseline = vectors_of(arguments.folder, rows)
    folds = folds_of(rows, arguments.folds)
    with tempfile.TemporaryDirectory() as room:
        kept = (arguments.kept or Path(room)).resolve()
        plain = [_baselines(fold, baseline) for fold in folds]
        _told("plain baselines", folds, plain)
        for name in arguments.recipe or ["smart_motion"]:
            weights = os.environ.get("WEIGHTS_DIR", "")
            read = read_clips(arguments.folder, rows, eye_of(find_recipe(name), weights), kept / name)
            _told(name, folds, [_learned(fold, read, name, weights) for fold in folds])


def _told(name: str, folds: Sequence[Fold], found: Sequence[Counts]) -> None:
    print(name)
    for fold, counts in zip(folds, found, strict=True):
        print(f"  {len(fold.train)} + {len(fold.test)} clips  {_line(counts)}")
    clips = sum(len(fold.test) for fold in folds)
    shares = {
        each: sum(counts[each] * len(fold.test) for fold, counts in zip(folds, found, strict=True)) / clips
        for each in found[0]
        if "seconds" not in each
    }
    print(f"  all {clips} clips  {_line(shares)}", flush=True)


def _line(counts: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {number:.3f}" for name, number in counts.items())


def _baselines(fold: Fold, vectors: Mapping[str, Vectors]) -> Counts:
    return {name: top1(fold, {file: each[name] for file, each in vectors.items()}) for name in BASELINES}


def _learned(fold: Fold, read: Mapping[str, Reading], recipe: str, weights: str) -> Counts:
    """Top-1 of a run on the test side of a fold, and of its parts where it has some; its seconds."""
    with tempfile.TemporaryDirectory() as room:
        params = params_of(Path(room), fold.train, fold.test, read, seed=0)
        params |= {"recipe": recipe, "weights": weights, "overrides": {}, "compare": None}
        began = time.process_time()
        report = run(params, Path(room) / "out", lambda *_told, **_facts: None)
        learning = time.process_time() - began
    parts = {str(part["recipe"]): float(part["top1"] or 0) for part in report.get("parts", ())}
    reading = sum(read[row.file].seconds for row in fold.train)
    return {"top1": float(report["top1"]), **parts, "seconds reading": reading, "seconds learning": learning}


if __name__ == "__main__":
    main()

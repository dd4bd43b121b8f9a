"""SMART against other ways of choosing frames, on the same classifier: accuracy by the number of frames.

`python -m tests.bench.bench_selection [FOLDER --by COLUMN] [--recipe NAME] [--kept DIR] [--json]`: FOLDER
holds recordings and a labels.csv, whose column says who must not be on both sides. Without one, footage is
simulated in which the action takes at most a fifth of each video. Each group is tested once a seed; intervals
are of paired differences, 95 %, by drawing groups again. `--kept` is where features are kept from one call to
the next. WEIGHTS_DIR says where MobileNetV2's weights are.

*Frames* are those whose features the classifier is given. What looking at a clip to choose them takes is
counted in seconds: all ways read all candidates here, but SMART by `--recipe smart_glance`, which is timed
from the proxy to the class as suggestions are made.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from tqdm import tqdm

from curation.simulator.actions import BRIEF
from curation.simulator.make import make
from curation.simulator.plan import Order
from tests.bench.bench_actions import Fold, folds_of, rows_of
from tests.bench.choosing import EXIT, METHODS, Hits, Reading, Tested, brief, read_clips, tested
from tests.bench.glancing import Cost, cost_of
from training.ml.features.eyes import Eye, eye_of
from training.ml.intervals import by_group
from training.ml.recipes import find_recipe

BUDGETS = (1, 2, 3, 4, 6, 8, 12, 16, 25)
ALL = 1000
"""A budget that no clip has candidates for."""
SHARE = 0.2
"""Of a simulated video the action takes at most this part."""


@dataclass(frozen=True)
class Found:
    """Hits a clip, averaged over seeds, by method and budget, in the order of `groups`."""

    groups: Sequence[str]
    hits: Mapping[str, Mapping[int, Hits]]
    looked: Mapping[int, float]
    choosing: float
    cost: Cost | None = None

    def accuracy(self, method: str, budget: int) -> float:
        """The share of clips named rightly."""
        return float(self.hits[method][budget].mean())

    def against(self, method: str, budget: int, other: int | None = None) -> tuple[float, float, float]:
        """SMART at a budget less `method` at that (or the `other`) one: mean and interval, in points."""
        less = self.hits["smart"][budget] - self.hits[method][budget if other is None else other]
        low, high = by_group(less, self.groups)
        return tuple(round(100 * each, 1) for each in (float(less.mean()), low, high))  # type: ignore[return-value]


def main() -> None:
    """Print a table, or with --json one line; without a folder, of simulated footage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--by", default="subject")
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--clips", type=int, default=40, help="simulated clips of each action")
    parser.add_argument("--subjects", type=int, default=16)
    parser.add_argument("--recipe", default="smart_motion")
    parser.add_argument("--set", action="append", default=[], help="a number of the recipe: NAME=VALUE")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as room:
        told = measured(arguments, Path(room))
    print(json.dumps(told) if arguments.json else _table(told))


def measured(arguments: argparse.Namespace, room: Path) -> dict[str, Any]:
    """Everything that is told of one set."""
    kept = (arguments.kept or room / "features").resolve()
    folder = arguments.folder or film(kept / "footage", arguments.clips, arguments.subjects)
    rows = rows_of(folder, arguments.by)
    if (folder / "segments.csv").is_file():
        rows = list(brief(folder, rows, SHARE))
    eye = eye_of(find_recipe(arguments.recipe), os.environ.get("WEIGHTS_DIR", ""))
    read = read_clips(folder, rows, eye, kept)
    overrides = {
        name: json.loads(value) for name, _, value in (each.partition("=") for each in arguments.set)
    }
    runs = []
    folds = folds_of(rows, arguments.folds)
    with tqdm(total=arguments.seeds * len(folds), desc="learning", unit="run") as bar:
        for seed in range(arguments.seeds):
            for fold in folds:
                runs.append(_run(fold, read, seed, overrides, arguments.recipe))
                bar.update()
                bar.write(_line(runs[-1]), file=sys.stderr)
    seconds = float(np.mean([each.seconds for each in read.values()]))
    found = joined(runs, arguments.seeds)
    if isinstance(eye, Eye) and eye.extractor is not None:
        found = replace(found, cost=cost_of(runs[-1].model, eye.extractor, folder, runs[-1].rows, BUDGETS))
    return told_of(found, seconds) | {"clips": len(rows), "seeds": arguments.seeds}


def _run(fold: Fold, read: dict[str, Reading], seed: int, overrides: dict[str, Any], recipe: str) -> Tested:
    return tested(fold.train, fold.test, read, seed, (*BUDGETS, ALL), overrides, recipe)


def _line(run: Tested) -> str:
    at_four = "  ".join(f"{name} {by_budget[4].mean():.3f}" for name, by_budget in run.hits.items())
    return f"{len(run.rows)} clips, 4 frames each: {at_four}"


def film(folder: Path, clips: int, subjects: int) -> Path:
    """Footage of the brief actions, filmed once: the order names its folder."""
    folder = folder / f"{clips}-{subjects}"
    if not (folder / "segments.csv").is_file():
        order = Order(
            seed=11, cameras=4, subjects=subjects, clips=clips, hours=0, rates=(Fraction(15),),
            size=(480, 270), codes=False, actions=BRIEF,
        )  # fmt: skip
        make(order, folder)
    return folder


def joined(runs: Sequence[Tested], seeds: int) -> Found:
    """The runs of all folds and seeds, each clip once."""
    files = sorted({row.file for run in runs for row in run.rows})
    at = {file: place for place, file in enumerate(files)}
    group = {row.file: row.group for run in runs for row in run.rows}
    hits: dict[str, dict[int, Hits]] = {
        method: {n: np.zeros(len(files)) for n in (*BUDGETS, ALL)} for method in (*METHODS, EXIT)
    }
    for run in runs:
        places = [at[row.file] for row in run.rows]
        for method, by_budget in run.hits.items():
            for budget, share in by_budget.items():
                hits[method][budget][places] += share / seeds
    looked = {n: float(np.mean(np.concatenate([run.looked[n] for run in runs]))) for n in (*BUDGETS, ALL)}
    return Found(
        [group[file] for file in files], hits, looked, float(np.mean([run.choosing for run in runs]))
    )


def told_of(found: Found, seconds: float) -> dict[str, Any]:
    """Accuracies, differences with their intervals, frames at equal accuracy, and seconds."""
    others = [method for method in (*METHODS, EXIT) if method != "smart"]
    return {
        "groups": len(set(found.groups)),
        "accuracy": {
            method: {_named(n): round(found.accuracy(method, n), 4) for n in (*BUDGETS, ALL)}
            for method in (*METHODS, EXIT)
        },
        "smart_less": {method: {_named(n): found.against(method, n) for n in BUDGETS} for method in others}
        | {"all": {_named(n): found.against("uniform", n, ALL) for n in BUDGETS}},
        "early_exit_frames": {_named(n): round(mean, 2) for n, mean in found.looked.items()},
        "as_good": {method: as_good(found, method) for method in ("uniform", "random", "mgsampler")},
        "seconds_reading": round(seconds, 3),
        "seconds_choosing": round(found.choosing, 4),
        "seconds_at_a_glance": None if found.cost is None else _cost(found.cost),
    }


def _cost(cost: Cost) -> dict[str, Any]:
    """Seconds with all candidates read and from a glance, and how many times less that is."""
    return {
        "all": round(cost.whole, 3),
        "smart": {_named(n): round(each, 3) for n, each in cost.glanced.items()},
        "times": {_named(n): round(cost.whole / each, 2) for n, each in cost.glanced.items()},
    }


def as_good(found: Found, method: str) -> dict[str, str | None]:
    """By SMART's budget, the fewest frames with which the method is as good; None: not with all of them."""
    tried = [(_named(k), found.accuracy(method, k)) for k in (*BUDGETS, ALL)]
    return {
        _named(n): next((k for k, reached in tried if reached >= found.accuracy("smart", n)), None)
        for n in BUDGETS
    }


def _named(budget: int) -> str:
    return "all" if budget == ALL else str(budget)


def _table(told: Mapping[str, Any]) -> str:
    lines = [f"{told['clips']} clips of {told['groups']} groups, {told['seeds']} seeds"]
    names = list(told["accuracy"])
    lines.append("frames  " + "  ".join(f"{name:>10}" for name in names))
    for n in told["accuracy"]["smart"]:
        cells = [f"{told['accuracy'][name][n]:10.3f}" for name in names]
        lines += [f"{n:>6}  " + "  ".join(cells)]
    lines.append("SMART less each, points [95 %]:")
    for name, by_budget in told["smart_less"].items():
        cells = [f"{n}: {mean:+.1f} [{low:+.1f}, {high:+.1f}]" for n, (mean, low, high) in by_budget.items()]
        lines.append(f"{name:>10}  " + "  ".join(cells))
    lines.append(f"as good with so many frames: {told['as_good']}")
    lines.append(f"early exit looked at: {told['early_exit_frames']}")
    if cost := told["seconds_at_a_glance"]:
        lines.append(f"seconds a clip, all read: {cost['all']}; from a glance: {cost['smart']}")
        lines.append(f"times less: {cost['times']}")
    lines.append(f"seconds a clip: reading {told['seconds_reading']}, choosing {told['seconds_choosing']}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()

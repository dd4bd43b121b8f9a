"""The whole loop on real recordings against plain baselines, fold by fold, in one run.

`python -m tests.bench.bench_actions FOLDER --by COLUMN [--folds N] [--recipe NAME]`: FOLDER holds recordings
and a labels.csv, a column of which names what must not be on both sides (subject, sequence); "number" is the
number in a file's name, ten to a group, where neighbours come from one source. Group k, k + N, ... is
tested in fold k.

The loop is `manage.py demo --train DIR --test DIR --json` with servers of its own. The baselines are linear
classifiers on a frozen MobileNetV2's view of eight frames (their mean; mean, deviation and differences) and
on an 8 x 8 grid of flow histograms over the quarters of a clip. WEIGHTS_DIR says where its weights are.
"""

import argparse
import csv
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt
import torch
from av.video.frame import VideoFrame

from tests.config.holding import CHECKOUT, environment
from training.ml import weights
from training.ml.features.appearance import Looker

Floats = npt.NDArray[np.float32]
Vectors = dict[str, Floats]
FRAMES, SIDE = 8, 224
GRID, BINS, QUARTERS, WIDTH = 8, 8, 4, 320
RATE = 10
"""Pictures a second between which the baseline measures flow, about."""
DECAY = 1e-4
TABLE = "labels.csv"


@dataclass(frozen=True)
class Row:
    """One labelled file and the group that must not be on both sides."""

    file: str
    label: str
    group: str


@dataclass(frozen=True)
class Fold:
    """What is learned from and what is tested."""

    train: list[Row]
    test: list[Row]


def main() -> None:
    """Print a line a fold and one for all of them; without a folder there is nothing to measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--by", default="number")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--recipe", default="smart_motion")
    arguments = parser.parse_args()
    if arguments.folder is None:
        print("not measured: name a FOLDER with recordings and a labels.csv")
        return
    folder = arguments.folder.resolve()
    rows = rows_of(folder, arguments.by)
    vectors = vectors_of(folder, rows)
    right: dict[str, float] = {}
    for k, fold in enumerate(folds_of(rows, arguments.folds)):
        found = {name: top1(fold, {file: each[name] for file, each in vectors.items()}) for name in BASELINES}
        with tempfile.TemporaryDirectory() as room:
            reached, seconds = loop(folder, fold, Path(room), arguments.recipe)
        found |= reached
        for name, share in found.items():
            right[name] = right.get(name, 0.0) + share * len(fold.test)
        print(f"fold {k}: {len(fold.train)} + {len(fold.test)} files  {_line(found)}", flush=True)
        print("    seconds: " + ", ".join(f"{each} {n:.0f}" for each, n in seconds.items()), flush=True)
    print(f"all {len(rows)} files  {_line({name: share / len(rows) for name, share in right.items()})}")


def _line(shares: dict[str, float]) -> str:
    return "  ".join(f"{name} {share:.3f}" for name, share in shares.items())


def rows_of(folder: Path, by: str) -> list[Row]:
    """The rows of a folder's labels.csv, in the table's order."""
    with (folder / TABLE).open(newline="", encoding="utf-8") as table:
        found = list(csv.DictReader(table))
    if by != "number" and by not in found[0]:
        raise SystemExit(f"{TABLE} has no column {by}; it has {', '.join(found[0])}.")
    return [Row(row["file"], row["label"], row[by] if by in row else _ten(row["file"])) for row in found]


def _ten(name: str) -> str:
    digits = re.search(r"\d+", name)
    return str(int(digits[0]) // 10) if digits else name


def folds_of(rows: Sequence[Row], count: int) -> list[Fold]:
    """Each group is tested once."""
    groups = sorted({row.group for row in rows}, key=lambda name: (len(name), name))
    tested = [set(groups[k::count]) for k in range(count)]
    return [
        Fold([row for row in rows if row.group not in some], [row for row in rows if row.group in some])
        for some in tested
    ]


def loop(folder: Path, fold: Fold, room: Path, recipe: str) -> tuple[dict[str, float], dict[str, float]]:
    """Top-1 of the command on one fold, and its seconds.

    Top-1 with the frames that SMART chose, and with as many evenly spread; seconds by the clock, by step,
    and the processor's of all that it began, servers too.
    """
    for name, rows in (("train", fold.train), ("test", fold.test)):
        (room / name).mkdir()
        for row in rows:
            shutil.copy(folder / row.file, room / name / row.file)
        with (room / name / TABLE).open("w", newline="", encoding="utf-8") as table:
            # Who must not be on both sides here must not be on both sides of train and val either.
            told = ([row.file, row.label, row.group] for row in rows)
            csv.writer(table).writerows([["file", "label", "subject"], *told])
    folders = ["--train", str(room / "train"), "--test", str(room / "test")]
    command = ["manage.py", "demo", "--json", "--recipe", recipe, *folders]
    before = _processor()
    done = subprocess.run(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env=environment(room / "var"),
        text=True,
        capture_output=True,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    said = json.loads(done.stdout.splitlines()[-1])
    seconds = {**said["seconds"], "of the processor": _processor() - before}
    return {"loop": said["top1"], "loop, evenly spread": said["top1_uniform"]}, seconds


def _processor() -> float:
    """Seconds that all processes begun here, and theirs, have used of the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


BASELINES = ("eight frames, mean", "eight frames", "flow grid")


def vectors_of(folder: Path, rows: Sequence[Row]) -> dict[str, Vectors]:
    """What every baseline sees of each file."""
    net, _ = weights.load(Path(os.environ["WEIGHTS_DIR"]) if "WEIGHTS_DIR" in os.environ else None)
    looker = Looker(net, SIDE)
    return {row.file: _vectors(folder / row.file, looker) for row in rows}


def _vectors(path: Path, looker: Looker) -> Vectors:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        step = max(1, round(float(stream.average_rate or 25) / RATE))
    chosen = [frames[int((n + 0.5) * len(frames) / FRAMES)] for n in range(FRAMES)]
    seen = looker.look([looker.picture(frame) for frame in chosen])[0].astype(np.float32)
    moved = np.abs(np.diff(seen, axis=0))
    return {
        "eight frames, mean": seen.mean(0),
        "eight frames": np.concatenate([seen.mean(0), seen.std(0), moved.mean(0)]),
        "flow grid": flow_grid([_small(frame) for frame in frames[::step]]),
    }


def _small(frame: VideoFrame) -> npt.NDArray[np.uint8]:
    grey = frame.to_ndarray(format="gray")
    scale = WIDTH / max(grey.shape)
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def flow_grid(pictures: Sequence[npt.NDArray[np.uint8]]) -> Floats:
    """Lengths of flow by direction, in 8 x 8 cells and four quarters of the time: (2048,), square roots."""
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grid = np.zeros((QUARTERS, GRID, GRID, BINS), np.float32)
    height, width = pictures[0].shape
    y, x = np.mgrid[:height, :width]
    row, column = y * GRID // height, x * GRID // width
    pairs = list(pairwise(pictures))
    for n, (before, after) in enumerate(pairs):
        flow = dis.calc(before, after, None)  # type: ignore[call-overload]
        length, angle = cv2.cartToPolar(flow[..., 0], flow[..., 1])
        direction = (angle * (BINS / (2 * np.pi))).astype(np.int64) % BINS
        np.add.at(grid[n * QUARTERS // len(pairs)], (row, column, direction), length)
    return np.asarray(np.sqrt(grid / max(1, len(pairs))).ravel(), np.float32)


def top1(fold: Fold, vectors: Vectors) -> float:
    """Of a linear classifier on standardised vectors: softmax regression with weight decay, by L-BFGS."""
    classes = sorted({row.label for row in fold.train})
    learned, tested = (
        torch.from_numpy(np.stack([vectors[row.file] for row in rows])) for rows in (fold.train, fold.test)
    )
    mean, deviation = learned.mean(0), learned.std(0) + 1e-6
    learned, tested = (learned - mean) / deviation, (tested - mean) / deviation
    truth = torch.tensor([classes.index(row.label) for row in fold.train])
    linear = torch.nn.Linear(learned.shape[1], len(classes))
    torch.nn.init.zeros_(linear.weight)
    torch.nn.init.zeros_(linear.bias)
    descent = torch.optim.LBFGS(linear.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        descent.zero_grad()
        value = (
            torch.nn.functional.cross_entropy(linear(learned), truth) + DECAY * linear.weight.square().sum()
        )
        value.backward()  # type: ignore[no-untyped-call]
        return value

    descent.step(loss)  # type: ignore[no-untyped-call]
    said: list[int] = linear(tested).argmax(1).tolist()
    hits = sum(classes[n] == row.label for n, row in zip(said, fold.test, strict=True))
    return hits / len(fold.test)


if __name__ == "__main__":
    main()

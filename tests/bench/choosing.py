"""What `bench_selection` does with one set of clips: read them, learn from some, and name the others.

Everything is the library's own: features, manifest, encoder, classifier, selectors. Of each test clip it is
told whether it was named rightly, by method and number of frames.
"""

import csv
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tqdm import tqdm

from curation.media.decode import decode_pass
from curation.media.proxies import ProxySink
from tests.bench.bench_actions import Row
from training.ml.engine.data import features_of
from training.ml.engine.model import ActionModel
from training.ml.engine.motion import learned
from training.ml.engine.opening import desk_of
from training.ml.engine.oracle import truths
from training.ml.engine.progress import Progress
from training.ml.engine.scoring import Floats, Judged, chances, judged
from training.ml.features.eyes import Eye, Eyes
from training.ml.manifest import (
    Annotation,
    Manifest,
    ManifestClass,
    ManifestClip,
    ManifestSplit,
    Proxy,
    write,
)
from training.ml.recipes.motion import MotionRecipe
from training.ml.samplers.early_exit import EarlyExit, policy_order, sure_enough

METHODS = ("uniform", "random", "mgsampler", "single", "global", "smart", "oracle")
EXIT = "early_exit"
DRAWS = 3
"""Draws of the random choice, whose hits are averaged."""
Hits = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reading:
    """One clip as it was read: its features, and the processor seconds of that, all candidates together."""

    path: Path
    frames: int
    seconds: float


@dataclass(frozen=True)
class Tested:
    """Of one fold and seed: the test rows, and for each method and budget how often each was named rightly.

    `looked` are frames a clip that early exit saw, `choosing` seconds a clip of both selectors.
    """

    rows: Sequence[Row]
    hits: Mapping[str, Mapping[int, Hits]]
    looked: Mapping[int, Hits]
    choosing: float
    rule: EarlyExit
    model: ActionModel


def read_clips(folder: Path, rows: Sequence[Row], eye: Eye | Eyes, kept: Path) -> dict[str, Reading]:
    """The features of every file, made where `kept` does not hold them yet."""
    kept.mkdir(parents=True, exist_ok=True)
    return {
        row.file: _reading(folder / row.file, kept / row.file.replace("/", "__"), eye) for row in tqdm(rows)
    }


def _reading(source: Path, name: Path, eye: Eye | Eyes) -> Reading:
    path, told = Path(f"{name}.safetensors"), Path(f"{name}.json")
    if path.is_file() and told.is_file():
        return Reading(path, **json.loads(told.read_text()))
    with tempfile.TemporaryDirectory() as room:
        proxy = Path(room) / "proxy.mp4"
        index = decode_pass(source, [ProxySink(proxy, 720)]).index
        frames = len(index.pts)
        seconds = float((index.pts[-1] - index.pts[0]) * index.time_base) if frames > 1 else 1.0
        fps = max(frames - 1, 1) / seconds
        began = time.process_time()
        eye.read({"proxy": proxy, "start": 0, "end": frames, "fps": fps}).save(path)
    found = Reading(path, frames, round(time.process_time() - began, 3))
    told.write_text(json.dumps({"frames": found.frames, "seconds": found.seconds}))
    return found


def tested(
    train: Sequence[Row],
    test: Sequence[Row],
    read: Mapping[str, Reading],
    seed: int,
    budgets: Sequence[int],
    overrides: Mapping[str, Any],
    recipe: str,
) -> Tested:
    """Learn from `train`, of which some groups choose epochs, and name every clip of `test`."""
    with tempfile.TemporaryDirectory() as room:
        params = params_of(Path(room), train, test, read, seed)
        params |= {"overrides": dict(overrides), "recipe": recipe}
        desk, made_by = desk_of(params, Progress(_unheard), MotionRecipe, features_of)
        known = learned(desk, params, made_by)
        start = len(desk.dataset.train) + len(desk.dataset.val)
        clips = [
            judged(known.model, known.material.clips[start + place], sample.content)
            for place, sample in enumerate(desk.dataset.test)
        ]
        by_clip = desk.dataset.truth("test")
        truth = np.array([by_clip[sample.clip.clip] for sample in desk.dataset.test])
        rows = {row.file: row for row in test}
        rule = _rule(known.chooser, known.material.val.clips, known.material.val.label_N.numpy())
        clips = [_whole(known.model, clip, int(label)) for clip, label in zip(clips, truth, strict=True)]
        began = time.process_time()
        for clip in clips:
            judged(known.model, clip.encoded, clip.known.content)
        choosing = (time.process_time() - began) / len(clips)
        hits = {name: {n: _hits(known.model, clips, name, n, truth) for n in budgets} for name in METHODS}
        left = {n: [rule(clip.known, n) for clip in clips] for n in budgets}
        hits[EXIT] = {n: _left_right(known.model, clips, left[n], truth) for n in budgets}
        looked = {n: np.array([float(len(places)) for places in left[n]]) for n in budgets}
        order = [rows[sample.clip.name] for sample in desk.dataset.test]
        return Tested(order, hits, looked, choosing, rule, known.model)


def _hits(model: ActionModel, clips: Sequence[Judged], method: str, budget: int, truth: Any) -> Hits:
    draws = [
        chances(model, clips, method, budget, seed).argmax(1) == truth
        for seed in range(DRAWS if method == "random" else 1)
    ]
    return np.asarray(np.mean(draws, axis=0), np.float64)


@torch.no_grad()
def _left_right(model: ActionModel, clips: Sequence[Judged], places: Sequence[Any], truth: Any) -> Hits:
    pooled = model.encoder.pool_each([clip.encoded for clip in clips], places)
    return np.asarray(model.classifier(pooled).argmax(1).numpy() == truth, np.float64)


def _whole(model: ActionModel, clip: Judged, label: int) -> Judged:
    """With what the oracle knows, and with what the classifier says after each frame."""
    alone = truths(model.encoder, model.classifier, clip.encoded, label).double().numpy()
    return replace(clip, known=replace(clip.known, oracle_N=alone, told_TC=_told(model, clip.encoded)))


@torch.no_grad()
def _told(model: ActionModel, clip: Any) -> Floats:
    order = policy_order(len(clip))
    pooled = model.encoder.pool_each([clip] * len(order), [order[: t + 1] for t in range(len(order))])
    chances_of: Floats = torch.softmax(model.classifier(pooled).double(), dim=1).numpy()
    return chances_of


def _rule(chooser: ActionModel, clips: Sequence[Any], labels: npt.NDArray[np.int64]) -> EarlyExit:
    return sure_enough([_told(chooser, clip) for clip in clips], labels, slack=0.0)


def params_of(
    room: Path, train: Sequence[Row], test: Sequence[Row], read: Mapping[str, Reading], seed: int
) -> dict[str, Any]:
    """What `training.ml.run` takes. Every fourth group of the train side, from the seed's on, is val."""
    groups = sorted({row.group for row in train})
    held = set(groups[seed % 4 :: 4]) if len(groups) > 2 else set()
    sides = [(row, "val" if row.group in held else "train") for row in train] + [(r, "test") for r in test]
    names = sorted({row.label for row, _ in sides})
    clips = tuple(_clip(row, side, read[row.file].frames) for row, side in sides)
    counts = {
        side: len({clip.group for clip in clips if clip.split == side}) for side in ("train", "val", "test")
    }
    split = ManifestSplit("subject", counts)
    manifest = Manifest(tuple(ManifestClass(name, name) for name in names), split, True, clips)
    path = room / "manifest.jsonl"
    path.write_bytes(write(manifest))
    return {
        "manifest": str(path),
        "features": {clip.clip: str(read[clip.name].path) for clip in clips},
        "missing": {},
        "seed": seed,
        "weights": "",
        "glove": "",
        "checkpoints": str(room / "checkpoints"),
        "threads": torch.get_num_threads(),
    }


def _clip(row: Row, side: str, frames: int) -> ManifestClip:
    return ManifestClip(
        clip=row.file,
        video=row.file,
        name=row.file,
        content_sha256=row.file,
        index_sha256="",
        frames=frames,
        fps=25.0,
        proxy=Proxy("", ""),
        start=0,
        end=frames,
        label=row.label,
        subject=row.group,
        camera="",
        day="",
        group=row.group,
        split=side,
        annotation=Annotation(1, "", ""),
    )


def _unheard(_fraction: float, _stage: str, **_facts: Any) -> None:
    """Nobody listens."""


def brief(folder: Path, rows: Sequence[Row], most: float) -> Iterator[Row]:
    """The rows whose action, as segments.csv has it, takes at most this share of the video."""
    with (folder / "files.csv").open(newline="", encoding="utf-8") as table:
        frames = {row["file"]: int(row["frames"]) for row in csv.DictReader(table)}
    acted: dict[str, int] = defaultdict(int)
    with (folder / "segments.csv").open(newline="", encoding="utf-8") as table:
        for part in csv.DictReader(table):
            acted[part["file"]] += int(part["end"]) - int(part["start"])
    yield from (row for row in rows if 0 < acted[row.file] <= most * frames[row.file])

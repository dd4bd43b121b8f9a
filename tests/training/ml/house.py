"""Drawn features of clips with known actions, and frozen datasets of them, small enough for seconds."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from training.ml.features.clip import APPEARANCE_DIM, CONCEPTS, DESCRIPTOR_DIM, ClipFeatures
from training.ml.features.motion import Motion
from training.ml.manifest import (
    Annotation,
    Manifest,
    ManifestClass,
    ManifestClip,
    ManifestSplit,
    Proxy,
    is_even,
    write,
)
from training.ml.recipes import find_recipe

RECIPE = "smart_motion"
QUICK: dict[str, Any] = {
    "components": 4,
    "words": 2,
    "sample": 2000,
    "rounds": 3,
    "latent": 4,
    "epochs": 12,
    "patience": 6,
    "folds": 3,
    "fold_epochs": 6,
    "single_epochs": 6,
    "global_epochs": 6,
    "project": 16,
    "hidden": 16,
}
"""Numbers under which a run of some twenty clips takes about a second."""
FINGERPRINT = find_recipe(RECIPE).feature_fingerprint("")


def drawn(
    content: str,
    action: int,
    *,
    candidates: int = 6,
    each: int = 8,
    telling: int = 3,
    recipe: str = RECIPE,
) -> ClipFeatures:
    """Features of a clip in which `telling` candidates in a row show `action`; the others show anything.

    Where the recipe has a glance, that shows the same.
    """
    entropy = int.from_bytes(hashlib.sha256(content.encode()).digest()[:8], "big")
    rng = np.random.default_rng(entropy)
    first = int(rng.integers(max(1, candidates - telling + 1)))
    descriptors, owners, motion = [], [], []
    for n in range(candidates):
        shows = first <= n < first + telling
        base = np.random.default_rng(action if shows else 1000).uniform(0, 160, DESCRIPTOR_DIM)
        rows = np.clip(base + rng.normal(0, 25, (each, DESCRIPTOR_DIM)), 0, 255)
        descriptors.append(rows.astype(np.uint8))
        owners += [n] * each
        motion.append(float(shows) + rng.uniform(0, 0.2))
    appearance_ND = rng.normal(0, 1, (candidates, APPEARANCE_DIM)).astype(np.float16)
    concept_NK = rng.integers(0, 1000, (candidates, CONCEPTS)).astype(np.int16)
    moves = Motion(
        np.concatenate(descriptors) if each else np.zeros((0, DESCRIPTOR_DIM), np.uint8),
        np.array(owners, np.int16),
        rng.uniform(-1, 1, (candidates * each, 3)).astype(np.float16),
        np.array(motion, np.float32),
    )
    return ClipFeatures(
        ordinals_N=np.arange(candidates, dtype=np.int32) * 5,
        appearance_ND=appearance_ND,
        concept_NK=concept_NK,
        concept_p_NK=np.full((candidates, CONCEPTS), 0.1, np.float16),
        motion_N=moves.motion_N,
        descriptors_MP=moves.descriptors_MP,
        owner_M=moves.owner_M,
        place_M3=moves.place_M3,
        recipe=find_recipe(recipe).feature_fingerprint(""),
        weights="none",
        glance=moves if getattr(find_recipe(recipe), "glance", None) else None,
    )


@dataclass
class House:
    """A folder with a frozen dataset, its features, and everything a run takes."""

    folder: Path
    clips: list[ManifestClip]
    classes: tuple[ManifestClass, ...]
    note: str = ""
    features: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def manifest(self) -> Manifest:
        counts = {"train": 0, "val": 0, "test": 0}
        for side in counts:
            counts[side] = len({clip.group for clip in self.clips if clip.split == side})
        labels = [clip.label for clip in self.clips]
        even = is_even(labels.count(each.id) for each in self.classes)
        return Manifest(
            self.classes, ManifestSplit("subject", counts, (), self.note), even, tuple(self.clips)
        )

    def params(self, checkpoints: str = "checkpoints", **changes: Any) -> dict[str, Any]:
        path = self.folder / "manifest.jsonl"
        path.write_bytes(write(self.manifest))
        return {
            "manifest": str(path),
            "features": dict(self.features),
            "missing": dict(self.missing),
            "recipe": RECIPE,
            "overrides": dict(QUICK),
            "seed": 3,
            "weights": "",
            "glove": "",
            "checkpoints": str(self.folder / checkpoints),
            "threads": 1,
            "compare": None,
            **changes,
        }

    def change(self, clip: str, **changes: Any) -> None:
        self.clips = [replace(each, **changes) if each.clip == clip else each for each in self.clips]

    def lose(self, clip: str, sentence: str = "It lies outside its video.") -> None:
        del self.features[clip]
        self.missing[clip] = sentence


def house(
    folder: Path,
    sides: Mapping[str, Iterable[tuple[int, str]]],
    *,
    classes: int = 3,
    **drawing: Any,
) -> House:
    """A dataset with a clip for each (action, group) of each side."""
    folder.mkdir(parents=True, exist_ok=True)
    named = tuple(ManifestClass(f"class-{n}", f"action {n}") for n in range(classes))
    made = House(folder, [], named)
    for side, content in sides.items():
        for action, group in content:
            number = len(made.clips)
            sha256 = hashlib.sha256(f"{number}".encode()).hexdigest()
            clip = ManifestClip(
                clip=f"clip-{number:03}",
                video=f"video-{number:03}",
                name=f"{number:03}.mp4",
                content_sha256=sha256,
                index_sha256="b" * 64,
                frames=300,
                fps=25.0,
                proxy=Proxy("p.mp4", "c" * 64),
                start=0,
                end=150,
                label=named[action].id,
                subject=group,
                camera="gate" if number % 2 else "yard",
                day="2026-03-01",
                group=f"subject:{group}",
                split=side,
                annotation=Annotation(1, "ann", "person"),
            )
            made.clips.append(clip)
            path = folder / f"{clip.clip}.safetensors"
            drawn(sha256, action, **drawing).save(path)
            made.features[clip.clip] = str(path)
    return made


def usual(folder: Path, *, classes: int = 3, per: int = 1, train: int = 4, **drawing: Any) -> House:
    """Every group does every action: `train` groups to learn from, two each to choose by and to test on."""

    def side(name: str, groups: int) -> list[tuple[int, str]]:
        return [
            (action, f"{name}{group}")
            for group in range(groups)
            for action in range(classes)
            for _ in range(per)
        ]

    sides = {"train": side("t", train), "val": side("v", 2), "test": side("x", 2)}
    return house(folder, sides, classes=classes, **drawing)


@dataclass
class Heard:
    """What a run reported, line by line."""

    lines: list[tuple[float, str, dict[str, Any]]] = field(default_factory=list)
    each: Callable[[], None] | None = None

    def __call__(self, fraction: float, stage: str, **facts: Any) -> None:
        json.dumps(facts, allow_nan=False)
        self.lines.append((fraction, stage, facts))
        if self.each:
            self.each()

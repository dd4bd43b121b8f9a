"""A network, a stock and a recipe so small that a run takes a second: of which colour a moving block is."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.ml.augment.clips import Clips
from training.ml.augment.moves import Crop
from training.ml.augment.pipeline import Pipeline
from training.ml.datasets import Sample
from training.ml.fit.recipe import Data, FitRecipe, Sight
from training.ml.fit.stock import Side, Stock
from training.ml.layers import Layers
from training.ml.models.contract import Network, Takes
from training.ml.optim import SGD, Cosine, Warmup
from training.ml.sampling import Uniform

CLASSES = ("red", "green", "blue")
SIDE, FRAMES = 8, 3


class Small(nn.Module):
    """Two convolutions and a head; nothing in it hangs on the other clips of a batch."""

    def __init__(self, num_classes: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.stem = nn.Conv3d(3, 6, 3, padding=1)
        self.body = nn.Conv3d(6, 8, 3, stride=2, padding=1)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(8, num_classes)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        x = torch.relu(self.body(torch.relu(self.stem(x_BCTHW))))
        said: Tensor = self.head(self.drop(x.mean((2, 3, 4))))
        return said

    def layers(self) -> Layers:
        return Layers((("stem",), ("body",)), ("head",))


NETWORK = Network(
    name="small",
    title="Small",
    build=lambda *, num_classes=3, dropout=0.0: Small(num_classes, dropout),
    takes=Takes.VIDEO,
    classes=3,
    parameters=0,
    source="tests",
)

RECIPE = FitRecipe(
    name="small",
    title="Small",
    source="tests",
    network="small",
    data=Data(reader="drawn"),
    sees=Sight(
        sampler=Uniform(length=FRAMES),
        tested=Uniform(length=FRAMES),
        pipeline=Pipeline("small", (Crop(SIDE),)),
        test_pipeline=Pipeline("test", (Crop(SIDE, "centre"),)),
    ),
    optimizer=SGD(rate=0.05, weight_decay=1e-4),
    schedule=Cosine(warmup=Warmup(epochs=1)),
    epochs=3,
    batch=4,
    seed=5,
)


@dataclass(frozen=True)
class Drawn:
    """Draws a clip of its sample's class, the same for the same sample and generator."""

    def drawn(self, sample: Sample, generator: np.random.Generator) -> Clips:
        start, noise = int(generator.integers(5)), generator.integers(0, 60, (FRAMES, SIDE + 4, SIDE + 4, 3))
        picture_THWC = noise.astype(np.uint8)
        for t in range(FRAMES):
            picture_THWC[t, 3:8, start + t : start + t + 4, CLASSES.index(sample.label)] = 200
        return Clips(torch.from_numpy(picture_THWC).permute(3, 0, 1, 2)[None].contiguous())

    def fixed(self, sample: Sample, moments: int) -> Iterator[Clips]:
        yield self.drawn(sample, np.random.default_rng(zlib.crc32(sample.path.name.encode())))


def side(name: str, clips: int, recipe: FitRecipe = RECIPE) -> Side:
    samples = tuple(Sample(path=Path(f"{name}{n}"), label=CLASSES[n % 3]) for n in range(clips))
    return Side(samples, torch.arange(clips) % 3, CLASSES, recipe.sees, Drawn())


def stock(recipe: FitRecipe = RECIPE, train: int = 14, val: int = 6, test: int = 6) -> Stock:
    return Stock(CLASSES, side("train", train, recipe), side("val", val, recipe), side("test", test, recipe))


def recipe(**changes: Any) -> FitRecipe:
    return replace(RECIPE, **changes)

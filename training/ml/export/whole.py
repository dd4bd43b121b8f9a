"""A learned network with all that stands between the pixels of a clip and its logits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from training.ml.datasets import Sample
from training.ml.fit.model import Fitted
from training.ml.fit.recipe import Bodies
from training.ml.fit.stock import Side
from training.ml.fit.videos import VideoReader
from training.ml.models.skeleton.graphs import graph_named
from training.ml.models.skeleton.tcn import OneShotTCN

FRAMES = 64
"""Frames of the drawn recording; samplers take as many of them as the network sees."""


PLACE = "embedding"
"""What the one-shot TCN says of a clip beside its classes: where it lies, by which new actions are told."""


class Whole(nn.Module):
    """Normalises, parts pathways, and asks the network: one tensor in, logits (B, C) out."""

    def __init__(self, network: nn.Module, feed: Callable[[Tensor], Tensor | list[Tensor]]) -> None:
        super().__init__()
        self.network, self.feed = network, feed

    def forward(self, x: Tensor) -> Tensor:
        """x_BCTHW, pictures in 0..1 in RGB or flow in -1..1; skeletons x_NCTVM."""
        logits_BC: Tensor = self.network(self.feed(x))
        return logits_BC


class Placing(nn.Module):
    """The one-shot TCN with both that it says: logits (N, C) and places (N, 256) of length one."""

    def __init__(self, network: OneShotTCN) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x_NCTVM; see `OneShotTCN.told`."""
        return self.network.told(x)


def whole_of(model: Fitted) -> nn.Module:
    """The network with its feed, in evaluation."""
    if isinstance(model.network, OneShotTCN):
        return Placing(model.network).eval()
    return Whole(model.network, model.feed).eval()


def example_of(model: Fitted, batch: int) -> Tensor:
    """Noise that has gone the way of a recording to be tested on, so many times: always the same numbers."""
    sees = model.recipe.sees
    if isinstance(sees, Bodies):
        shape = (batch, 3, sees.frames, len(graph_named(sees.graph).joints), sees.people)
        return torch.randn(shape, generator=torch.Generator().manual_seed(0))
    sample = Sample(path=Path("noise"), label="")
    reader = VideoReader(sees, _NoiseSource(sees.short))
    side = Side((sample,), torch.zeros(1, dtype=torch.int64), model.classes, sees, reader)
    x_CTHW = next(side.once().tested(0))[0].float()
    return torch.stack([x_CTHW.roll(n, dims=1) for n in range(batch)])


@dataclass(frozen=True)
class _Noise:
    """Frames of noise, 4 to 3."""

    short: int
    edges: None = None

    def __len__(self) -> int:
        return FRAMES

    def at(self, ordinals: Sequence[int] | npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        """(N, H, W, 3), the same for the same ordinals."""
        size = (self.short, self.short * 4 // 3, 3)
        return np.stack([np.random.default_rng(int(n)).integers(0, 256, size, np.uint8) for n in ordinals])


@dataclass(frozen=True)
class _NoiseSource:
    short: int

    def frames_of(self, sample: Sample) -> _Noise:  # noqa: ARG002 - a FrameSource
        """Noise, whatever is asked for."""
        return _Noise(self.short or 256)

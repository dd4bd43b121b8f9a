"""Small clips with something to see in every pixel."""

import numpy as np
import torch
from torch import Tensor

from training.ml.augment.clips import Clips, Kind


def pictures(count: int = 2, frames: int = 3, height: int = 24, width: int = 32) -> Clips:
    """Bytes at random, every frame another one, clip n of class n."""
    generator = torch.Generator().manual_seed(0)
    x_BCTHW = torch.randint(0, 256, (count, 3, frames, height, width), generator=generator)
    clips = Clips(x_BCTHW.to(torch.uint8))
    return clips.labelled(torch.arange(count) % 3, ("wave left", "wave right", "sit"))


def flow(count: int = 2, frames: int = 3, height: int = 24, width: int = 32) -> Clips:
    """Bytes of flow at random."""
    return Clips(pictures(count, frames, height, width).x[:, :2], Kind.FLOW)


def skeletons(count: int = 2, frames: int = 8, graph: str = "ntu25") -> Clips:
    """Two people at random, of whom the second leaves after frame 5."""
    x_NCTVM = torch.randn(count, 3, frames, 25, 2, generator=torch.Generator().manual_seed(0))
    x_NCTVM[:, :, 5:, :, 1] = 0
    return Clips(x_NCTVM, Kind.SKELETON, graph=graph)


def still(clips: Clips) -> Clips:
    """The first frame of each clip in all its frames."""
    return Clips(
        clips.x[:, :, :1].expand_as(clips.x), clips.kind, clips.target_BK, clips.classes, clips.graph
    )


def ramp(height: int, width: int) -> Tensor:
    """One clip x_BCTHW of one frame: red is x and green y of a pixel's middle, in shares of the picture."""
    y_HW, x_HW = np.mgrid[0:height, 0:width] + 0.5
    frame = np.stack([x_HW / width, y_HW / height, np.zeros_like(x_HW)])
    return torch.from_numpy(frame.astype(np.float32))[None, :, None]


def generators(seed: int, count: int = 2) -> list[np.random.Generator]:
    """One for each clip."""
    return [np.random.default_rng([seed, n]) for n in range(count)]

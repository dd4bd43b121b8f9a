"""What a network of the library says of itself, and what it takes: the one contract of all of them.

A network is plain torch, takes what `Takes` names, and returns logits (B, C), in training and evaluation
alike: no activation follows its head. Its parameters have the names of the public code that its weights
come from, so that those load by key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from torch import nn

from training.ml.errors import LearningError

IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
KINETICS_MEAN, KINETICS_DEVIATION = (0.45,) * 3, (0.225,) * 3


class Takes(StrEnum):
    """What `forward` is given; the axes are those of the tensor's name."""

    PICTURE = "x_BCHW"
    VIDEO = "x_BCTHW"
    PATHWAYS = "[slow_BCTHW, fast_BCTHW]"
    STREAMS = "[rgb_BCTHW, flow_BCTHW]"
    SKELETON = "x_NCTVM"
    FRAMES = "x_BND"
    """Features of frames, and not their pixels."""


class WrongInput(LearningError):  # noqa: N818
    """A network was given pictures or clips of a size that it cannot take."""


class WrongOption(LearningError):  # noqa: N818
    """An option of a network has a value that it cannot have."""


@dataclass(frozen=True)
class Normalisation:
    """What is taken from a frame's channels in 0..1, and what they are divided by, a number each."""

    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    colours: Literal["RGB", "BGR"]
    """The order of the channels; of flow they are u, v."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """One network by name. `build` takes `num_classes` and the options of its family, all by name."""

    name: str
    title: str
    build: Callable[..., nn.Module]
    takes: Takes
    classes: int
    """Classes of the head that was published."""
    parameters: int
    """Parameters with that head, as the reference has them."""
    source: str
    """The paper, and whose weights load by key."""
    frames: int = 1
    """Frames of the clip it was published with; for pathways those of the fast one."""
    stride: int = 1
    """Frames from one of those to the next, at 30 a second; 0 where they are spread over the whole video."""
    side: int = 224
    """Side in px of the crop it was published with; 0 for skeletons."""
    joints: int = 25
    """Of skeletons: those of the graph it was published with."""
    alpha: int = 0
    """Of two pathways: the slow one sees every alpha-th frame of the fast one's; 0 for one pathway."""
    mean: tuple[float, ...] = KINETICS_MEAN
    """What is taken from pixels in 0..1, a channel each, before they are divided by `deviation`."""
    deviation: tuple[float, ...] = KINETICS_DEVIATION
    colours: Literal["RGB", "BGR"] = "RGB"
    """Order of the colours in the channels that `forward` is given, and in `mean` and `deviation`."""

    @property
    def shape(self) -> str:
        """What `forward` is given, as published, with letters for what is free."""
        side = f"{self.side}, {self.side}"
        return {
            Takes.PICTURE: f"(B, 3, {side})",
            Takes.VIDEO: f"(B, 3, {self.frames}, {side})",
            Takes.PATHWAYS: f"[(B, 3, S, {side}), (B, 3, {self.frames}, {side})]",
            Takes.STREAMS: f"[(B, 3, {self.frames}, {side}), (B, 2, {self.frames}, {side})]",
            Takes.SKELETON: f"(N, 3, {self.frames}, V, M)",
            Takes.FRAMES: f"(B, {self.frames}, D)",
        }[self.takes]

    @property
    def normalisation(self) -> Normalisation:
        """What pixels are brought to."""
        return Normalisation(self.mean, self.deviation, self.colours)

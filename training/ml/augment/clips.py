"""Clips as they are changed: a tensor, what it holds, and what is done in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

from training.ml.errors import LearningError

COLOURS = 3
"""Channels of a picture."""


class Kind(StrEnum):
    """What the numbers of a clip are."""

    PICTURES = "pictures"
    """x_BCTHW, RGB: bytes, or floats in 0..1."""
    FLOW = "flow"
    """x_BCTHW, channels u, v, u, v ...: bytes as TSN stores them (255 - x is the other way), or floats in
    which 0 is no movement."""
    STREAMS = "streams"
    """x_BCTHW, both side by side: RGB, then u and v of the flow from each picture."""
    SKELETON = "skeleton"
    """x_NCTVM: x and y first; zeros where nobody is."""


class WrongKind(LearningError):  # noqa: N818
    """A transform was given clips of a kind, or of a size, that it does not change."""


@dataclass(frozen=True)
class Shape:
    """What parameters are drawn for: one clip's size. Height and width are 0 for skeletons."""

    kind: Kind
    frames: int
    height: int = 0
    width: int = 0

    def only(self, what: str, *kinds: Kind) -> None:
        """Raises WrongKind, naming the transform `what`, unless the clip is of one of these kinds."""
        if self.kind not in kinds:
            raise WrongKind(
                f"{what} changes {' and '.join(kinds)} and these clips are {self.kind}: take it out of the "
                "pipeline, or choose another."
            )


@dataclass(frozen=True)
class Clips:
    """B clips of one kind and size; `target_BK` says what is done in each, in shares that sum to 1."""

    x: Tensor
    kind: Kind = Kind.PICTURES
    target_BK: Tensor | None = None
    classes: tuple[str, ...] = ()
    """The K names; empty where nobody asked for them."""
    graph: str = ""
    """Of skeletons: which joint is which, by the name in `training.ml.models.skeleton.graphs`."""

    def __post_init__(self) -> None:
        wrong, wanted = _channels(self.kind, self.x.shape[1] if self.x.ndim > 1 else 0)
        if self.x.ndim != 5 or wrong:
            axes = "N, C, T, V, M" if self.kind == Kind.SKELETON else "B, C, T, H, W"
            raise WrongKind(
                f"Clips of {self.kind} are ({axes}) with {wanted} channels; these are {tuple(self.x.shape)}."
            )
        if self.x.dtype != torch.uint8 and not self.x.is_floating_point():
            raise WrongKind(f"Clips are bytes or floats, not {self.x.dtype}: convert them first.")

    def __len__(self) -> int:
        return len(self.x)

    @property
    def shape(self) -> Shape:
        """Of each of the clips."""
        if self.kind == Kind.SKELETON:
            return Shape(self.kind, self.x.shape[2])
        return Shape(self.kind, *self.x.shape[2:])

    def labelled(self, label_B: Tensor, classes: tuple[str, ...]) -> Self:
        """The same clips, each of one class by its number."""
        target_BK = functional.one_hot(label_B, len(classes)).to(self.x.device, torch.float32)
        return replace(self, target_BK=target_BK, classes=classes)


def _channels(kind: Kind, there: int) -> tuple[bool, str]:
    """Whether clips of a kind cannot have so many, and how many they have."""
    if kind == Kind.FLOW:
        return there % 2 != 0 or there == 0, "an even number of"
    if kind == Kind.SKELETON:
        return there < 2, "2 or more"
    wanted = COLOURS if kind == Kind.PICTURES else COLOURS + 2
    return there != wanted, str(wanted)


def parted(x_BCTHW: Tensor) -> tuple[Tensor, Tensor]:
    """Pictures and flow of clips of streams."""
    return x_BCTHW[:, :COLOURS], x_BCTHW[:, COLOURS:]


def worked(x: Tensor, kind: Kind) -> Tensor:
    """Numbers to calculate with: pictures in 0..1, flow in -1..1 about no movement; floats as they are."""
    if x.dtype != torch.uint8:
        return x
    if kind == Kind.STREAMS:
        pictures, flow = parted(x)
        return torch.cat([worked(pictures, Kind.PICTURES), worked(flow, Kind.FLOW)], 1)
    float_ = x.to(torch.float32)
    return float_.sub_(127.5).div_(127.5) if kind == Kind.FLOW else float_.div_(255)


def together(clips: Sequence[Tensor]) -> Tensor:
    """Single clips as a batch; of one clip nothing is copied."""
    return torch.stack(list(clips)) if len(clips) > 1 else clips[0][None]


def as_bytes(x: Tensor, kind: Kind) -> Tensor:
    """The bytes that `worked` would make these of, rounded and cut off; bytes as they are."""
    if x.dtype == torch.uint8:
        return x
    if kind == Kind.STREAMS:
        pictures, flow = parted(x)
        return torch.cat([as_bytes(pictures, Kind.PICTURES), as_bytes(flow, Kind.FLOW)], 1)
    return ((x * 127.5 + 127.5) if kind == Kind.FLOW else x * 255).round().clamp(0, 255).to(torch.uint8)

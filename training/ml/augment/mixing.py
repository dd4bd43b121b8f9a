"""Mixup and CutMix: two clips of a batch in one, and their targets in the same shares.

Zhang et al.: "mixup" (ICLR 2018, arXiv 1710.09412); Yun et al.: "CutMix" (ICCV 2019, arXiv 1905.04899), whose
box lies in all frames (tube) or in some in a row (cuboid). As in its paper the box is cut off at the edges,
and the target follows what is really seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.ml.augment.clips import Clips, Kind, Shape, WrongKind, worked


@dataclass(frozen=True)
class Blend:
    """What one clip is mixed with: `kept` of itself, the rest of clip `partner`, over all or in a box."""

    partner: int
    kept: float
    box: tuple[int, int, int, int, int, int] | None = None
    """Frames, rows and columns from and to, where the partner is seen; None where both are everywhere."""

    @property
    def caption(self) -> str:
        """For a contact sheet."""
        if self.kept == 1:
            return ""
        how = "mixed" if self.box is None else "cut"
        return f"{how} with {self.partner + 1}, of which {1 - self.kept:.0%}"


@dataclass(frozen=True)
class Mixup:
    """Each clip and a partner added in shares of Beta(alpha, alpha)."""

    alpha: float = 0.8
    chance: float = 1.0

    def draw(self, generator: np.random.Generator, shape: Shape, count: int) -> tuple[Blend, ...]:  # noqa: ARG002
        """A partner and a share for each of `count` clips."""
        partner_B, kept_B = generator.permutation(count), _kept(generator, self.alpha, self.chance, count)
        return tuple(Blend(int(p), float(k)) for p, k in zip(partner_B, kept_B, strict=True))


@dataclass(frozen=True)
class CutMix:
    """A box of each clip taken from a partner; its size goes by Beta(alpha, alpha)."""

    alpha: float = 1.0
    form: Literal["tube", "cuboid"] = "tube"
    chance: float = 1.0

    def draw(self, generator: np.random.Generator, shape: Shape, count: int) -> tuple[Blend, ...]:
        """A partner and a box for each of `count` clips."""
        shape.only("cut_mix", Kind.PICTURES, Kind.FLOW)
        partner_B = generator.permutation(count)
        kept_B = _kept(generator, self.alpha, self.chance, count)
        boxes = (self._box(generator, shape, float(kept)) for kept in kept_B)
        whole = shape.frames * shape.height * shape.width
        return tuple(
            Blend(int(partner), 1 - _volume(box) / whole, box)
            for partner, box in zip(partner_B, boxes, strict=True)
        )

    def _box(
        self, generator: np.random.Generator, shape: Shape, kept: float
    ) -> tuple[int, int, int, int, int, int]:
        axes = 2 if self.form == "tube" else 3
        share = (1 - kept) ** (1 / axes)
        lengths = (shape.frames, shape.height, shape.width)
        middles = generator.integers(lengths)
        ends = [(0, shape.frames)] if axes == 2 else []
        for length, middle in list(zip(lengths, middles, strict=True))[3 - axes :]:
            side = round(share * length)
            low = int(middle) - side // 2
            ends.append((max(low, 0), max(min(low + side, length), 0)))
        (t0, t1), (y0, y1), (x0, x1) = ends
        return t0, t1, y0, y1, x0, x1


Mix = Mixup | CutMix


def mixed(clips: Clips, blends: Sequence[Blend]) -> Clips:
    """Every clip with its partner, and the targets in the shares that are seen.

    Raises WrongKind where the clips have no targets.
    """
    if clips.target_BK is None:
        raise WrongKind("Clips are mixed together with their targets: give the classes of the clips first.")
    x = worked(clips.x, clips.kind)
    partner_B = torch.tensor([blend.partner for blend in blends], device=x.device)
    kept_B = torch.tensor([blend.kept for blend in blends], dtype=torch.float64)
    other = x[partner_B]
    ones = (1,) * (x.ndim - 1)
    if any(blend.box is None for blend in blends):
        share = kept_B.to(x).view(-1, *ones)
        whole = share * x + (1 - share) * other
    else:
        whole = torch.where(_inside(blends, x), other, x)
    target_BK = clips.target_BK
    share_B1 = kept_B.to(target_BK)[:, None]
    both_BK = share_B1 * target_BK + (1 - share_B1) * target_BK[partner_B.to(target_BK.device)]
    return replace(clips, x=whole, target_BK=both_BK)


def _inside(blends: Sequence[Blend], x_BCTHW: Tensor) -> Tensor:
    """Whether each pixel lies in its clip's box, (B, 1, T, H, W)."""
    box_B6 = torch.tensor([blend.box for blend in blends], device=x_BCTHW.device)
    inside = torch.ones(1, dtype=torch.bool, device=x_BCTHW.device)
    for n, length in enumerate(x_BCTHW.shape[2:]):
        at_L = torch.arange(length, device=x_BCTHW.device)
        in_BL = (at_L >= box_B6[:, 2 * n, None]) & (at_L < box_B6[:, 2 * n + 1, None])
        inside = inside & in_BL.view(len(blends), 1, *(length if axis == n else 1 for axis in range(3)))
    return inside


def _kept(generator: np.random.Generator, alpha: float, chance: float, count: int) -> npt.NDArray[np.float64]:
    """What each clip keeps of itself; all of it for those that are not mixed."""
    kept_B = generator.beta(alpha, alpha, count)
    return np.where(generator.random(count) < chance, kept_B, 1.0)


def _volume(box: tuple[int, int, int, int, int, int]) -> int:
    return (box[1] - box[0]) * (box[3] - box[2]) * (box[5] - box[4])

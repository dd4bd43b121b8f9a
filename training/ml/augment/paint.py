"""The changes of colour that no matrix makes, as RandAugment names them; pictures x_CTHW in 0..1.

Tables and limits are made of all frames of a clip together, so that frames that are alike stay alike and
those that are not do not flicker.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from training.ml.augment.clips import Clips, Shape, together, worked
from training.ml.augment.tint import Tint

_MORE, _ALL = 4, 13
"""PIL's smoothing filter: its neighbours count once, a pixel so much more, and all together so much."""


@dataclass(frozen=True)
class Paint:
    """Changes of one clip, one after the other, each with its number."""

    strokes: tuple[tuple[str, float], ...]

    mirrored = False

    @property
    def caption(self) -> str:
        """For a contact sheet."""
        return ", ".join(f"{name} {amount:.2g}" for name, amount in self.strokes)

    def after(self, shape: Shape) -> Shape:
        """As it was."""
        return shape

    @classmethod
    def applied(cls, clips: Clips, drawn: Sequence[Self]) -> Tensor:
        """Each clip with its own strokes."""
        painted = []
        for x_CTHW, paint in zip(worked(clips.x, clips.kind), drawn, strict=True):
            for name, amount in paint.strokes:
                x_CTHW = STROKES[name](x_CTHW, amount)
            painted.append(x_CTHW)
        return together(painted)


def brightened(x_CTHW: Tensor, factor: float) -> Tensor:
    """Every colour times the factor."""
    return _tinted(x_CTHW, Tint(brightness=factor))


def contrasted(x_CTHW: Tensor, factor: float) -> Tensor:
    """Every distance from the clip's mean grey times the factor."""
    return _tinted(x_CTHW, Tint(contrast=factor))


def coloured(x_CTHW: Tensor, factor: float) -> Tensor:
    """Every distance from the pixel's own grey times the factor."""
    return _tinted(x_CTHW, Tint(saturation=factor))


def _tinted(x_CTHW: Tensor, tint: Tint) -> Tensor:
    return Tint.applied(Clips(x_CTHW[None]), (tint,))[0]


def sharpened(x_CTHW: Tensor, factor: float) -> Tensor:
    """Every distance from the smoothed picture times the factor; the outermost pixels stay."""
    if min(x_CTHW.shape[2:]) < 3:
        return x_CTHW
    rows = x_CTHW[..., :-2, :] + x_CTHW[..., 1:-1, :] + x_CTHW[..., 2:, :]
    inner = rows[..., :-2] + rows[..., 1:-1] + rows[..., 2:] + _MORE * x_CTHW[..., 1:-1, 1:-1]
    smooth_CTHW = x_CTHW.clone()
    smooth_CTHW[..., 1:-1, 1:-1] = inner / _ALL
    return (smooth_CTHW + factor * (x_CTHW - smooth_CTHW)).clamp_(0, 1)


def posterised(x_CTHW: Tensor, bits: float) -> Tensor:
    """Only the first so many of the eight bits of each colour."""
    step = 2 ** (8 - round(bits))
    kept_CTHW: Tensor = torch.floor((x_CTHW * 255).round() / step) * step / 255
    return kept_CTHW


def solarised(x_CTHW: Tensor, threshold: float) -> Tensor:
    """What is at least as light as the threshold turned to its negative."""
    return torch.where(x_CTHW >= threshold, 1 - x_CTHW, x_CTHW)


def stretched(x_CTHW: Tensor, amount: float) -> Tensor:  # noqa: ARG001 - all strokes take a number
    """Each colour's darkest pixel made 0 and its lightest 1; a colour of one level stays."""
    flat_CP = x_CTHW.flatten(1)
    low_C, high_C = flat_CP.amin(1), flat_CP.amax(1)
    level_C = high_C == low_C
    low_C, reach_C = low_C.masked_fill(level_C, 0), (high_C - low_C).masked_fill(level_C, 1)
    return (x_CTHW - low_C[:, None, None, None]) / reach_C[:, None, None, None]


def equalised(x_CTHW: Tensor, amount: float) -> Tensor:  # noqa: ARG001
    """Each colour's 256 levels spread so that each takes as many pixels, by PIL's table."""
    level_CP = (x_CTHW * 255).round().clamp(0, 255).to(torch.int64).flatten(1)
    tables = []
    for level_P in level_CP:
        count_256 = torch.bincount(level_P, minlength=256)
        last = int(count_256[count_256 > 0][-1])
        step = (int(count_256.sum()) - last) // 255
        below_256 = count_256.cumsum(0) - count_256
        same_256 = torch.arange(256, device=x_CTHW.device)
        tables.append(((below_256 + step // 2) // step).clamp(0, 255) if step else same_256)
    table_C256 = torch.stack(tables).to(x_CTHW) / 255
    return table_C256.gather(1, level_CP).view(x_CTHW.shape)


STROKES: dict[str, Callable[[Tensor, float], Tensor]] = {
    "brightness": brightened,
    "contrast": contrasted,
    "colour": coloured,
    "sharpness": sharpened,
    "posterise": posterised,
    "solarise": solarised,
    "autocontrast": stretched,
    "equalise": equalised,
}

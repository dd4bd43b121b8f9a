"""The views of a clip that are tested on: centre crop, 3 crops, 10 crops, and 30 views (10 times by 3).

10 crops: corners and middle, each mirrored as well (TSN, Wang et al., ECCV 2016). 3 crops along the longer
side, at 10 times spread over the video (Non-local Networks, Wang et al., CVPR 2018; SlowFast, X3D).
"""

from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor

from training.ml.augment.clips import Clips, Kind, Shape, WrongKind
from training.ml.augment.moments import Moments
from training.ml.augment.pipeline import Pipeline, View
from training.ml.augment.warp import Warp, cut, mirror

Places = Literal["centre", "three", "ten"]


@dataclass(frozen=True)
class Crops:
    """How a clip is seen in the test: the shorter side brought to `short` px, and squares cut from it."""

    short: int = 256
    side: int = 224
    places: Places = "centre"
    times: int = 1
    """Stretches that are looked at, spread evenly: the first begins with the clip, the last ends with it."""
    frames: int = 0
    """Frames of each stretch; 0: all of the clip."""
    step: int = 1
    """From one of those frames to the next."""

    def of(self, shape: Shape) -> tuple[View, ...]:
        """Times by places, all places of the first time first. Raises WrongKind where squares do not fit."""
        shape.only("crops", Kind.PICTURES, Kind.FLOW)
        if self.side > self.short:
            raise WrongKind(f"A crop of {self.side} px does not fit in a short side of {self.short} px.")
        if self.times > 1 and not self.frames:
            raise WrongKind(f"Seen whole, a clip is seen once, not {self.times} times: give `frames`.")
        short = min(shape.height, shape.width)
        height, width = (
            self.short if each == short else self.short * each // short
            for each in (shape.height, shape.width)
        )
        resized = cut(0, 0, shape.width, shape.height, (height, width), "")
        boxes = [resized.then(each) for each in _boxes(self.places, height, width, self.side)]
        return tuple(View((moments, box)) for moments in self._moments(shape.frames) for box in boxes)

    def show(self, clips: Clips) -> Clips:
        """All views of all clips, (B · V, C, T, H, W): those of the first clip come first."""
        views, whole = self.of(clips.shape), Pipeline("test")
        shown = [
            whole.show(replace(clips, x=x_CTHW[None], target_BK=None), [view]).x
            for x_CTHW in clips.x
            for view in views
        ]
        target_BK = None if clips.target_BK is None else clips.target_BK.repeat_interleave(len(views), 0)
        return replace(clips, x=torch.cat(shown), target_BK=target_BK)

    def _moments(self, there: int) -> list[Moments]:
        if not self.frames:
            return [Moments(tuple(range(there)), there)]
        room = max(there - 1 - self.step * (self.frames - 1), 0)
        starts = [round(room * n / max(self.times - 1, 1)) for n in range(self.times)]
        return [
            Moments(tuple(min(start + self.step * k, there - 1) for k in range(self.frames)), there)
            for start in (starts if self.times > 1 else [room // 2])
        ]


CENTRE = Crops()
TEN_CROPS = Crops(places="ten")
"""TSN's, of each of its 25 segments."""
THREE_CROPS = Crops(side=256, places="three")
THIRTY_VIEWS = Crops(side=256, places="three", times=10, frames=16, step=5)
"""X3D-M's; SlowFast 8x8 has 32 frames at step 2."""


def averaged(logits_VC: Tensor, views: int) -> Tensor:
    """What is said of each clip, (B, C): the mean of its views' softmax."""
    return torch.softmax(logits_VC, 1).view(-1, views, logits_VC.shape[1]).mean(1)


def _boxes(places: Places, height: int, width: int, side: int) -> list[Warp]:
    right, bottom = width - side, height - side
    x, y = (right + 1) // 2, (bottom + 1) // 2
    middle = (x, y, "centre")
    along = [(0, y, "left"), middle, (right, y, "right")]
    upwards = [(x, 0, "top"), middle, (x, bottom, "bottom")]
    corners = [(0, 0, "upper left"), (right, 0, "upper right"), (0, bottom, "lower left")]
    five = [*corners, (right, bottom, "lower right"), middle]
    chosen = {"centre": [middle], "three": along if width >= height else upwards, "ten": five}[places]
    boxes = [cut(left, top, side, side, (side, side), caption) for left, top, caption in chosen]
    if places == "ten":
        boxes += [each.then(mirror(Shape(Kind.PICTURES, 1, side, side))) for each in boxes]
    return boxes

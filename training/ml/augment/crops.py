"""The squares of a frame that are tested on: the middle, 3 along the longer side, or 10.

10: the corners and the middle, each mirrored as well (TSN, Wang et al., ECCV 2016). 3: those along the longer
side (Non-local Networks, Wang et al., CVPR 2018; SlowFast, X3D). At which moments a clip is seen is the
sampler's (`training.ml.sampling`): 30 views are 10 moments of 3 squares.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from training.ml.augment.clips import Kind, Shape, WrongKind
from training.ml.augment.warp import Warp, cut, mirror

Count = Literal[1, 3, 10]
COUNTS: tuple[Count, ...] = (1, 3, 10)


@dataclass(frozen=True)
class Crops:
    """Squares of `side` px at 1, 3 or 10 places. All are seen in the test; one is drawn to learn from."""

    side: int = 224
    count: Count = 3

    def __post_init__(self) -> None:
        if self.count not in COUNTS:
            raise WrongKind(f"A frame is tested on 1, 3 or 10 squares, not on {self.count}.")

    def every(self, shape: Shape) -> tuple[Warp, ...]:
        """All of them; mirrored ones last. Raises WrongKind where they do not fit, and for skeletons."""
        shape.only("crops", Kind.PICTURES, Kind.FLOW)
        right, bottom = shape.width - self.side, shape.height - self.side
        if min(right, bottom) < 0:
            raise WrongKind(
                f"A crop of {self.side} px does not fit in a picture of {shape.width} x {shape.height}: put "
                "resize_short before it."
            )
        boxes = [
            cut(left, top, self.side, self.side, (self.side, self.side), caption)
            for left, top, caption in _places(self.count, right, bottom)
        ]
        if self.count == 10:
            boxes += [each.then(mirror(Shape(shape.kind, 1, self.side, self.side))) for each in boxes]
        return tuple(boxes)

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Warp]:
        """One of them a clip, each as likely. Raises what `every` raises."""
        boxes = self.every(shape)
        return (boxes[int(generator.integers(len(boxes)))],)


def _places(count: Count, right: int, bottom: int) -> list[tuple[int, int, str]]:
    """Left, top and name of each; `right` and `bottom` are the largest that there can be."""
    x, y = (right + 1) // 2, (bottom + 1) // 2
    middle = (x, y, "crop centre")
    if count == 1:
        return [middle]
    if count == 3:
        if right >= bottom:
            return [(0, y, "crop left"), middle, (right, y, "crop right")]
        return [(x, 0, "crop top"), middle, (x, bottom, "crop bottom")]
    above = [(0, 0, "crop upper left"), (right, 0, "crop upper right")]
    below = [(0, bottom, "crop lower left"), (right, bottom, "crop lower right")]
    return [*above, *below, middle]

"""RandAugment: some of fourteen changes, chosen at random, all of one strength.

Cubuk et al.: "RandAugment" (CVPR Workshops 2020, arXiv 1909.13719); limits of each change as in torchvision.
Known deviation: what moves the picture is done first, in the one resampling, whatever was chosen first.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from training.ml.augment.clips import Kind, Shape
from training.ml.augment.moves import linear
from training.ml.augment.paint import Paint
from training.ml.augment.warp import Edges, Warp, about_middle, unmoved

MOVES = ("shear_x", "shear_y", "translate_x", "translate_y", "rotate")
BLENDS = ("brightness", "colour", "contrast", "sharpness")
CHANGES = ("identity", *MOVES, *BLENDS, "posterise", "solarise", "autocontrast", "equalise")
STRENGTHS = 30
"""The highest; 0 changes nothing but with autocontrast and equalise."""
_SHEAR, _SHIFT, _TURN, _BLEND, _BITS = 0.3, 150 / 331, 30.0, 0.9, 4


@dataclass(frozen=True)
class RandAugment:
    """`count` changes a clip, each with the strength `strength` of 0..30 and a random sign."""

    count: int = 2
    strength: float = 9.0
    edges: Edges = "none"

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Warp, Paint]:
        """The changes of one clip; a change may be chosen twice."""
        shape.only("rand_augment", Kind.PICTURES)
        chosen = [CHANGES[int(each)] for each in generator.integers(len(CHANGES), size=self.count)]
        signs = [int(each) for each in generator.choice((-1, 1), self.count)]
        drawn = list(zip(chosen, signs, strict=True))
        moves = [self._move(name, sign, shape) for name, sign in drawn if name in MOVES]
        warp = list(accumulate([unmoved(shape), *moves], Warp.then))[-1]
        return warp, Paint(tuple(self._stroke(name, sign) for name, sign in drawn if name in PAINTED))

    def _move(self, name: str, sign: int, shape: Shape) -> Warp:
        share = sign * self.strength / STRENGTHS
        shift, matrix = (0.0, 0.0), np.eye(2)
        if name == "rotate":
            matrix = linear(share * _TURN)
        elif name.startswith("shear"):
            matrix[(0, 1) if name == "shear_x" else (1, 0)] = share * _SHEAR
        else:
            part = share * _SHIFT
            shift = (part * shape.width, 0.0) if name == "translate_x" else (0.0, part * shape.height)
            # Whole px: a shift between them would blur the clip.
            shift = (float(round(shift[0])), float(round(shift[1])))
        return about_middle(matrix, shift, shape, self.edges, f"{name} {share:+.2f}")

    def _stroke(self, name: str, sign: int) -> tuple[str, float]:
        share = self.strength / STRENGTHS
        amounts = {"posterise": 8 - round(share * _BITS), "solarise": 1 - share}
        return name, 1 + sign * share * _BLEND if name in BLENDS else amounts.get(name, 0.0)


PAINTED = tuple(each for each in CHANGES if each not in MOVES and each != "identity")

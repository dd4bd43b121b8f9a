"""Crops, resizes, flips and turns: what is drawn is a `Warp`, so that any row of them is one resampling."""

import math
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from training.ml.augment.bodies import Sides
from training.ml.augment.clips import Kind, Shape, WrongKind
from training.ml.augment.warp import Edges, Matrix, Warp, about_middle, cut, mirror, unmoved

Place = Literal["random", "centre", "left", "right", "top", "bottom"]
_SEEN = (Kind.PICTURES, Kind.FLOW)


@dataclass(frozen=True)
class Resize:
    """The whole picture squeezed into a square of `side` px."""

    side: int = 224

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Warp]:  # noqa: ARG002
        """Nothing is drawn."""
        shape.only("resize", *_SEEN)
        return (cut(0, 0, shape.width, shape.height, (self.side, self.side), ""),)


@dataclass(frozen=True)
class ResizeShort:
    """The shorter side brought to a number of px from `least` to `most`, the shape kept.

    Simonyan, Zisserman: "Very Deep Convolutional Networks" (ICLR 2015), section 3.1, as Kinetics recipes do.
    """

    least: int = 256
    most: int = 320

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Warp]:
        """One side a clip, each number as likely."""
        shape.only("resize_short", *_SEEN)
        side = int(generator.integers(self.least, self.most + 1))
        short = min(shape.height, shape.width)
        size = tuple(side if each == short else side * each // short for each in (shape.height, shape.width))
        return (cut(0, 0, shape.width, shape.height, (size[0], size[1]), f"short side {side}"),)


@dataclass(frozen=True)
class Crop:
    """A square of `side` px: anywhere, in the middle, or in the middle of one edge."""

    side: int = 224
    place: Place = "random"

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Warp]:
        """One place a clip. Raises WrongKind where the picture is smaller."""
        shape.only("crop", *_SEEN)
        rest = np.array([shape.width, shape.height]) - self.side
        if rest.min() < 0:
            raise WrongKind(
                f"A crop of {self.side} px does not fit in a picture of {shape.width} x {shape.height}: put "
                "resize_short before it."
            )
        half_x, half_y = (int(each) for each in (rest + 1) // 2)
        places = {
            "centre": (half_x, half_y),
            "left": (0, half_y),
            "right": (int(rest[0]), half_y),
            "top": (half_x, 0),
            "bottom": (half_x, int(rest[1])),
        }
        left, top = places.get(self.place) or (int(each) for each in generator.integers(0, rest + 1))
        caption = f"crop at {left}, {top}" if self.place == "random" else f"crop {self.place}"
        return (cut(left, top, self.side, self.side, (self.side, self.side), caption),)


@dataclass(frozen=True)
class RandomResizedCrop:
    """A box of random area and shape, squeezed into a square.

    Szegedy et al.: "Going Deeper with Convolutions" (CVPR 2015), section 6. Known deviation: a box that is
    wider or taller than the picture is cut to it, where public code draws again and then gives up.
    """

    side: int = 224
    area: tuple[float, float] = (0.08, 1.0)
    """As a share of the picture's."""
    aspect: tuple[float, float] = (3 / 4, 4 / 3)
    """Width by height."""

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Warp]:
        """One box of whole px a clip."""
        shape.only("random_resized_crop", *_SEEN)
        area = generator.uniform(*self.area) * shape.width * shape.height
        aspect = float(np.exp(generator.uniform(*np.log(self.aspect))))
        width = min(max(round(math.sqrt(area * aspect)), 1), shape.width)
        height = min(max(round(math.sqrt(area / aspect)), 1), shape.height)
        left = int(generator.integers(shape.width - width + 1))
        top = int(generator.integers(shape.height - height + 1))
        caption = f"box {width} x {height} at {left}, {top}"
        return (cut(left, top, width, height, (self.side, self.side), caption),)


@dataclass(frozen=True)
class MultiScaleCornerCrop:
    """A box of one of a few sizes at one of a few places, squeezed into a square.

    Wang et al.: "Temporal Segment Networks" (ECCV 2016), section 3.2. Width and height are scales of the
    shorter side that lie at most `distort` places apart in the list. Places are the corners and the middle,
    and with `more` those between them: 13, of which one is drawn.
    """

    side: int = 224
    scales: tuple[float, ...] = (1.0, 0.875, 0.75, 0.66)
    distort: int = 1
    more: bool = True

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Warp]:
        """One size and one place a clip."""
        shape.only("multi_scale_corner_crop", *_SEEN)
        base = min(shape.width, shape.height)
        lengths = [int(base * scale) for scale in self.scales]
        # A box that is nearly as large as the result is taken as it is, not resized by two px.
        lengths = [self.side if abs(each - self.side) < 3 and self.side <= base else each for each in lengths]
        sizes = [
            (w, h) for (n, h), (m, w) in product(enumerate(lengths), repeat=2) if abs(n - m) <= self.distort
        ]
        width, height = sizes[int(generator.integers(len(sizes)))]
        places = self.places(shape.width - width, shape.height - height)
        left, top = places[int(generator.integers(len(places)))]
        caption = f"box {width} x {height} at {left}, {top}"
        return (cut(left, top, width, height, (self.side, self.side), caption),)

    def places(self, right: int, bottom: int) -> list[tuple[int, int]]:
        """Left and top of the box at each place; `right` and `bottom` are the largest that there can be."""
        x, y = right // 4, bottom // 4
        found = [(0, 0), (4 * x, 0), (0, 4 * y), (4 * x, 4 * y), (2 * x, 2 * y)]
        if self.more:
            found += [(0, 2 * y), (4 * x, 2 * y), (2 * x, 4 * y), (2 * x, 0)]
            found += [(x, y), (3 * x, y), (x, 3 * y), (3 * x, 3 * y)]
        return found


@dataclass(frozen=True)
class Affine:
    """What is in the picture turned, shifted, scaled and sheared about the middle; flow turns with it."""

    degrees: float = 10.0
    """Turned by at most so much, either way."""
    translate: float = 0.1
    """Shifted by at most this share of width and height."""
    scale: tuple[float, float] = (0.9, 1.1)
    shear: float = 0.0
    """Degrees by which columns lean at most."""
    edges: Edges = "none"

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Warp]:
        """One motion a clip."""
        shape.only("affine", *_SEEN)
        angle, lean = (float(generator.uniform(-each, each)) for each in (self.degrees, self.shear))
        grown = float(generator.uniform(*self.scale))
        x, y = (float(each) for each in generator.uniform(-self.translate, self.translate, 2))
        caption = f"turned {angle:.1f}°, x{grown:.2f}, shifted {x:.2f}, {y:.2f}"
        if self.shear:
            caption += f", sheared {lean:.1f}°"
        shift = (x * shape.width, y * shape.height)
        return (about_middle(linear(angle, grown, lean), shift, shape, self.edges, caption),)


@dataclass(frozen=True)
class Flip:
    """Left and right changed with a chance: u of flow goes the other way, left joints become right ones."""

    chance: float = 0.5

    def draw(self, generator: np.random.Generator, shape: Shape) -> tuple[Warp | Sides]:
        """Whether this clip is mirrored."""
        flipped = bool(generator.random() < self.chance)
        if shape.kind == Kind.SKELETON:
            return (Sides(flipped),)
        return (mirror(shape) if flipped else unmoved(shape),)


def linear(angle: float, scale: float = 1.0, lean_x: float = 0.0, lean_y: float = 0.0) -> Matrix:
    """The matrix (2, 2) that shears by degrees, scales, and turns clockwise by degrees (y points down)."""
    turn = math.radians(angle)
    turned = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    sheared = np.array([[1, math.tan(math.radians(lean_x))], [math.tan(math.radians(lean_y)), 1]])
    both: Matrix = scale * turned @ sheared
    return both

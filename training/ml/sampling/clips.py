"""Four ways to take T frames of a clip that has F of them.

Places are (N, T): N views of T frames, each row ascending, all in 0..F-1. A clip with fewer frames than are
wanted shows some of them again. `drawn` makes one view at random, `fixed` all that are tested on.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from training.ml.errors import TooLittle
from training.ml.places import Places, spread
from training.ml.sampling.segments import centred_starts, drawn_starts, frames_at


class Sampler(Protocol):
    """One of them."""

    @property
    def length(self) -> int:
        """T."""

    @property
    def views(self) -> int:
        """N."""

    def drawn(self, frames: int, generator: np.random.Generator) -> Places:
        """A view at random, (1, T). Raises TooLittle for a clip without frames."""

    def fixed(self, frames: int) -> Places:
        """The views to be tested on, (N, T). Raises TooLittle for a clip without frames."""


@dataclass(frozen=True, kw_only=True)
class Dense:
    """T frames in a row, every `stride`-th; tested on `views` of them, spread from the first to the last.

    As SlowFast and I3D read clips (Feichtenhofer et al., ICCV 2019, section 4). One view alone is the middle.
    """

    length: int
    stride: int = 1
    views: int = 1

    def __post_init__(self) -> None:
        _at_least_one(length=self.length, stride=self.stride, views=self.views)

    def drawn(self, frames: int, generator: np.random.Generator) -> Places:
        """Begun anywhere, (1, T)."""
        return self._from(generator.integers(self._starts(frames), size=1), frames)

    def fixed(self, frames: int) -> Places:
        """Begun at equal distances, (views, T)."""
        last = self._starts(frames) - 1
        if self.views == 1:
            return self._from(np.array([last // 2]), frames)
        return self._from(np.arange(self.views) * last // (self.views - 1), frames)

    def _starts(self, frames: int) -> int:
        _some(frames)
        return max(1, frames - (self.length - 1) * self.stride)

    def _from(self, start_N: Places, frames: int) -> Places:
        return np.minimum(start_N[:, None] + self.stride * np.arange(self.length), frames - 1)


@dataclass(frozen=True, kw_only=True)
class Uniform:
    """T frames spread over the whole clip, one of each of T equal parts: any, or its middle.

    Tested on `views` of each part, spread over it.
    """

    length: int
    views: int = 1

    def __post_init__(self) -> None:
        _at_least_one(length=self.length, views=self.views)

    def drawn(self, frames: int, generator: np.random.Generator) -> Places:
        """Any frame of each part, (1, T)."""
        _some(frames)
        return spread(frames, self.length, generator)[None]

    def fixed(self, frames: int) -> Places:
        """The middle of each part, or of each of `views` parts of it, (views, T)."""
        _some(frames)
        return spread(frames, self.length * self.views).reshape(self.length, self.views).T


@dataclass(frozen=True, kw_only=True)
class Segments:
    """A stack of `each` frames in each of so many equal segments, T in all, by the formula of TSN.

    Wang et al.: "Temporal Segment Networks" (ECCV 2016). Frames ascend within a stack, and stacks by their
    starts; where stacks overlap, the row as a whole does not. Tested on `views` stacks of each segment.
    """

    segments: int
    each: int = 1
    views: int = 1

    def __post_init__(self) -> None:
        _at_least_one(segments=self.segments, each=self.each, views=self.views)

    @property
    def length(self) -> int:
        """T."""
        return self.segments * self.each

    def drawn(self, frames: int, generator: np.random.Generator) -> Places:
        """A start at random in each segment, (1, T)."""
        start_K = drawn_starts(frames, self.segments, self.each, generator)
        return frames_at(start_K, frames, self.each).reshape(1, -1)

    def fixed(self, frames: int) -> Places:
        """The start in the middle of each segment, or of each of `views` parts of it, (views, T)."""
        start_K = centred_starts(frames, self.segments * self.views, self.each)
        stack_KL = frames_at(start_K, frames, self.each)
        by_view_KNL = stack_KL.reshape(self.segments, self.views, self.each)
        return by_view_KNL.swapaxes(0, 1).reshape(self.views, -1)


@dataclass(frozen=True, kw_only=True)
class Dynamic:
    """Any T frames of the clip in their order, none twice where there are enough; tested on spread ones."""

    length: int
    views: int = 1

    def __post_init__(self) -> None:
        _at_least_one(length=self.length, views=self.views)

    def drawn(self, frames: int, generator: np.random.Generator) -> Places:
        """Sorted, (1, T): of a short clip every frame as often as all others, or once more."""
        _some(frames)
        whole = np.tile(np.arange(frames), self.length // frames)
        rest = generator.choice(frames, self.length % frames, replace=False)
        return np.sort(np.concatenate([whole, rest]).astype(np.int64))[None]

    def fixed(self, frames: int) -> Places:
        """As Uniform, (views, T)."""
        return Uniform(length=self.length, views=self.views).fixed(frames)


def _some(frames: int) -> None:
    if frames < 1:
        raise TooLittle("A clip without a frame cannot be looked at.")


def _at_least_one(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 1:
            raise TooLittle(f"{name} is at least 1, not {number}.")

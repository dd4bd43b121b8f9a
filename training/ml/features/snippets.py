"""Which frames of a clip are read: the candidates, and the snippets of flow around them.

Flow is measured between frames that lie about 1/15 s apart, whatever the frame rate: the clip's *ticks*.
Snippets are stretches of ticks; where those of neighbouring candidates overlap they share the flow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from training.ml.places import spread
from training.ml.recipes.motion import FeatureRecipe

Indices = npt.NDArray[np.int64]
Stretches = Sequence[Sequence[int]]
"""Pairs `(first, stop)` of ordinals."""


@dataclass(frozen=True)
class Plan:
    """The frames to read. Tick k is frame `start + k * step`; flow k goes from tick k to tick k + 1."""

    start: int
    step: int
    candidates_N: Indices
    """Ordinals of the candidates, strictly ascending."""
    first_N: Indices
    """The first flow of each candidate's snippet."""
    times_N: npt.NDArray[np.float64]
    """When in the clip each candidate is: 0 for its first, 1 for its last."""
    length: int
    """Flows a snippet, 0 where the clip has but one frame."""
    seconds: float
    """Seconds between two ticks."""

    @property
    def flows(self) -> Indices:
        """The numbers of the flows that some snippet holds, ascending."""
        every_NL = self.first_N[:, None] + np.arange(self.length)
        return np.unique(every_NL)

    @property
    def ticks(self) -> Indices:
        """The ordinals of the frames between which flow is measured, ascending."""
        flows = self.flows
        every: Indices = np.unique(np.concatenate([flows, flows + 1]))
        return self.start + self.step * every

    @property
    def ordinals(self) -> Indices:
        """Every frame that is read, ascending."""
        return np.union1d(self.ticks, self.candidates_N)

    def only(self, places: Indices) -> Self:
        """What to read for the candidates at these places alone; they stay when they were."""
        return replace(
            self,
            candidates_N=self.candidates_N[places],
            first_N=self.first_N[places],
            times_N=self.times_N[places],
        )


def plan(start: int, end: int, fps: float, recipe: FeatureRecipe, rejected: Stretches = ()) -> Plan:
    """What to read of frames `start` to `end` (exclusive) of a video of `fps` frames a second.

    No candidate lies in a `rejected` stretch `[first, stop)`, unless all frames do.
    """
    frames = end - start
    if start < 0 or frames < 1 or not fps > 0:
        raise ValueError(f"frames {start}..{end} at {fps} frames a second are no clip")
    good = accepted(start, end, rejected)
    count = min(recipe.candidates, len(good))
    candidates_N = good[spread(len(good), count)]
    # A clip of few frames is read frame by frame, however fast it was filmed.
    step = max(1, min(round(fps / recipe.rate), (frames - 1) // 2))
    flows = (frames - 1) // step
    length = min(flows, max(2, round(recipe.snippet * fps / step)))
    middle_N = (candidates_N - start) / step
    first_N = np.clip(np.rint(middle_N - length / 2).astype(np.int64), 0, flows - length)
    times_N = (candidates_N - candidates_N[0]) / max(1, candidates_N[-1] - candidates_N[0])
    return Plan(start, step, candidates_N, first_N, times_N, length, step / fps)


def accepted(start: int, end: int, rejected: Stretches) -> Indices:
    """The ordinals of the frames outside the rejected stretches; of all frames, where none is outside."""
    good = np.ones(end - start, dtype=np.bool_)
    for first, stop in rejected:
        good[max(0, first - start) : max(0, stop - start)] = False
    return start + (np.flatnonzero(good) if good.any() else np.arange(end - start))

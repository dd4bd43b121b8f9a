"""Which frames are read: the same moments at every frame rate, and never outside the clip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ml.features.snippets import plan
from training.ml.recipes.motion import FeatureRecipe

RECIPE = FeatureRecipe()
RATES = st.sampled_from([5.0, 10.0, 12.5, 25.0, 29.97, 60.0])


@given(st.integers(0, 10_000), st.integers(1, 900), RATES)
def test_what_is_read_lies_in_the_clip(start: int, frames: int, fps: float) -> None:
    ticks = plan(start, start + frames, fps, RECIPE)
    assert len(ticks.candidates_N) == min(RECIPE.candidates, frames)
    assert (np.diff(ticks.candidates_N) > 0).all()
    assert start <= ticks.ordinals[0]
    assert ticks.ordinals[-1] < start + frames
    assert set(ticks.candidates_N) <= set(ticks.ordinals)


@given(st.integers(2, 900), RATES)
def test_every_snippet_is_as_long_and_covers_its_candidate(frames: int, fps: float) -> None:
    ticks = plan(0, frames, fps, RECIPE)
    flows = set(ticks.flows.tolist())
    assert ticks.length >= 1
    for candidate, first in zip(ticks.candidates_N, ticks.first_N, strict=True):
        assert set(range(first, first + ticks.length)) <= flows
        # The last tick may lie up to a step before the clip's end.
        assert first * ticks.step <= candidate < (first + ticks.length + 1) * ticks.step


@given(st.integers(1, 900), RATES)
def test_candidates_are_spread_evenly(frames: int, fps: float) -> None:
    candidates = plan(0, frames, fps, RECIPE).candidates_N
    gaps = np.diff(candidates)
    assert gaps.size == 0 or gaps.max() - gaps.min() <= 1
    assert abs(candidates[0] - (frames - 1 - candidates[-1])) <= 1


@pytest.mark.parametrize(
    ("fps", "step", "length"), [(10, 1, 6), (15, 1, 9), (20, 1, 12), (30, 2, 9), (60, 4, 9)]
)
def test_a_snippet_lasts_as_long_at_every_frame_rate(fps: float, step: int, length: int) -> None:
    ticks = plan(0, int(10 * fps), fps, RECIPE)
    assert (ticks.step, ticks.length) == (step, length)
    assert ticks.length * ticks.seconds == pytest.approx(RECIPE.snippet, abs=ticks.seconds)


def test_a_short_clip_of_a_quick_camera_is_read_frame_by_frame() -> None:
    ticks = plan(7, 10, 60.0, RECIPE)
    assert ticks.ordinals.tolist() == [7, 8, 9]
    assert ticks.length == 2


def test_a_clip_of_one_frame_has_no_flow() -> None:
    ticks = plan(5, 6, 25.0, RECIPE)
    assert ticks.candidates_N.tolist() == [5]
    assert ticks.ordinals.tolist() == [5]
    assert ticks.length == 0


def test_overlapping_snippets_share_their_flow() -> None:
    ticks = plan(0, 60, 30.0, RECIPE)
    assert len(ticks.flows) <= 30 < len(ticks.first_N) * ticks.length


@pytest.mark.parametrize(
    ("start", "end", "fps"), [(0, 0, 25.0), (-1, 5, 25.0), (0, 5, 0.0), (0, 5, float("nan"))]
)
def test_what_is_no_clip_is_refused(start: int, end: int, fps: float) -> None:
    with pytest.raises(ValueError, match="are no clip"):
        plan(start, end, fps, RECIPE)


CUTS = st.lists(st.integers(0, 320), max_size=8).map(sorted)


@given(st.integers(0, 50), st.integers(1, 270), CUTS)
def test_no_candidate_is_rejected_unless_all_frames_are(start: int, frames: int, cuts: list[int]) -> None:
    rejected = list(zip(cuts[::2], cuts[1::2], strict=False))
    out = {ordinal for first, stop in rejected for ordinal in range(first, stop)}
    good = [ordinal for ordinal in range(start, start + frames) if ordinal not in out]
    candidates = plan(start, start + frames, 25.0, RECIPE, rejected).candidates_N
    assert len(candidates) == min(RECIPE.candidates, len(good) or frames)
    assert (np.diff(candidates) > 0).all()
    assert set(candidates.tolist()) <= set(good or range(start, start + frames))

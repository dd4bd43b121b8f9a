"""Frames are seen in their order, from any stretch of the clip."""

from dataclasses import replace

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.augment.footage import pictures, skeletons
from training.ml.augment.clips import Kind, Shape
from training.ml.augment.moments import Moments, TemporalJitter


@given(
    seed=st.integers(0, 10_000), there=st.integers(1, 60), wanted=st.integers(0, 40), least=st.floats(0.05, 1)
)
@settings(max_examples=80)
def test_places_ascend_within_the_clip(seed: int, there: int, wanted: int, least: float) -> None:
    jitter = TemporalJitter(wanted, least)
    (drawn,) = jitter.draw(np.random.default_rng(seed), Shape(Kind.PICTURES, there, 8, 8))
    assert len(drawn.places) == (wanted or there)
    assert list(drawn.places) == sorted(drawn.places)
    assert 0 <= drawn.places[0] <= drawn.places[-1] < there


def test_all_of_a_clip_without_jitter_is_the_clip() -> None:
    (drawn,) = TemporalJitter(least=1.0, jitter=False).draw(np.random.default_rng(0), pictures().shape)
    assert drawn.places == (0, 1, 2)
    assert drawn.caption == ""
    assert torch.equal(Moments.applied(pictures(), [drawn] * 2), pictures().x)


def test_each_clip_shows_its_own_frames() -> None:
    for clips in (pictures(frames=5), skeletons(frames=5)):
        shown = Moments.applied(clips, [Moments((0, 0, 3), 5), Moments((1, 2, 4), 5)])
        assert torch.equal(shown[0], clips.x[0][:, [0, 0, 3]])
        assert torch.equal(shown[1], clips.x[1][:, [1, 2, 4]])


def test_a_stretch_is_not_shorter_than_asked() -> None:
    shape = Shape(Kind.PICTURES, 100, 8, 8)
    drawn = [TemporalJitter(10, 0.4, False).draw(np.random.default_rng(n), shape)[0] for n in range(300)]
    lengths = [each.places[-1] - each.places[0] for each in drawn]
    assert min(lengths) >= 35
    assert max(lengths) >= 85
    starts = {each.places[0] for each in drawn}
    assert min(starts) < 6
    assert max(starts) > 40


def test_speed_changes_the_number_of_frames_that_follow() -> None:
    shape = replace(pictures(frames=9).shape)
    assert Moments((0, 4), 9).after(shape).frames == 2

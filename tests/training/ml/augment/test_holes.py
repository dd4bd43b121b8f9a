"""Cutout blanks one box of a clip in all its frames."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.augment.footage import flow
from training.ml.augment.clips import Clips, Kind, Shape
from training.ml.augment.holes import Cutout, Hole


def test_the_box_is_blank_in_all_frames_and_the_rest_as_it_was() -> None:
    clips = Clips(torch.rand(2, 3, 4, 8, 10))
    shown = Hole.applied(clips, [Hole(1, 2, 4, 5, 0.25), Hole(0, 0, 0, 0, 0.25)])
    expected = clips.x.clone()
    expected[0, :, :, 2:5, 1:4] = 0.25
    assert torch.equal(shown, expected)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60)
def test_it_is_a_square_cut_off_at_the_edges(seed: int) -> None:
    (hole,) = Cutout(0.5).draw(np.random.default_rng(seed), Shape(Kind.PICTURES, 3, 20, 30))
    assert 0 <= hole.left < hole.right <= 30
    assert 0 <= hole.top < hole.bottom <= 20
    assert hole.right - hole.left == 10 or hole.left == 0 or hole.right == 30
    assert 5 <= hole.bottom - hole.top <= 10
    assert hole.level == 0.45


def test_flow_does_not_move_there() -> None:
    (hole,) = Cutout(1.0).draw(np.random.default_rng(0), flow(count=1).shape)
    shown = Hole.applied(flow(count=1), [hole])
    assert (shown[0, :, :, hole.top : hole.bottom, hole.left : hole.right] == 0).all()


def test_it_comes_as_often_as_asked() -> None:
    shape = Shape(Kind.PICTURES, 1, 20, 20)
    drawn = [Cutout(chance=0.25).draw(np.random.default_rng(seed), shape)[0] for seed in range(400)]
    assert 0.18 < np.mean([bool(hole.caption) for hole in drawn]) < 0.32

"""Descriptors say which way something moves, and lie where it moves."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.ml.features.clip import DESCRIPTOR_DIM
from training.ml.features.motion import (
    CHANNEL_DIMS,
    SECONDS,
    FlowCounter,
    Grey,
    Plane,
    describe,
    motion_box,
    shrunk,
)
from training.ml.features.snippets import plan
from training.ml.recipes.motion import FeatureRecipe

RECIPE = FeatureRecipe(candidates=4, keep=12)
TEXTURE = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 256, (160, 160)).astype(np.uint8), (0, 0), 2)


def window(x: int, y: int) -> Grey:
    """A view of the texture that was moved by (x, y): what is seen goes the other way."""
    return np.ascontiguousarray(TEXTURE[32 + y : 128 + y, 32 + x : 128 + x])


@pytest.mark.parametrize(
    ("x", "y", "bin_number"), [(-2, 0, 0), (-2, -2, 1), (0, -2, 2), (2, 0, 4), (0, 2, 6)]
)
def test_flow_falls_into_the_bin_of_its_direction(x: int, y: int, bin_number: int) -> None:
    counts_HWB, speed_HW = FlowCounter(8, SECONDS)(window(0, 0), window(x, y))
    hof_B = counts_HWB[2:-2, 2:-2, :9].sum((0, 1))
    assert hof_B[:8].argmax() == bin_number
    assert hof_B[bin_number] > 0.8 * hof_B[:8].sum()
    assert speed_HW[2:-2, 2:-2].mean() == pytest.approx(np.hypot(x, y), rel=0.1)


def test_speed_is_told_per_time_and_not_per_frame() -> None:
    _, slow_HW = FlowCounter(8, 2 * SECONDS)(window(0, 0), window(2, 0))
    _, quick_HW = FlowCounter(8, SECONDS)(window(0, 0), window(2, 0))
    np.testing.assert_allclose(slow_HW * 2, quick_HW, rtol=1e-5)


def test_the_flow_of_a_pair_does_not_depend_on_the_pair_before() -> None:
    fresh, used = FlowCounter(8, SECONDS), FlowCounter(8, SECONDS)
    used(window(0, 0), window(6, 6))
    for one, other in zip(fresh(window(0, 0), window(1, 0)), used(window(0, 0), window(1, 0)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_stands_still_counts_as_still() -> None:
    counts_HWB, speed_HW = FlowCounter(8, SECONDS)(window(0, 0), window(0, 0))
    assert speed_HW.max() < 0.05
    np.testing.assert_array_equal(counts_HWB[..., 8], 64)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((720, 1280), (180, 320)), ((1280, 720), (320, 180)), ((240, 270), (240, 270)), ((8, 1000), (32, 320))],
)
def test_pictures_are_shrunk_by_their_longer_side(shape: tuple[int, int], expected: tuple[int, int]) -> None:
    assert shrunk(np.zeros(shape, np.uint8), 320).shape == expected


def counted(moving: list[tuple[int, int, int]]) -> tuple[Plane, Plane]:
    """Counts and speeds of 20 flows of 10 x 12 cells, of which (flow, row, column) move."""
    counts_THWB = np.random.default_rng(0).uniform(0, 1, (20, 10, 12, 33)).astype(np.float32)
    speed_THW = np.zeros((20, 10, 12), np.float32)
    for place in moving:
        speed_THW[place] = 10
    return counts_THWB, speed_THW


TICKS = plan(0, 21, 15.0, RECIPE)


def test_only_blocks_that_move_are_described() -> None:
    motion = describe(*counted([(10, 4, 5)]), TICKS, RECIPE)
    owners = set(motion.owner_M.tolist())
    holding = {n for n, first in enumerate(TICKS.first_N) if first <= 10 < first + TICKS.length}
    assert owners == holding
    assert len(motion.descriptors_MP) == 4 * len(holding), "four blocks hold a cell"
    assert (motion.motion_N > 0).tolist() == [n in holding for n in range(4)]


def test_nothing_moves_nothing_is_described() -> None:
    motion = describe(*counted([]), TICKS, RECIPE)
    assert motion.descriptors_MP.shape == (0, DESCRIPTOR_DIM)
    assert motion.place_M3.shape == (0, 3)


def test_the_blocks_that_move_most_are_kept() -> None:
    counts_THWB, speed_THW = counted([])
    speed_THW[:] = np.linspace(1, 2, 12)
    motion = describe(counts_THWB, speed_THW, TICKS, RECIPE)
    assert np.bincount(motion.owner_M).tolist() == [RECIPE.keep] * 4
    assert motion.place_M3[:, 0].min() > 0.5, "the right edge moves most"


def test_a_snippet_is_described_alike_whatever_lies_beside_it() -> None:
    counts_THWB, speed_THW = counted([(2, 4, 5), (17, 4, 5)])
    first = describe(counts_THWB, speed_THW, TICKS, RECIPE)
    counts_THWB[12:] = 7
    changed = describe(counts_THWB, speed_THW, TICKS, RECIPE)
    rows = first.owner_M == 0
    np.testing.assert_array_equal(first.descriptors_MP[rows], changed.descriptors_MP[changed.owner_M == 0])


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1))
def test_the_squares_of_a_channel_are_shares_of_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts_THWB = rng.gamma(0.3, 5, (20, 10, 12, 33)).astype(np.float32)
    speed_THW = np.ones((20, 10, 12), np.float32)
    motion = describe(counts_THWB, speed_THW, TICKS, replace(RECIPE, keep=5))
    start = 0
    for width in CHANNEL_DIMS:
        part = motion.descriptors_MP[:, start : start + width] / 255.0
        np.testing.assert_allclose((part**2).sum(1), 1, atol=0.06)
        start += width


def test_the_box_lies_where_most_of_the_motion_is() -> None:
    _, speed_THW = counted([(n, 6, 8) for n in range(20)] + [(0, 0, 0)])
    x, y, half_width, half_height = motion_box(speed_THW, 0.2)
    assert (x, y) == (8.5, 6.5)
    assert (half_width, half_height) == (2.0, 2.0), "no box is smaller than four cells"

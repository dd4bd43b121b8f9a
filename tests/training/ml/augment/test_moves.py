"""Crops, resizes, flips and turns against tiny pictures worked out by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from tests.training.ml.augment.footage import pictures, ramp
from training.ml.augment.clips import Clips, Kind, Shape, WrongKind, worked
from training.ml.augment.moves import (
    Affine,
    Crop,
    Flip,
    MultiScaleCornerCrop,
    RandomResizedCrop,
    Resize,
    ResizeShort,
)
from training.ml.augment.pipeline import Pipeline, Transform
from training.ml.augment.warp import Warp, about_middle, cut, mirror, unmoved

SEEDS = st.integers(0, 10_000)
DIGITS = torch.arange(12, dtype=torch.float32).view(1, 1, 1, 3, 4).expand(1, 3, 1, 3, 4)


def shown(x_BCTHW: torch.Tensor, *warps: Warp, kind: Kind = Kind.PICTURES) -> torch.Tensor:
    whole = warps[0]
    for each in warps[1:]:
        whole = whole.then(each)
    return Warp.applied(Clips(x_BCTHW, kind), (whole,) * len(x_BCTHW))


def drawn(transform: Transform, height: int, width: int, seed: int) -> Warp:
    (warp,) = transform.draw(np.random.default_rng(seed), Shape(Kind.PICTURES, 1, height, width))
    assert isinstance(warp, Warp)
    return warp


def box(warp: Warp) -> tuple[int, int, int, int]:
    """Left, top, width and height in the picture."""
    (a, _, left), (_, d, top) = warp.rows
    return round(left), round(top), round(a * warp.width), round(d * warp.height)


def test_a_crop_shows_its_own_pixels() -> None:
    out = shown(DIGITS, cut(1, 1, 2, 2, (2, 2), ""))
    assert out[0, 0, 0].tolist() == [[5, 6], [9, 10]]


def test_a_flip_turns_each_row_round() -> None:
    out = shown(DIGITS, mirror(Shape(Kind.PICTURES, 1, 3, 4)))
    assert out[0, 0, 0].tolist() == [[3, 2, 1, 0], [7, 6, 5, 4], [11, 10, 9, 8]]


def test_a_crop_of_a_mirrored_picture_is_the_mirror_of_the_other_side() -> None:
    out = shown(DIGITS, mirror(Shape(Kind.PICTURES, 1, 3, 4)), cut(0, 0, 2, 1, (1, 2), ""))
    assert out[0, 0, 0].tolist() == [[3, 2]]


def test_half_the_size_is_the_mean_of_a_triangle() -> None:
    row = torch.tensor([0.0, 0.0, 0.0, 0.0, 8.0, 8.0, 8.0, 8.0]).expand(1, 3, 1, 2, 8)
    out = shown(row, cut(0, 0, 8, 2, (2, 4), ""))
    # Weights 1/8, 3/8, 3/8, 1/8 about the middle of two pixels, at the edge 3/7, 3/7, 1/7.
    assert out[0, 0, 0, 0].tolist() == pytest.approx([0, 1, 7, 8])


def test_a_quarter_turn_moves_the_upper_left_corner_to_the_upper_right() -> None:
    square = torch.zeros(1, 3, 1, 4, 4)
    square[..., 0, 0] = 1
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])  # clockwise, y points down
    out = shown(square, about_middle(turn, (0, 0), Shape(Kind.PICTURES, 1, 4, 4), "none", ""))
    assert out[0, 0, 0].argmax() == 3
    assert float(out.sum()) == pytest.approx(3)


def test_a_shift_leaves_nothing_behind_or_its_edge() -> None:
    shape = Shape(Kind.PICTURES, 1, 3, 4)
    for edges, left in (("none", [0, 0, 0]), ("repeat", [0, 4, 8])):
        out = shown(DIGITS, about_middle(np.eye(2), (1, 0), shape, edges, ""))  # type: ignore[arg-type]
        assert out[0, 0, 0, :, 1:].tolist() == [[0, 1, 2], [4, 5, 6], [8, 9, 10]]
        assert out[0, 0, 0, :, 0].tolist() == left


def test_flow_turns_with_the_picture() -> None:
    right = torch.zeros(1, 2, 1, 5, 5)
    right[:, 0] = 1  # all of it moves to the right
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    out = shown(right, about_middle(turn, (0, 0), Shape(Kind.FLOW, 1, 5, 5), "repeat", ""), kind=Kind.FLOW)
    assert torch.allclose(out[:, 0], torch.zeros(()), atol=1e-6)
    assert torch.allclose(out[:, 1], torch.ones(()))  # and now downwards


def test_flow_that_is_flipped_goes_the_other_way() -> None:
    bytes_ = torch.tensor([200, 90], dtype=torch.uint8).view(1, 2, 1, 1, 1).expand(1, 2, 1, 2, 2)
    flip = mirror(Shape(Kind.FLOW, 1, 2, 2))
    assert shown(bytes_, flip, kind=Kind.FLOW)[0, :, 0, 0, 0].tolist() == [55, 90]
    pixels = torch.tensor([3.5, -2.0]).view(1, 2, 1, 1, 1).expand(1, 2, 1, 2, 2)
    assert shown(pixels, flip, kind=Kind.FLOW)[0, :, 0, 0, 0].tolist() == [-3.5, -2.0]
    stack = bytes_.repeat(1, 3, 1, 1, 1)  # TSN's u, v, u, v, u, v
    assert shown(stack, flip, kind=Kind.FLOW)[0, :, 0, 0, 0].tolist() == [55, 90] * 3


def test_resize_then_crop_is_exactly_that_in_one() -> None:
    x = pictures(count=1, height=45, width=61).x
    view = Pipeline("", (ResizeShort(30, 30), Crop(24, "centre"))).draw(
        np.random.default_rng(0), Shape(Kind.PICTURES, 3, 45, 61)
    )
    (warp,) = view.steps
    assert isinstance(warp, Warp)
    whole = functional.interpolate(x[0].transpose(0, 1), (30, 40), mode="bilinear", antialias=True)
    assert torch.equal(shown(x, warp)[0].transpose(0, 1), whole[:, :, 3:27, 8:32])


@given(seed=SEEDS)
@settings(max_examples=25)
def test_turned_or_not_a_point_is_shown_where_the_matrix_says(seed: int) -> None:
    """A picture of its own coordinates tells where each pixel of the result was taken from."""
    rng, (height, width) = np.random.default_rng(seed), (40, 56)
    steps = (Affine(20, 0.05, (1.0, 1.3), 5.0), RandomResizedCrop(12, (0.3, 0.6)), Flip())
    view = Pipeline("", steps).draw(rng, Shape(Kind.PICTURES, 1, height, width))
    (warp,) = view.steps
    assert isinstance(warp, Warp)
    out = shown(ramp(height, width), warp)[0, :2, 0]
    y_HW, x_HW = np.mgrid[0:12, 0:12] + 0.5
    at_HW2 = np.stack([x_HW, y_HW, np.ones_like(x_HW)], -1) @ np.array(warp.rows).T
    inside_HW = ((at_HW2 > 4) & (at_HW2 < (width - 4, height - 4))).all(-1)
    where_2HW = out.numpy() * np.array([width, height])[:, None, None]
    assert where_2HW[:, inside_HW] == pytest.approx(at_HW2[inside_HW].T, abs=0.3)


def test_what_is_shrunk_and_turned_is_smoothed_as_well() -> None:
    stripes = (torch.arange(64) % 2).float().expand(1, 3, 1, 64, 64)
    shape = Shape(Kind.PICTURES, 1, 64, 64)
    turned = about_middle(np.array([[0.8, -0.6], [0.6, 0.8]]), (0, 0), shape, "repeat", "")
    out = shown(stripes, turned, cut(16, 16, 32, 32, (8, 8), ""))
    assert out.sub(0.5).abs().max() < 0.1


@given(seed=SEEDS, height=st.integers(8, 90), width=st.integers(8, 90))
@settings(max_examples=25)
def test_random_boxes_lie_in_the_picture(seed: int, height: int, width: int) -> None:
    for transform in (RandomResizedCrop(8), MultiScaleCornerCrop(8), Crop(8)):
        left, top, across, down = box(drawn(transform, height, width, seed))
        assert 0 <= left <= left + across <= width
        assert 0 <= top <= top + down <= height
        assert min(across, down) > 0


def test_random_areas_and_shapes_keep_to_their_limits() -> None:
    boxes = [box(drawn(RandomResizedCrop(8, (0.1, 0.4)), 200, 200, seed)) for seed in range(300)]
    areas = np.array([w * h / 200**2 for _, _, w, h in boxes])
    shapes = np.array([w / h for _, _, w, h in boxes])
    assert (areas.min(), areas.max()) == pytest.approx((0.1, 0.4), abs=0.02)
    assert (shapes.min(), shapes.max()) == pytest.approx((3 / 4, 4 / 3), abs=0.04)


def test_corner_crops_have_the_sizes_and_places_of_tsn() -> None:
    boxes = {box(drawn(MultiScaleCornerCrop(224), 256, 340, seed)) for seed in range(5000)}
    sizes = {(w, h) for _, _, w, h in boxes}
    sides = (256, 224, 192, 168)
    assert sizes == {(w, h) for n, w in enumerate(sides) for m, h in enumerate(sides) if abs(n - m) <= 1}
    # 340 - 224 = 116 in quarters of 29, 256 - 224 = 32 in quarters of 8
    quarters = {(29 * i, 8 * j) for i, j in [(0, 0), (4, 0), (0, 4), (4, 4), (2, 2), (0, 2), (4, 2), (2, 4)]}
    quarters |= {(29 * i, 8 * j) for i, j in [(2, 0), (1, 1), (3, 1), (1, 3), (3, 3)]}
    assert {(x, y) for x, y, w, h in boxes if (w, h) == (224, 224)} == quarters


def test_the_corners_alone_are_five_places() -> None:
    assert MultiScaleCornerCrop(more=False).places(40, 8) == [(0, 0), (40, 0), (0, 8), (40, 8), (20, 4)]


def test_the_short_side_is_any_of_its_numbers_and_the_shape_stays() -> None:
    sizes = {(w.height, w.width) for w in (drawn(ResizeShort(20, 23), 30, 45, seed) for seed in range(60))}
    assert sizes == {(20, 30), (21, 31), (22, 33), (23, 34)}
    assert {w.width for w in (drawn(ResizeShort(20, 20), 45, 30, seed) for seed in range(3))} == {20}


@pytest.mark.parametrize(
    ("place", "corner"),
    [("centre", (4, 2)), ("left", (0, 2)), ("right", (8, 2)), ("top", (4, 0)), ("bottom", (4, 3))],
)
def test_a_crop_lies_where_it_is_told_to(place: str, corner: tuple[int, int]) -> None:
    assert box(drawn(Crop(5, place), 8, 13, 0)) == (*corner, 5, 5)  # type: ignore[arg-type]


def test_a_picture_too_small_for_its_crop_is_refused() -> None:
    with pytest.raises(WrongKind, match="put resize_short before it"):
        drawn(Crop(32), 24, 40, 0)


def test_motions_keep_to_their_limits() -> None:
    warps = [drawn(Affine(10, 0.1, (0.9, 1.1), 0.0), 100, 200, seed) for seed in range(400)]
    turns = np.array([warp.turn for warp in warps])
    scales = np.sqrt(np.linalg.det(turns))
    angles = np.rad2deg(np.arctan2(turns[:, 1, 0], turns[:, 0, 0]))
    assert (scales.min(), scales.max()) == pytest.approx((0.9, 1.1), abs=0.01)
    assert (angles.min(), angles.max()) == pytest.approx((-10, 10), abs=0.2)
    middles = np.array([np.linalg.inv(warp.matrix) @ (100, 50, 1) for warp in warps])[:, :2]
    assert np.abs(middles - (100, 50)).max(0) == pytest.approx((20, 10), abs=0.5)


def test_a_square_is_the_whole_picture() -> None:
    assert box(drawn(Resize(16), 24, 40, 0)) == (0, 0, 40, 24)
    out = Pipeline("", (Resize(16),))(pictures(count=1), [np.random.default_rng(0)]).x
    assert float((out.mean() - worked(pictures(count=1).x, Kind.PICTURES).mean()).abs()) < 0.02


def test_flips_come_as_often_as_asked() -> None:
    flips = [drawn(Flip(0.25), 8, 8, seed).mirrored for seed in range(400)]
    assert 0.18 < np.mean(flips) < 0.32
    assert not unmoved(Shape(Kind.PICTURES, 1, 8, 8)).mirrored

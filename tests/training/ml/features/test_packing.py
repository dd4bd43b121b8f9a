"""A clip is packed from moments spread over it, cut to where something moves."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.ml.features.footage import FRAMES, SIZE, make_proxy
from training.ml.features.packing import Box, moments, moving_box, pack
from training.ml.flow import restored
from training.ml.recipes.networks import X3D, ClipRecipe, Reads

SMALL = ClipRecipe(moments=8, side=32)
RECIPE = replace(X3D, clip=SMALL)
FLOW = replace(X3D, clip=ClipRecipe(reads=Reads.FLOW, moments=4, frames=3, rate=25.0, side=96))


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_proxy(tmp_path_factory.mktemp("packing"))


def test_a_pack_holds_the_moments_of_the_clip(proxy: Path) -> None:
    found = pack(proxy, 0, FRAMES, 25.0, recipe=RECIPE)
    assert found.ordinals_P.tolist() == [2, 7, 12, 17, 22, 27, 32, 37]
    assert found.at([0, 7]).shape == (2, 1, 32, 32, 3)
    assert found.recipe == RECIPE.feature_fingerprint()


def test_the_box_lies_where_the_square_wanders(proxy: Path) -> None:
    whole = pack(proxy, 0, FRAMES, 25.0, recipe=replace(RECIPE, clip=replace(SMALL, least=1.0)))
    cut = pack(proxy, 0, FRAMES, 25.0, recipe=RECIPE)
    # Of the whole picture the square takes 24 x 24 of 96 x 96 px; of the part that moves much more.
    assert cut.at([0])[0, 0].mean() > whole.at([0])[0, 0].mean() + 3


def test_the_same_clip_gives_the_same_bytes(proxy: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        pack(proxy, 3, 30, 25.0, recipe=RECIPE).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_flow_of_the_square_is_two_pixels_a_frame_to_the_right(proxy: Path) -> None:
    found = pack(proxy, 12, 28, 25.0, recipe=FLOW)
    assert (found.channels, found.frames, len(found)) == (2, 3, 4)
    moved = restored(found.at([1])[0, 1])
    zoom = 96 / _box_width(proxy)
    fast = moved[..., 0][moved[..., 0] > zoom]
    assert len(fast) > 100
    assert np.median(fast) == pytest.approx(2 * zoom, rel=0.3)
    assert abs(np.median(moved[..., 1])) < 0.3


def _box_width(proxy: Path) -> int:
    from training.ml.features.packing import _held

    ordinals_PF = moments(12, 28, 25.0, FLOW.clip)
    held = _held(proxy, ordinals_PF)
    box = moving_box([held[each] for each in ordinals_PF[:, 0]], FLOW.clip)
    return box.right - box.left


def test_outside_the_video_there_is_nothing_to_pack(proxy: Path) -> None:
    with pytest.raises(IndexError):
        pack(proxy, 0, FRAMES + 20, 25.0, recipe=RECIPE)


def test_where_nothing_moves_all_of_the_picture_is_taken() -> None:
    still = [np.full((SIZE, SIZE, 3), 80, np.uint8)] * 4
    assert moving_box(still, SMALL) == Box(0, 0, SIZE, SIZE)
    assert moving_box(still[:1], SMALL) == Box(0, 0, SIZE, SIZE)


@given(
    left=st.integers(0, 60), top=st.integers(0, 40), width=st.integers(70, 200), height=st.integers(50, 120)
)
def test_the_box_lies_in_the_picture_and_holds_what_moves(
    left: int, top: int, width: int, height: int
) -> None:
    pictures = [np.full((height, width, 3), 60, np.uint8) for _ in range(3)]
    pictures[1][top : top + 10, left : left + 10] = 220
    box = moving_box(pictures, SMALL)
    assert 0 <= box.left < box.right <= width
    assert 0 <= box.top < box.bottom <= height
    assert box.left <= left + 1
    assert box.right >= min(left + 9, width)
    assert box.top <= top + 1
    assert box.bottom >= min(top + 9, height)


@given(
    start=st.integers(0, 50),
    frames=st.integers(1, 400),
    fps=st.floats(1, 120),
    most=st.integers(1, 40),
    each=st.integers(1, 6),
    reads=st.sampled_from(Reads),
)
def test_moments_lie_in_the_clip_and_rise(
    start: int, frames: int, fps: float, most: int, each: int, reads: Reads
) -> None:
    what = ClipRecipe(reads=reads, moments=most, frames=each)
    found = moments(start, start + frames, fps, what)
    assert found.shape == (min(most, frames), each + (reads == Reads.FLOW))
    assert found.min() >= start
    assert found.max() < start + frames
    assert (np.diff(found, axis=0) >= 0).all()
    assert (np.diff(found, axis=1) >= 0).all()


def test_no_moment_begins_where_the_gate_rejected() -> None:
    found = moments(0, 100, 25.0, SMALL, rejected=[(0, 50)])
    assert found.min() >= 50

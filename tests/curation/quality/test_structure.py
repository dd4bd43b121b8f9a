"""Coarse structure against what is usual: blur under a night's noise, covers that have folds of their own."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.quality.score import small_copy
from curation.quality.structure import CELLS, blur_loss, covered_share, structure
from curation.quality.verdict import Thresholds, judge
from tests.curation.quality.scenes import (
    Luma,
    covered,
    defocused,
    footage,
    lit,
    measured,
    noisy,
    scene,
    smeared,
)

FPS = 25.0
FRAMES, START, END = 60, 20, 40


def with_fault(fault: Callable[[Luma], Luma], pictures: list[Luma]) -> list[Luma]:
    return [fault(one) if START <= n < END else one for n, one in enumerate(pictures)]


def by_night(pictures: list[Luma]) -> list[Luma]:
    """A dark picture and the coarse grain that a codec leaves of much noise."""
    return [noisy(lit(one, 0.4), 7, seed=n) for n, one in enumerate(pictures)]


def tarpaulin(picture: Luma) -> Luma:
    """Something soft with folds before nine tenths of the lens."""
    height, width = picture.shape
    folds = np.random.default_rng(3).normal(0, 1, (4, 6)).astype(np.float32)
    skin = 95 + 18 * cv2.resize(folds, (width, height), interpolation=cv2.INTER_CUBIC)
    edge = np.clip((0.9 - np.linspace(0, 1, width)) / 0.05, 0, 1)[None, :]
    return np.asarray(np.clip(edge * skin + (1 - edge) * picture, 0, 255), dtype=np.uint8)


def reasons(pictures: list[Luma]) -> dict[tuple[int, int], str]:
    return {
        (span.start, span.end): span.reasons[0].reason
        for span in judge(measured(pictures), Thresholds(), FPS)
    }


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(lambda one: defocused(one, 5), "defocus"), (lambda one: smeared(one, 31), "motion_blur")],
)
def test_noise_hides_no_blur(fault: Callable[[Luma], Luma], reason: str) -> None:
    assert reasons(by_night(with_fault(fault, footage(FRAMES)))) == {(START, END): reason}


def test_a_noisy_night_is_no_fault() -> None:
    assert reasons(by_night(footage(FRAMES))) == {}


def test_a_cover_with_folds_is_a_cover_before_it_is_a_blur() -> None:
    assert reasons(with_fault(tarpaulin, footage(FRAMES))) == {(START, END): "covered"}


def test_someone_close_by_is_neither_blur_nor_cover() -> None:
    assert reasons(with_fault(lambda one: covered(one, 0.35), footage(FRAMES))) == {}


@pytest.mark.parametrize("gain", [0.5, 1.5])
def test_a_lamp_that_is_switched_is_neither(gain: float) -> None:
    pictures = with_fault(lambda one: lit(one, gain), footage(FRAMES))
    found = measured(pictures)
    assert not (found["cover"] > 0.45).any()
    assert not (found["defocus"] > 0.5).any()


def places(pictures: list[Luma]) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    return np.stack([structure(small_copy(one)) for one in pictures])


@settings(max_examples=20)
@given(st.integers(0, 1000), st.floats(1.0, 6.0))
def test_more_blur_loses_more_and_covers_nothing(seed: int, sigma: float) -> None:
    sharp = scene(seed)
    pictures = [sharp] * 5 + [defocused(sharp, sigma), defocused(sharp, sigma + 1)]
    loss, lean = blur_loss(places(pictures), FPS)
    assert loss[:5] == pytest.approx([0] * 5, abs=1e-3)
    assert 0 < loss[5] < loss[6]
    assert abs(lean[6]) < 0.4 * loss[6], "it has no direction"
    assert covered_share(places(pictures), FPS).max() < 0.25


@settings(max_examples=20)
@given(st.integers(0, 1000), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]))
def test_what_is_hidden_is_counted(seed: int, share: float) -> None:
    sharp = scene(seed)
    pictures = [sharp] * 5 + [covered(sharp, share)]
    found = covered_share(places(pictures), FPS)
    assert not found[:5].any()
    assert found[5] == pytest.approx(share, abs=0.2)


def test_a_picture_of_hardly_any_pixels_never_changes() -> None:
    assert structure(np.zeros((2, 40), dtype=np.uint8)).tolist() == [1] * (3 * CELLS[0] * CELLS[1])


def test_a_camera_before_a_bare_wall_is_not_judged() -> None:
    wall = [noisy(np.full((270, 480), 120, dtype=np.uint8), 0.5, seed=n) for n in range(10)]
    assert not covered_share(places([*wall, np.full((270, 480), 30, dtype=np.uint8)]), FPS).any()

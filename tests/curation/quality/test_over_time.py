"""What shows only over time: frozen pictures, light that flickers, and what is usual for a camera."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.quality import blur, exposure, freeze
from curation.quality.baseline import usual
from curation.quality.flicker import oscillation
from tests.curation.quality.scenes import Luma, footage, lit, measured, noisy, scene

UNCHANGED = np.ones((500, 144), dtype=np.float16)
"""Coarse structure that is the same in every frame."""


@settings(max_examples=15)
@given(st.integers(1, 30), st.integers(2, 25))
def test_a_freeze_is_found_to_the_frame(start: int, length: int) -> None:
    pictures = footage(60)
    pictures[start : start + length] = [pictures[start]] * length
    found = measured(pictures)["freeze"]
    assert (found[start : start + length] == length).all()
    assert not found[:start].any()
    assert not found[start + length :].any()


def test_a_static_scene_with_sensor_noise_is_not_frozen() -> None:
    still = scene(0, 540, 960)
    assert not measured([noisy(still, 0.7, seed) for seed in range(20)])["freeze"].any()


def test_someone_far_away_keeps_a_noiseless_scene_from_being_frozen() -> None:
    pictures = []
    for n in range(20):
        picture = scene(0, 540, 960)
        cv2.rectangle(picture, (300 + 2 * n, 200), (312 + 2 * n, 236), 20, -1)
        pictures.append(picture)
    assert not measured(pictures)["freeze"].any()


def test_a_key_frame_in_the_middle_does_not_end_a_freeze() -> None:
    frozen = scene()
    again = np.clip(frozen.astype(int) + np.random.default_rng(0).integers(-2, 3, frozen.shape), 0, 255)
    pictures: list[Luma] = [frozen] * 20 + [again.astype(np.uint8)] * 20
    assert (measured(pictures)["freeze"] == 40).all()


def test_a_cut_between_two_frozen_pictures_makes_two_freezes() -> None:
    assert (measured([scene(1)] * 10 + [scene(2)] * 12)["freeze"] == [10] * 10 + [12] * 12).all()


def test_the_first_frame_has_nothing_to_repeat() -> None:
    assert freeze.run_lengths(np.zeros(1, np.float32), np.zeros(1, np.float32)).tolist() == [0]


@settings(max_examples=10)
@given(st.floats(6, 60), st.integers(2, 10))
def test_flicker_is_measured_in_levels_of_swing(swing: float, period: int) -> None:
    n = np.arange(100)
    luma = (100 + swing / 2 * np.where((n // period) % 2, 1, -1) * ((n >= 20) & (n < 80))).astype(np.float32)
    found = oscillation(luma, 30.0)
    assert found[40:60].min() == pytest.approx(swing, rel=0.01)
    assert not found[:15].any()
    assert not found[85:].any()


@pytest.mark.parametrize(
    "luma",
    [
        [100.0] * 30 + [180.0] * 3 + [100.0] * 30,
        [100.0] * 30 + [180.0] * 30,
        [100.0 + n / 3 for n in range(120)],
        [100.0 + 15 * (n // 60 % 2) for n in range(300)],
    ],
    ids=["a flash", "a lamp switched on", "sunrise", "clouds every two seconds"],
)
def test_what_does_not_oscillate_is_no_flicker(luma: list[float]) -> None:
    assert not oscillation(np.array(luma, dtype=np.float32), 30.0).any()


def test_flickering_footage_is_found() -> None:
    pictures = [
        lit(picture, 0.7 if n // 3 % 2 and 20 <= n < 50 else 1.0) for n, picture in enumerate(footage(70))
    ]
    flicker = measured(pictures)["flicker"]
    assert flicker[22:48].min() > 20
    assert not flicker[:18].any()


def test_what_is_usual_follows_the_hours_and_not_the_minutes() -> None:
    fps = 0.5
    hours = np.linspace(0, 1, 3600)[:, None].astype(np.float32)  # two hours of slow change
    hours[1000:1020] += 50
    level = usual(hours, fps, 0.5)[:, 0]
    assert np.abs(level - np.linspace(0, 1, 3600)).max() < 0.1


def test_dusk_does_not_become_too_dark_but_a_blackout_does() -> None:
    dusk = np.linspace(7.0, 5.2, 3600).astype(np.float32)
    assert exposure.dark(dusk, 0.5).max() < 0.5
    dusk[1000:1010] -= 2.0
    assert (np.flatnonzero(exposure.dark(dusk, 0.5) > 0.5) == np.arange(1000, 1010)).all()


def test_a_camera_that_is_out_of_focus_all_day_is_still_found() -> None:
    defocus, motion = blur.blurred(np.full((500, 4), 5.2, dtype=np.float32), UNCHANGED, 25.0)
    assert defocus.min() > 0.9
    assert not motion.any()


def test_footage_blurred_for_the_most_part_is_judged_by_its_sharp_rest() -> None:
    losses = np.full((500, 4), 1.5, dtype=np.float32)
    losses[:350] = 3.4
    defocus, _ = blur.blurred(losses, UNCHANGED, 25.0)
    assert defocus[:350].min() > 0.5 > defocus[350:].max()


def test_a_codec_that_works_on_a_repeated_picture_does_not_thaw_it() -> None:
    rng = np.random.default_rng(0)
    frozen, pictures = noisy(scene(), 2.0), footage(30)
    for n in range(40):
        worked_on = n < 10 or n % 4 == 0
        step = rng.integers(-1, 2, frozen.shape) * (rng.random(frozen.shape) < 0.4) if worked_on else 0
        frozen = np.clip(frozen.astype(int) + step, 0, 255).astype(np.uint8)
        pictures.append(frozen)
    pictures += footage(30, seed=1)
    found = measured(pictures)["freeze"]
    assert (found[30:70] == 40).all()
    assert not found[:29].any()
    assert not found[71:].any()

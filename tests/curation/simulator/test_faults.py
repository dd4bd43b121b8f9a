"""Each fault is where the table says and shows in a simple measure of it."""

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from curation.simulator import code, film, scenes
from curation.simulator.faults import COVERS, FAULTS, Fault, apply
from curation.simulator.plan import Order, Shot, shots

SIZE = (320, 180)
START, END = 6, 14


@pytest.fixture(scope="module")
def shot() -> Shot:
    order = Order(clips=1, hours=0, size=SIZE, cameras=1, subjects=3, clip_seconds=(1.0, 1.0), codes=True)
    plain = next(shot for shot in shots(order) if shot.label == "walking")
    return replace(plain, night=False, faults=())


def lumas(shot: Shot, fault: str, strength: float, seed: int = 4) -> list[NDArray[np.uint8]]:
    """Return the luma planes (without the code) of a shot with a fault on frames START to END."""
    broken = replace(shot, faults=(Fault(fault, START, END, strength, seed),))
    scene = scenes.scene(shot.camera, shot.night, *SIZE, shot.world)
    return [planes[: code.strip_top(SIZE[1])] for planes in film.planes(broken, scene)]


def sharpness(luma: NDArray[np.uint8]) -> float:
    return float(cv2.Laplacian(luma[30:], cv2.CV_64F).var())


def middle(values: list[float]) -> float:
    return float(np.median(values[START + 1 : END]))


def outside(values: list[float]) -> float:
    return float(np.median(values[:START] + values[END + 1 :]))


@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_blurs_take_the_sharpness(shot: Shot, strength: float) -> None:
    for fault in ("defocus", "motion_blur"):
        values = [sharpness(luma) for luma in lumas(shot, fault, strength)]
        assert middle(values) < 0.6 * outside(values), fault


@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_exposure_moves_the_mean(shot: Shot, strength: float) -> None:
    dark = [float(luma.mean()) for luma in lumas(shot, "too_dark", strength)]
    bright = [float(luma.mean()) for luma in lumas(shot, "overexposed", strength)]
    assert middle(dark) < 0.5 * outside(dark)
    assert middle(bright) > 1.4 * outside(bright)


def test_glare_burns_a_part_of_the_picture(shot: Shot) -> None:
    values = [float((luma[30:] > 225).mean()) for luma in lumas(shot, "glare", 0.8)]
    assert middle(values) > outside(values) + 0.05


@pytest.mark.parametrize("seed", range(4))
def test_a_cover_hides_most_of_the_scene(shot: Shot, seed: int) -> None:
    clean, covered = lumas(shot, "covered", 0.0, seed)[0], lumas(shot, "covered", 1.0, seed)[START + 2]
    changed = np.abs(clean[30:].astype(int) - covered[30:]) > 15
    assert changed.mean() > 0.4


def test_freeze_repeats_the_picture_and_the_clock_but_not_the_code(shot: Shot) -> None:
    planes = lumas(shot, "freeze", 1.0)
    assert all(np.array_equal(planes[START - 1], planes[n]) for n in range(START, END))
    assert not np.array_equal(planes[START - 2], planes[START - 1])
    assert not np.array_equal(planes[END - 1], planes[END])


def test_flicker_swings_the_mean_from_frame_to_frame(shot: Shot) -> None:
    means = [float(luma.mean()) for luma in lumas(shot, "flicker", 0.7)]
    assert np.abs(np.diff(means[START:END])).min() > 15
    assert np.abs(np.diff(means[:START])).max() < 3


def test_noise_raises_the_difference_between_frames(shot: Shot) -> None:
    planes = [luma.astype(np.int16) for luma in lumas(shot, "noise", 0.5)]
    steps = [float(np.median(np.abs(b - a))) for a, b in pairwise(planes)]
    assert middle(steps) > 2 * outside(steps)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_number_is_read_under_every_fault(shot: Shot, fault: str) -> None:
    broken = replace(shot, faults=(Fault(fault, 0, shot.frames, 1.0, 1),))
    scene = scenes.scene(shot.camera, shot.night, *SIZE, shot.world)
    numbers = [code.read(planes[: SIZE[1]]) for planes in film.planes(broken, scene)]
    assert numbers == list(range(shot.frames))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_gives_the_same_picture_every_time(fault: str) -> None:
    image = np.random.default_rng(1).integers(0, 255, (90, 160, 3), dtype=np.uint8)
    given = Fault(fault, 0, 9, 0.8, 11)
    first, second = apply(image.copy(), given, 5), apply(image.copy(), given, 5)
    assert first.dtype == np.uint8
    assert first.shape == image.shape
    assert np.array_equal(first, second)


def test_there_are_three_kinds_of_cover() -> None:
    assert set(COVERS) == {"tarp", "spider", "lens"}

"""One picture, one set of numbers: what each metric answers to, and what it does not."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.quality.score import METRICS, FrameScorer, Luma, Metrics
from tests.curation.quality.scenes import (
    covered,
    defocused,
    footage,
    lit,
    measured,
    noisy,
    scene,
    smeared,
    with_glare,
)

seeds = st.integers(0, 50)
quick = settings(max_examples=12)


def value(picture: Luma, name: str) -> float:
    return float(measured([picture])[name][0])


def blur_score(picture: Luma) -> float:
    return max(value(picture, "defocus"), value(picture, "motion_blur"))


@quick
@given(seeds)
def test_more_defocus_never_lowers_the_blur_score(seed: int) -> None:
    scores = [blur_score(defocused(scene(seed), sigma)) for sigma in (0, 0.4, 0.8, 1.5, 4)]
    assert scores == sorted(scores)
    assert scores[0] < 0.3
    assert scores[-1] > 0.9


@quick
@given(seeds)
def test_a_smear_is_told_from_a_defocus(seed: int) -> None:
    smear, soft = smeared(scene(seed), 15), defocused(scene(seed), 3)
    assert value(smear, "motion_blur") > 0.5
    assert value(smear, "defocus") == 0
    assert value(soft, "defocus") > 0.5
    assert value(soft, "motion_blur") == 0


@quick
@given(seeds, st.floats(0.35, 1.1))
def test_sharpness_does_not_depend_on_the_light(seed: int, gain: float) -> None:
    assert value(lit(scene(seed), gain), "sharpness") == pytest.approx(
        value(scene(seed), "sharpness"), rel=0.1
    )


@quick
@given(seeds)
def test_sharpness_is_nearly_the_same_in_480p_and_1080p(seed: int) -> None:
    full = defocused(scene(seed, 1080, 1920), 1.5)  # as a good lens shows it
    reduced = np.asarray(cv2.resize(full, (854, 480), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    assert value(reduced, "sharpness") == pytest.approx(value(full, "sharpness"), rel=0.15)


@quick
@given(seeds)
def test_less_light_only_raises_the_dark_score(seed: int) -> None:
    scores = [value(lit(scene(seed), gain), "dark") for gain in (1, 0.6, 0.35, 0.2, 0.08)]
    assert scores == sorted(scores)
    assert scores[0] < 0.3 < 0.9 < scores[-1]


@quick
@given(seeds)
def test_more_light_only_raises_the_bright_score(seed: int) -> None:
    scores = [value(lit(scene(seed), 1, offset), "bright") for offset in (0, 40, 80, 120)]
    assert scores == sorted(scores)
    assert scores[0] < 0.3 < 0.9 < scores[-1]


@quick
@given(seeds, st.sampled_from([4, 8, 16, 30]))
def test_noise_is_measured_in_levels(seed: int, sigma: float) -> None:
    base = np.full((540, 960), 120, dtype=np.uint8)
    assert value(noisy(base, sigma, seed), "noise") == pytest.approx(sigma, rel=0.1)


def test_noise_does_not_make_a_soft_picture_crisp_beyond_a_crisp_one() -> None:
    soft = noisy(defocused(scene(), 3), 3)
    assert value(soft, "sharpness") < value(scene(), "sharpness")


def test_a_flat_picture_is_not_called_blurred() -> None:
    assert blur_score(np.full((270, 480), 90, dtype=np.uint8)) < 0.01


def test_clipping_counts_the_pixels_at_the_ends() -> None:
    picture = np.full((90, 160), 128, dtype=np.uint8)
    picture[:, :40], picture[:, 80:120] = 0, 255
    assert value(picture, "clipped_low") == pytest.approx(0.25)
    assert value(picture, "clipped_high") == pytest.approx(0.25)
    assert value(picture, "contrast") == 255


def test_limited_range_reads_like_full_range() -> None:
    full = scene()
    limited = np.asarray(np.round(full * 219.0 / 255 + 16), dtype=np.uint8)
    scorer = FrameScorer()
    scorer.open(480, 270, full_range=False)
    scorer.take(0, limited)
    assert scorer.finish()["luma"][0] == pytest.approx(value(full, "luma"), abs=0.6)


def test_a_padded_plane_reads_like_a_tight_one() -> None:
    tight = scene()
    padded = np.zeros((270, 512), dtype=np.uint8)
    padded[:, :480] = tight
    scorer = FrameScorer()
    scorer.open(480, 270)
    scorer.take(0, padded[:, :480])
    seen = scorer.finish()
    assert all(np.array_equal(seen[name], measured([tight])[name]) for name in METRICS)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (3, 3), (24, 24), (25, 19), (2, 4000)])
def test_no_size_is_too_small(shape: tuple[int, int]) -> None:
    metrics = measured([np.full(shape, 100, dtype=np.uint8)] * 3)
    assert len(metrics) == 3
    assert all(np.isfinite(metrics[name]).all() for name in METRICS)


def test_glare_stands_out_from_a_lit_scene() -> None:
    assert value(with_glare(scene()), "glare") > value(scene(), "glare") + 0.2


def test_a_hand_over_the_lens_counts_by_its_share() -> None:
    pictures = footage(60)
    pictures[30:40] = [covered(picture, 1.0) for picture in pictures[30:40]]
    pictures[45:50] = [covered(picture, 0.5) for picture in pictures[45:50]]
    cover = measured(pictures)["cover"]
    assert cover[30:40].min() > 0.9
    assert 0.35 < cover[45:50].min() <= cover[45:50].max() < 0.65
    assert max(cover[:30].max(), cover[50:].max()) < 0.2


def test_darkness_is_no_cover() -> None:
    pictures = footage(40)
    pictures[20:30] = [lit(picture, 0.25) for picture in pictures[20:30]]
    assert measured(pictures)["cover"].max() < 0.3


def test_frames_have_to_come_in_turn() -> None:
    scorer = FrameScorer()
    scorer.open(480, 270)
    with pytest.raises(ValueError, match="Frame 1 came where frame 0 was due"):
        scorer.take(1, scene())


def test_open_starts_over() -> None:
    scorer = FrameScorer()
    scorer.open(480, 270)
    scorer.take(0, scene(1))
    scorer.open(480, 270)
    scorer.take(0, scene(2))
    assert np.array_equal(scorer.finish()["luma"], measured([scene(2)])["luma"])


def test_a_video_without_frames_has_empty_columns() -> None:
    scorer = FrameScorer()
    scorer.open(480, 270)
    assert [len(scorer.finish()[name]) for name in METRICS] == [0] * len(METRICS)


def test_columns_survive_storage(tmp_path: Path) -> None:
    metrics = measured(footage(5))
    metrics.save(tmp_path / "metrics.npz")
    again = Metrics.load(tmp_path / "metrics.npz")
    assert list(again) == list(METRICS)
    assert all(np.array_equal(again[name], metrics[name]) for name in METRICS)
    assert {again[name].dtype for name in METRICS} == {np.dtype(np.float32)}

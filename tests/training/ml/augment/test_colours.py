"""Light, colours and the other changes of pixels, on levels worked out by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageOps

from tests.training.ml.augment.footage import pictures
from training.ml.augment.clips import Clips, Kind, Shape, worked
from training.ml.augment.paint import STROKES, Paint
from training.ml.augment.rand_augment import CHANGES, RandAugment
from training.ml.augment.tint import GREY, ColourJitter, Tint
from training.ml.augment.warp import Warp

SHAPE = Shape(Kind.PICTURES, 2, 12, 16)


def one(*rgb: float) -> Clips:
    """Two pixels: this colour, and black."""
    x_BCTHW = torch.zeros(1, 3, 1, 1, 2)
    x_BCTHW[0, :, 0, 0, 0] = torch.tensor(rgb)
    return Clips(x_BCTHW)


def tinted(clips: Clips, tint: Tint) -> list[float]:
    """The first pixel."""
    found: list[float] = Tint.applied(clips, [tint])[0, :, 0, 0, 0].tolist()
    return found


def test_light_is_a_factor_and_is_cut_off_at_white() -> None:
    assert tinted(one(0.2, 0.4, 0.8), Tint(brightness=1.5)) == pytest.approx([0.3, 0.6, 1.0])


def test_contrast_goes_about_the_mean_grey_of_the_clip() -> None:
    grey = 0.5 * float(np.dot(GREY, (0.2, 0.4, 0.8)))  # the other pixel is black
    expected = [grey + 0.5 * (level - grey) for level in (0.2, 0.4, 0.8)]
    assert tinted(one(0.2, 0.4, 0.8), Tint(contrast=0.5)) == pytest.approx(expected)


def test_without_saturation_all_is_grey() -> None:
    grey = float(np.dot(GREY, (0.2, 0.4, 0.8)))
    assert tinted(one(0.2, 0.4, 0.8), Tint(saturation=0)) == pytest.approx([grey] * 3)


def test_hue_turns_red_towards_green_and_keeps_the_grey() -> None:
    turned = tinted(one(0.5, 0.3, 0.3), Tint(hue=1 / 3))
    assert max(turned) == turned[1]
    assert float(np.dot(GREY, turned)) == pytest.approx(float(np.dot(GREY, (0.5, 0.3, 0.3))), abs=1e-3)
    assert tinted(one(0.5, 0.3, 0.3), Tint(hue=1.0)) == pytest.approx([0.5, 0.3, 0.3], abs=1e-5)


def test_grey_stays_grey_whatever_its_hue() -> None:
    assert tinted(one(0.4, 0.4, 0.4), Tint(saturation=1.7, hue=0.2)) == pytest.approx([0.4] * 3, abs=1e-4)


def test_everything_at_once_is_one_after_the_other() -> None:
    clips, tint = one(0.3, 0.4, 0.5), Tint(1.1, 0.8, 0.7, 0.05)
    for part in (Tint(1.1), Tint(1, 0.8), Tint(1, 1, 0.7), Tint(1, 1, 1, 0.05)):
        clips = Clips(Tint.applied(clips, [part]))
    assert tinted(one(0.3, 0.4, 0.5), tint) == pytest.approx(clips.x[0, :, 0, 0, 0].tolist(), abs=1e-5)


@given(seed=st.integers(0, 1000))
@settings(max_examples=30)
def test_a_light_keeps_to_its_limits(seed: int) -> None:
    (tint,) = ColourJitter(0.4, 0.3, 0.2, 0.1).draw(np.random.default_rng(seed), SHAPE)
    limits = ((tint.brightness, 0.4), (tint.contrast, 0.3), (tint.saturation, 0.2))
    assert all(1 - limit <= factor <= 1 + limit for factor, limit in limits)
    assert abs(tint.hue) <= 0.1


def still(seed: int) -> tuple[torch.Tensor, Image.Image]:
    """One picture as a clip x_CTHW, and as PIL has it."""
    bytes_HWC = (np.random.default_rng(seed).random((40, 48, 3)) ** 2 * 200 + 20).astype(np.uint8)
    x_CHW = torch.from_numpy(bytes_HWC).permute(2, 0, 1)
    return worked(x_CHW[:, None], Kind.PICTURES), Image.fromarray(bytes_HWC)


def of_pil(name: str, picture: Image.Image, amount: float) -> Image.Image:
    made = {
        "brightness": lambda: ImageEnhance.Brightness(picture).enhance(amount),
        "contrast": lambda: ImageEnhance.Contrast(picture).enhance(amount),
        "colour": lambda: ImageEnhance.Color(picture).enhance(amount),
        "sharpness": lambda: ImageEnhance.Sharpness(picture).enhance(amount),
        "posterise": lambda: ImageOps.posterize(picture, int(amount)),
        "solarise": lambda: ImageOps.solarize(picture, round(amount * 255)),
        "autocontrast": lambda: ImageOps.autocontrast(picture),
        "equalise": lambda: ImageOps.equalize(picture),
    }
    return made[name]()


@pytest.mark.parametrize(
    ("name", "amount"),
    [
        *(("brightness", 1.3), ("contrast", 0.6), ("colour", 1.4), ("sharpness", 1.8), ("sharpness", 0.2)),
        *(("posterise", 5.0), ("solarise", 0.5), ("autocontrast", 0.0), ("equalise", 0.0)),
    ],
)
def test_a_stroke_is_the_one_of_pil(name: str, amount: float) -> None:
    x_CTHW, picture = still(3)
    ours_CHW = STROKES[name](x_CTHW, amount)[:, 0] * 255
    theirs_HWC = np.asarray(of_pil(name, picture, amount), np.float32)
    # PIL rounds grey levels to whole ones between its steps.
    assert ours_CHW.permute(1, 2, 0).numpy() == pytest.approx(theirs_HWC, abs=1.6)


def test_strokes_of_no_amount_change_nothing() -> None:
    x_CTHW, _ = still(1)
    for name, amount in (
        ("brightness", 1),
        ("contrast", 1),
        ("colour", 1),
        ("sharpness", 1),
        ("posterise", 8),
    ):
        assert torch.allclose(STROKES[name](x_CTHW, amount), x_CTHW, atol=1e-6), name


def test_one_level_can_be_stretched_and_equalised() -> None:
    flat = torch.full((3, 2, 4, 4), 0.5)
    assert torch.equal(STROKES["autocontrast"](flat, 0), flat)
    assert torch.allclose(STROKES["equalise"](flat, 0), flat, atol=0.5 / 255)


def test_tables_are_made_of_the_whole_clip() -> None:
    x_CTHW = torch.zeros(3, 2, 1, 2)
    x_CTHW[:, 0], x_CTHW[:, 1] = torch.tensor([0.2, 0.4]), torch.tensor([0.4, 0.6])
    assert STROKES["autocontrast"](x_CTHW, 0)[0, :, 0].tolist() == [
        pytest.approx([0, 0.5]),
        pytest.approx([0.5, 1]),
    ]


def test_rand_augment_takes_each_change_and_no_other() -> None:
    said: set[str] = set()
    for seed in range(400):
        warp, paint = RandAugment(1, 15.0).draw(np.random.default_rng(seed), SHAPE)
        assert isinstance(warp, Warp)
        assert isinstance(paint, Paint)
        words = [warp.caption.split()[0]] if warp.caption else []
        words += [name for name, _ in paint.strokes]
        assert len(words) <= 1
        said |= set(words) or {"identity"}
    assert said == set(CHANGES)


def test_rand_augment_of_no_strength_moves_and_blends_nothing() -> None:
    clips = pictures(count=1)
    for seed in range(30):
        warp, paint = RandAugment(2, 0.0).draw(np.random.default_rng(seed), clips.shape)
        assert np.allclose(warp.matrix, np.eye(3))
        still_ = {"brightness", "colour", "contrast", "sharpness", "posterise", "solarise"}
        kept = Paint(tuple((name, amount) for name, amount in paint.strokes if name in still_))
        x = worked(clips.x, clips.kind)
        assert torch.allclose(Paint.applied(clips, [kept]), torch.where(x == 1, x * 0, x), atol=1e-6) or (
            torch.allclose(Paint.applied(clips, [kept]), x, atol=1e-6)
        )


def test_full_strength_has_the_limits_of_torchvision() -> None:
    strokes: dict[str, set[float]] = {}
    for seed in range(400):
        _, paint = RandAugment(1, 30.0).draw(np.random.default_rng(seed), SHAPE)
        for name, amount in paint.strokes:
            strokes.setdefault(name, set()).add(round(amount, 6))
    assert strokes["brightness"] == {0.1, 1.9}
    assert strokes["posterise"] == {4}
    assert strokes["solarise"] == {0}

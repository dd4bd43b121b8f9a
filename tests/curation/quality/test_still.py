"""Still pictures of every kind become luma, or a sentence."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curation.quality.still import UnreadablePictureError, is_picture, read_luma, score_picture
from tests.curation.quality.scenes import scene

GREY = scene(1, 60, 90)


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)  # type: ignore[arg-type]  # Pillow's options differ by format
    return path


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("L", "a.png"),
        ("RGB", "a.png"),
        ("RGBA", "a.png"),
        ("LA", "a.png"),
        ("CMYK", "a.tif"),
        ("YCbCr", "a.jpg"),
        ("P", "a.gif"),
        ("RGB", "a.webp"),
        ("RGB", "a.bmp"),
    ],
)
def test_every_mode_reads_as_its_light(tmp_path: Path, mode: str, name: str) -> None:
    path = saved(tmp_path / name, Image.fromarray(GREY).convert("RGB").convert(mode))
    assert is_picture(path)
    luma = read_luma(path)
    assert luma.shape == GREY.shape
    assert luma.mean() == pytest.approx(GREY.mean(), abs=3)
    assert np.corrcoef(luma.ravel(), GREY.ravel())[0, 1] > 0.9


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_deep_greys_are_brought_to_eight_bits(tmp_path: Path, bits: int) -> None:
    deep = np.round(GREY / GREY.max() * (2**bits - 1)).astype(np.uint16)
    path = saved(tmp_path / "deep.png", Image.fromarray(deep))
    assert np.abs(read_luma(path) - GREY / GREY.max() * 255).max() <= 1


def test_float_pictures_between_0_and_1_are_scaled(tmp_path: Path) -> None:
    path = saved(tmp_path / "float.tif", Image.fromarray((GREY / 255).astype(np.float32)))
    assert np.abs(read_luma(path).astype(int) - GREY).max() <= 1


def test_black_and_white_keeps_its_ends(tmp_path: Path) -> None:
    path = saved(tmp_path / "bits.png", Image.fromarray(GREY).convert("1"))
    assert set(np.unique(read_luma(path))) == {0, 255}


def test_a_picture_turned_by_exif_is_read_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path / "turned.jpg", Image.fromarray(GREY), exif=exif)
    assert read_luma(path).shape == (90, 60)


def test_transparency_lies_over_white(tmp_path: Path) -> None:
    path = saved(tmp_path / "clear.png", Image.new("RGBA", (20, 20), (0, 0, 0, 0)))
    assert read_luma(path).min() == 255


def test_an_animation_counts_by_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("L", (20, 20), level) for level in (40, 200)]
    path = saved(tmp_path / "two.gif", frames[0], save_all=True, append_images=frames[1:])
    assert read_luma(path).mean() == pytest.approx(40, abs=1)


def test_one_pixel_is_enough(tmp_path: Path) -> None:
    path = saved(tmp_path / "dot.png", Image.new("L", (1, 1), 90))
    assert score_picture(read_luma(path))["luma"][0] == 90


def test_a_bomb_is_refused_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "bomb.png", Image.new("L", (400, 400)))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert is_picture(path)
    with pytest.raises(UnreadablePictureError, match=r"more pixels than are opened safely \(2,000\)\.$"):
        read_luma(path)


def test_half_a_picture_is_refused_with_a_sentence(tmp_path: Path) -> None:
    whole = saved(tmp_path / "whole.png", Image.fromarray(scene())).read_bytes()
    half = tmp_path / "half.png"
    half.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadablePictureError, match=r"half\.png is damaged"):
        read_luma(half)


def sentence_of(path: Path) -> str:
    """Why the picture cannot be read; a full stop where it can."""
    try:
        read_luma(path)
    except UnreadablePictureError as error:
        return str(error)
    return "."


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.gif", "a.tif", "a.webp", "a.bmp", "a.avif", "a.ppm"])
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_picture_is_read_or_refused_with_a_sentence(
    tmp_path: Path, name: str, seed: int, recwarn: pytest.WarningsRecorder
) -> None:
    path = saved(tmp_path / name, Image.fromarray(GREY).convert("RGB"))
    rng = np.random.default_rng(seed)
    content = bytearray(path.read_bytes())
    for at in rng.integers(8, len(content) if seed % 2 else 64, 12):
        content[at] = rng.integers(256)
    path.write_bytes(content)
    assert not is_picture(path) or sentence_of(path).endswith(".")
    assert list(recwarn) == []


@pytest.mark.parametrize("words", [b"P6\n24?a255\n", b"\xff\xd8\xff\xe0\x00\x10"])
def test_a_picture_of_which_only_the_beginning_is_known_is_damaged(tmp_path: Path, words: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(words)
    assert is_picture(path)
    with pytest.raises(
        UnreadablePictureError, match=r"a\.jpg is damaged .*\. Save it again, or remove it\.$"
    ):
        read_luma(path)


@pytest.mark.parametrize("name", ["a.eps", "a.tga"])
def test_a_format_that_runs_a_program_or_is_a_guess_is_not_opened(tmp_path: Path, name: str) -> None:
    assert not is_picture(saved(tmp_path / name, Image.fromarray(GREY).convert("RGB")))


def test_a_text_is_no_picture(tmp_path: Path) -> None:
    text = tmp_path / "notes.jpg"
    text.write_text("not a picture")
    assert not is_picture(text)
    with pytest.raises(UnreadablePictureError, match="not a picture in a known format"):
        read_luma(text)

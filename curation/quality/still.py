"""Still pictures of any kind as luma: what the scorer takes for a video frame."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from curation.quality.score import FrameScorer, Metrics

_DEEP = ("I", "F")
_FORMATS: Final = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
"""Known by their first bytes. Pillow's other formats guess at headers (and take raw video for a picture), or
run a program (EPS)."""


class UnreadablePictureError(Exception):
    """The picture cannot be judged; the text is a sentence for a person."""


def is_picture(path: Path) -> bool:
    """Whether the content (not the name) begins as a still picture, an animated or damaged one included.
    OSError if unreadable."""
    with path.open("rb") as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                Image.open(file, formats=_FORMATS).close()
        except UnidentifiedImageError:
            return False
        except Exception:  # a decoder of Pillow that knows the format, and stumbles over the rest
            return True
    return True


def read_luma(path: Path) -> NDArray[np.uint8]:
    """Luma (H, W) of the first frame, upright by its EXIF, transparency over white.
    `UnreadablePictureError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a damaged field beside the picture is nobody's business
            with Image.open(path, formats=_FORMATS) as image:
                return _luma(image)
    except Image.DecompressionBombError:
        raise UnreadablePictureError(
            f"{path.name} has more pixels than are opened safely ({2 * (Image.MAX_IMAGE_PIXELS or 0):,})."
        ) from None
    except UnidentifiedImageError:
        raise UnreadablePictureError(f"{path.name} is not a picture in a known format.") from None
    except Exception as error:  # Pillow's decoders raise whatever they stumble over
        raise UnreadablePictureError(
            f"{path.name} is damaged and cannot be read: {str(error).rstrip('.')}. "
            "Save it again, or remove it."
        ) from error


def score_picture(luma: NDArray[np.uint8]) -> Metrics:
    """The metrics of one still picture, as columns of one frame."""
    scorer = FrameScorer()
    scorer.open(luma.shape[1], luma.shape[0])
    scorer.take(0, luma)
    return scorer.finish()


def _luma(image: Image.Image) -> NDArray[np.uint8]:
    image.seek(0)
    upright: Any = ImageOps.exif_transpose(image)
    if upright.mode.startswith(_DEEP):
        return _eight_bits(np.asarray(upright))
    if upright.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        ground = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(ground, upright)
    if upright.mode not in ("L", "1"):
        upright = upright.convert("RGB")
    return np.asarray(upright.convert("L"), dtype=np.uint8)


def _eight_bits(deep: NDArray[Any]) -> NDArray[np.uint8]:
    """Bring 10, 12, 16-bit or float samples to 0..255 by the smallest range that holds them."""
    values = np.nan_to_num(deep.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    highest = float(values.max(initial=0.0))
    fraction = np.issubdtype(deep.dtype, np.floating) and highest <= 1
    top = 1.0 if fraction else next((top for top in (255, 1023, 4095, 65535) if highest <= top), highest)
    return np.asarray(np.clip(values * (255.0 / top) + 0.5, 0, 255), dtype=np.uint8)

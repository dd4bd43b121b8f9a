"""Long recordings cut into pieces of so many seconds."""

import math

from training.ml.errors import LearningError


class BadPieces(LearningError):  # noqa: N818
    """Pieces of no length, or ones that never get on."""


def pieces(frames: int, fps: float, *, seconds: float = 5.0, overlap: float = 0.0) -> list[tuple[int, int]]:
    """Half-open frame ranges of whole pieces, each beginning (1 - overlap) · seconds after the one before.

    Beginnings are rounded from seconds, so that errors do not add up at 29.97 frames a second. A rest shorter
    than a piece is left out; a recording shorter than one is a single piece. Raises BadPieces.
    """
    length = round(seconds * fps) if math.isfinite(seconds * fps) else 0
    if length < 1 or not 0 <= overlap < 1:
        raise BadPieces(
            f"A piece needs a frame at least and an overlap from 0 to below 1: {seconds} s at {fps} frames a "
            f"second with overlap {overlap} is none."
        )
    if frames <= length:
        return [(0, frames)] if frames > 0 else []
    step = max(seconds * (1 - overlap) * fps, 1.0)
    starts = (round(n * step) for n in range(int(frames / step) + 2))
    return [(start, start + length) for start in starts if start + length <= frames]

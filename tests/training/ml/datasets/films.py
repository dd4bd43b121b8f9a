"""Drawn recordings whose frames tell their own numbers, as sources and as proxies of the app."""

from fractions import Fraction
from pathlib import Path

import numpy as np

from curation.media.decode import decode_pass
from curation.media.proxies import ProxySink
from tests.curation.media.sources import Picture, read, write_video

SIZE = (96, 64)


def film(path: Path, numbers: range, *, rotation: int = 0, pts: list[int] | None = None) -> Path:
    """A recording of 25 frames a second, if `pts` does not say otherwise (in 1/25 s)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_video(path, numbers, size=SIZE, rotation=rotation, pts=pts, time_base=Fraction(1, 25))


def proxy_of(source: Path, path: Path) -> Path:
    decode_pass(source, [ProxySink(path, 64)])
    return path


def numbers_of(pictures_KHWC: Picture) -> list[int]:
    """What is written into pictures."""
    return [read(np.asarray(each, np.uint8)) for each in pictures_KHWC]

"""A tiny proxy in which a square wanders to the right over a still ground."""

from pathlib import Path

import numpy as np

from curation.media.decode import decode_pass
from curation.media.proxies import ProxySink
from tests.curation.media.sources import Picture, write_video

SIZE = 96
FRAMES = 40
GROUND = (
    np.random.default_rng(1).integers(40, 90, (SIZE // 4, SIZE // 4, 3), np.uint8).repeat(4, 0).repeat(4, 1)
)
SQUARE = np.random.default_rng(2).integers(120, 250, (6, 6, 3), np.uint8).repeat(4, 0).repeat(4, 1)


def wandering(number: int) -> Picture:
    """Frame `number`: the square moves two pixels a frame, from frame 10 to frame 29."""
    picture = GROUND.copy()
    left = 8 + 2 * min(max(number - 10, 0), 20)
    picture[36:60, left : left + 24] = SQUARE
    return picture


def make_proxy(folder: Path, frames: int = FRAMES) -> Path:
    """A proxy of `frames` frames of 96 x 96 px at 25 a second."""
    source = write_video(folder / "source.mp4", range(frames), size=(SIZE, SIZE), paint=wandering)
    proxy = folder / "proxy720.mp4"
    decode_pass(source, [ProxySink(proxy, 720)])
    return proxy

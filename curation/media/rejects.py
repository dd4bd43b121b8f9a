"""Sprites of chosen frames, read from a proxy: what the review of rejected frames looks at."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from curation.media.frames import Resizer
from curation.media.sheets import Picture, tile_size, write_sheets
from curation.media.stills import StillReader

TILE_WIDTH = 240
NAME = "rejects"


def write_rejects(proxy: Path, frames: Sequence[int], folder: Path) -> dict[str, Any] | None:
    """Write `rejects.json` and its sheets into `folder`; what the manifest says, None for no frames.

    `frames`: ascending ordinals, each once. The manifest (see `write_sheets`) has them as `frames`: tile k
    shows frame `frames[k]`. The sheets are named by what is on them: an address never shows anything else.
    Raises IndexError outside the video, ProxyMismatch for a damaged proxy.
    """
    if not frames:
        return None
    tag = hashlib.sha256(json.dumps(list(frames)).encode()).hexdigest()[:8]
    with StillReader(proxy) as reader:
        return write_sheets(
            folder / f"{NAME}.json", _tiles(reader, frames), stem=f"{NAME}-{tag}", frames=list(frames)
        )


def _tiles(reader: StillReader, frames: Sequence[int]) -> Iterator[Picture]:
    resize: Resizer | None = None
    for _, frame in reader.frames(frames):
        if resize is None:
            size = tile_size(frame.width, frame.height, widest=TILE_WIDTH)
            resize = Resizer(*size, "rgb24", interpolation="AREA")
        yield np.asarray(resize(frame).to_ndarray(), dtype=np.uint8)

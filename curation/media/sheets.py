"""Sprite sheets: many small pictures in few JPEG files, with a manifest that says where each of them is."""

import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

COLUMNS = 10
ROWS = 10
JPEG_QUALITY = 80
MAX_SHAPE = 4
"""A tile is at most so many times as high as it may be wide: a JPEG ends at 65,500 pixels, and ten are in a
column."""

Picture = npt.NDArray[np.uint8]


def write_sheets(manifest: Path, tiles: Iterable[Picture], *, stem: str = "", **facts: Any) -> dict[str, Any]:
    """Write pictures of one size, (H, W, 3) uint8 RGB, beside `manifest`; what the manifest says.

    The manifest is JSON: `{"tile_w", "tile_h", "columns", "rows", "tiles", "sheets": [file names]}` and
    `facts`. Tile k is on sheet `k // (columns * rows)`, row by row. The sheets are named `<stem>-0.jpg`,
    `<stem>-1.jpg`, ..., by default after the manifest. At most one sheet is in memory beside what `tiles`
    holds. Raises ValueError where there is no tile.
    """
    sheets: list[str] = []
    count = width = height = 0
    left = iter(tiles)
    while part := list(islice(left, COLUMNS * ROWS)):
        name = f"{stem or manifest.stem}-{len(sheets)}.jpg"
        Image.fromarray(_sheet(part)).save(manifest.with_name(name), quality=JPEG_QUALITY)
        sheets.append(name)
        count, (height, width) = count + len(part), part[0].shape[:2]
    if not sheets:
        raise ValueError("A sprite sheet needs a tile.")
    told = {
        "tile_w": width,
        "tile_h": height,
        "columns": COLUMNS,
        "rows": ROWS,
        "tiles": count,
        "sheets": sheets,
        **facts,
    }
    manifest.write_text(json.dumps(told))
    return told


def tile_size(width: int, height: int, *, widest: int) -> tuple[int, int]:
    """Width and height of the tile for an upright picture; a very high and narrow one is narrower than
    `widest`."""
    tall = max(1, min(round(height * widest / width), MAX_SHAPE * widest))
    return min(widest, max(1, round(width * tall / height))), tall


def _sheet(tiles: list[Picture]) -> Picture:
    """Tiles row by row; the sheet ends with the last row in use."""
    height, width = tiles[0].shape[:2]
    rows = -(-len(tiles) // COLUMNS)
    sheet = np.zeros((rows * height, min(len(tiles), COLUMNS) * width, 3), np.uint8)
    for k, tile in enumerate(tiles):
        row, column = divmod(k, COLUMNS)
        sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = tile
    return sheet

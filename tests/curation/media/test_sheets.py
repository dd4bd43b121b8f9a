"""Sprite sheets and their manifest."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curation.media.sheets import Picture, write_sheets


def tile(shade: int) -> Picture:
    return np.full((24, 32, 3), shade, np.uint8)


def test_the_manifest_says_where_every_tile_is(tmp_path: Path) -> None:
    told = write_sheets(tmp_path / "a.json", (tile(n) for n in range(103)), every=5)
    assert told == json.loads((tmp_path / "a.json").read_text())
    assert told == {
        "tile_w": 32,
        "tile_h": 24,
        "columns": 10,
        "rows": 10,
        "tiles": 103,
        "sheets": ["a-0.jpg", "a-1.jpg"],
        "every": 5,
    }
    second = np.asarray(Image.open(tmp_path / "a-1.jpg"))
    assert second.shape == (24, 3 * 32, 3)
    assert second[12, 2 * 32 + 16].mean() == pytest.approx(102, abs=3)


def test_the_sheets_can_be_named_otherwise(tmp_path: Path) -> None:
    assert write_sheets(tmp_path / "a.json", [tile(9)], stem="b")["sheets"] == ["b-0.jpg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b-0.jpg"]


def test_no_tiles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a tile"):
        write_sheets(tmp_path / "a.json", [])

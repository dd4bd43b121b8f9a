"""Sprites of chosen frames, as review shows them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curation.media.decode import decode_pass
from curation.media.proxies import ProxyLadder
from curation.media.rejects import write_rejects
from tests.curation.media.sources import read, write_video


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 720p proxy of 130 numbered frames."""
    folder = tmp_path_factory.mktemp("rejects")
    decode_pass(write_video(folder / "a.mp4", range(130)), [ProxyLadder({720: folder / "p.mp4"})])
    return folder / "p.mp4"


def numbers(folder: Path) -> list[int]:
    """The number read off each tile, by the manifest."""
    told = json.loads((folder / "rejects.json").read_text())
    per_sheet = told["columns"] * told["rows"]
    found = []
    for k in range(len(told["frames"])):
        sheet = np.asarray(Image.open(folder / told["sheets"][k // per_sheet]))
        row, column = divmod(k % per_sheet, told["columns"])
        top, left = row * told["tile_h"], column * told["tile_w"]
        found.append(read(sheet[top : top + told["tile_h"], left : left + told["tile_w"]]))
    return found


def test_tile_k_shows_the_kth_frame(proxy: Path, tmp_path: Path) -> None:
    frames = [0, 1, 17, 64, 129]
    told = write_rejects(proxy, frames, tmp_path)
    assert told == json.loads((tmp_path / "rejects.json").read_text())
    assert told is not None
    assert (told["frames"], told["tile_w"], told["tile_h"]) == (frames, 240, 180)
    assert numbers(tmp_path) == frames


def test_many_tiles_fill_several_sheets(proxy: Path, tmp_path: Path) -> None:
    told = write_rejects(proxy, range(130), tmp_path)
    assert told is not None
    assert len(told["sheets"]) == 2
    assert numbers(tmp_path) == list(range(130))


def test_the_sheets_of_other_frames_have_other_names(proxy: Path, tmp_path: Path) -> None:
    one, again, other = (write_rejects(proxy, frames, tmp_path) for frames in ([3, 4], [3, 4], [3, 5]))
    assert one is not None
    assert again is not None
    assert other is not None
    assert one["sheets"] == again["sheets"]
    assert not set(one["sheets"]) & set(other["sheets"])


def test_no_frames_make_no_files(proxy: Path, tmp_path: Path) -> None:
    assert write_rejects(proxy, [], tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_a_frame_outside_the_video_is_refused(proxy: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexError):
        write_rejects(proxy, [130], tmp_path)

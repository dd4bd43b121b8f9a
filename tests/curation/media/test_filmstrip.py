"""The filmstrip and the poster."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curation.media import filmstrip
from curation.media.decode import decode_pass
from curation.media.filmstrip import FilmstripSink, PosterSink
from tests.curation.media.sources import read, write_video


def tiles(manifest: Path) -> list[int]:
    """The number read off each tile, in order."""
    told = json.loads(manifest.read_text())
    numbers: list[int] = []
    for name in told["sheets"]:
        sheet = np.asarray(Image.open(manifest.with_name(name)))
        for row in range(told["rows"]):
            for column in range(told["columns"]):
                top, left = row * told["tile_h"], column * told["tile_w"]
                tile = sheet[top : top + told["tile_h"], left : left + told["tile_w"]]
                if len(numbers) < told["tiles"] and tile.size:
                    numbers.append(read(tile))
    return numbers


def test_a_high_and_narrow_picture_fits_on_its_sheets(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", range(5), codec="ffv1", pix_fmt="yuv444p", size=(2, 4400))
    decode_pass(path, [FilmstripSink(tmp_path / "filmstrip.json"), PosterSink(tmp_path / "poster.jpg")])
    told = json.loads((tmp_path / "filmstrip.json").read_text())
    assert (told["tile_w"], told["tile_h"]) == (1, 640)
    assert Image.open(tmp_path / "poster.jpg").size == (1, 1280)


@pytest.mark.parametrize("rotation", [0, 90])
def test_tile_k_shows_every_nth_frame(tmp_path: Path, rotation: int) -> None:
    path = write_video(tmp_path / "a.mp4", range(120), rotation=rotation)
    decode_pass(path, [FilmstripSink(tmp_path / "filmstrip.json")])
    told = json.loads((tmp_path / "filmstrip.json").read_text())
    assert told["every_n_frames"] == 5
    assert told["tile_w"] == 160
    assert told["tile_h"] == (213 if rotation else 120)
    assert told["sheets"] == ["filmstrip-0.jpg"]
    assert tiles(tmp_path / "filmstrip.json") == list(range(0, 120, 5))


def test_a_long_video_gets_fewer_tiles_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filmstrip, "MAX_TILES", 30)
    path = write_video(tmp_path / "a.mp4", range(500))
    decode_pass(path, [FilmstripSink(tmp_path / "f.json")])
    told = json.loads((tmp_path / "f.json").read_text())
    assert told["tiles"] < 30
    assert tiles(tmp_path / "f.json") == list(range(0, 500, told["every_n_frames"]))


def test_many_tiles_fill_several_sheets(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", range(600))
    decode_pass(path, [FilmstripSink(tmp_path / "f.json")])
    assert json.loads((tmp_path / "f.json").read_text())["sheets"] == ["f-0.jpg", "f-1.jpg"]
    assert tiles(tmp_path / "f.json") == list(range(0, 600, 5))


def test_a_single_frame_makes_a_filmstrip_and_a_poster(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [5])
    decode_pass(path, [FilmstripSink(tmp_path / "f.json"), PosterSink(tmp_path / "p.jpg")])
    assert tiles(tmp_path / "f.json") == [5]
    assert read(np.asarray(Image.open(tmp_path / "p.jpg"))) == 5


def test_the_poster_is_upright_and_no_larger_than_needed(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", range(51), size=(1600, 1200), rotation=90)
    decode_pass(path, [PosterSink(tmp_path / "p.jpg")])
    poster = Image.open(tmp_path / "p.jpg")
    assert poster.size == (960, 1280)
    assert read(np.asarray(poster)) in (0, 25, 50)

"""A packed clip gives its pictures back, and what is no packed clip is told so."""

from pathlib import Path

import numpy as np
import pytest

from training.ml.errors import BadFile
from training.ml.features.pack import ClipPack, Pixels, packed


def smooth(channels: int) -> Pixels:
    across = np.linspace(20, 220, 48)
    rows = [across, across[::-1], np.full(48, 90.0)][:channels]
    return np.asarray(np.stack([np.tile(row, (32, 1)) for row in rows], axis=2), np.uint8)


def pack_of(channels: int, moments: int = 3, frames: int = 2) -> ClipPack:
    jpegs = tuple(packed(np.roll(smooth(channels), 3 * n, axis=1)) for n in range(moments * frames))
    return ClipPack(np.arange(moments, dtype=np.int32) * 7, channels, jpegs, "a" * 64)


@pytest.mark.parametrize("channels", [2, 3])
def test_its_pictures_come_back_as_they_were_but_for_what_jpeg_takes(channels: int) -> None:
    found = pack_of(channels).at([1])
    assert found.shape == (1, 2, 32, 48, channels)
    for n in range(2):
        away = np.abs(found[0, n].astype(int) - np.roll(smooth(channels), 3 * (2 + n), axis=1))
        assert np.percentile(away, 90) <= 6


def test_colours_keep_their_order() -> None:
    red = np.zeros((16, 16, 3), np.uint8)
    red[..., 0] = 200
    found = ClipPack(np.zeros(1, np.int32), 3, (packed(red),), "a").at([0])[0, 0]
    assert abs(int(found[..., 0].mean()) - 200) < 4
    assert found[..., 1:].mean() < 4


def test_u_and_v_of_flow_are_kept_apart() -> None:
    flow = np.full((16, 16, 2), 127, np.uint8)
    flow[..., 1] = 40
    found = ClipPack(np.zeros(1, np.int32), 2, (packed(flow),), "a").at([0])[0, 0]
    assert found[:8].reshape(-1, 2).mean(0) == pytest.approx([127, 40], abs=2)


def test_moments_are_given_in_the_order_asked_for_and_may_repeat() -> None:
    pack = pack_of(3)
    assert (pack.at([2, 0, 2])[0] == pack.at([2])[0]).all()
    assert (pack.at([2, 0, 2])[1] == pack.at([0])[0]).all()


def test_a_file_brings_back_what_was_saved_and_equal_packs_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        pack_of(2).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    found = ClipPack.load(tmp_path / "a")
    assert (found.jpegs, found.channels, found.recipe, found.frames, len(found)) == (
        pack_of(2).jpegs,
        2,
        "a" * 64,
        2,
        3,
    )
    assert found.ordinals_P.tolist() == [0, 7, 14]
    assert not list(tmp_path.glob("*.part"))


def test_a_cut_file_is_told(tmp_path: Path) -> None:
    pack_of(3).save(tmp_path / "whole")
    (tmp_path / "cut").write_bytes((tmp_path / "whole").read_bytes()[:-40])
    with pytest.raises(BadFile, match="The packed clip cut cannot be read"):
        ClipPack.load(tmp_path / "cut")


def test_a_damaged_picture_is_told() -> None:
    pack = ClipPack(np.zeros(1, np.int32), 3, (b"no picture",), "a")
    with pytest.raises(BadFile, match="damaged"):
        pack.at([0])

"""Odd files and real recordings: each is numbered as one thread sees it, or ends in a sentence."""

import csv
from pathlib import Path

import pytest

from curation.media.decode import decode_pass
from curation.media.errors import MediaError
from curation.media.filmstrip import FilmstripSink, PosterSink
from curation.media.proxies import ProxyLadder
from curation.media.verify import verify_proxy
from tests.curation.media.sources import reference

pytestmark = pytest.mark.footage

DAMAGED = {
    "biruk-tariku__ppe.mp4": 21,
    "corrupted.mp4": 49,
    "no_timescale.mp4": 170,
    "sample_with_invalid_nalu.mp4": 29,
    "count.h264": 245,
}
HOPELESS = {
    "chunk_out_of_range.mp4": "header of the file is damaged",
    "full_blocks.mkv": "no picture track",
    "invalid_userdata.mp4": "only the header of a recording",
    "mathiasbynens__AudioVideoInterleave.avi": "stops after 6 KB",
    "mathiasbynens__FlashVideo.flv": "stops after 212 bytes",
    "mathiasbynens__Mpeg4.mp4": "no picture track",
    "sample_fragmented_clearkey.mp4": "encrypted",
    "sample_malformed_free_box.mp4": "no table of contents",
    "sample_with_sdt.ts": "stops after 4 KB",
    "test_case_1185230.mp4": "only the header of a recording",
    "zero_empty_stsc.mp4": "only the header of a recording",
}
SLOW = {"long_1080p_lowbitrate.mp4": 10_883}


def odd_files(recordings: Path) -> list[Path]:
    folder = recordings / "odd_video" / "open"
    with (folder / "about.csv").open(newline="") as about:
        named = [row["file"] for row in csv.DictReader(about)]
    assert len(named) >= 50
    return [folder / name for name in named]


def test_every_odd_file_is_numbered_or_ends_in_a_sentence(recordings: Path) -> None:
    for path in odd_files(recordings):
        if path.name in HOPELESS:
            with pytest.raises(MediaError, match=HOPELESS[path.name]) as caught:
                decode_pass(path)
            assert caught.value.sentence.endswith("."), path.name
            continue
        result = decode_pass(path)
        if path.name in SLOW:
            assert len(result.index) == SLOW[path.name] == result.probe.nb_frames_hint
            continue
        times, packets = reference(path)
        assert len(result.index) == len(times), path.name
        if path.name in DAMAGED:
            assert len(result.index) == DAMAGED[path.name]
            assert result.damage, path.name
        else:
            assert result.damage == [], path.name
            assert len(times) == packets, path.name
            assert result.index.pts.tolist() == times, path.name


def test_damaged_files_give_the_same_index_every_time(recordings: Path) -> None:
    for name in DAMAGED:
        results = [decode_pass(recordings / "odd_video" / "open" / name) for _ in range(3)]
        assert len({result.index.hash for result in results}) == 1, name
        assert len({str(result.damage) for result in results}) == 1, name


def test_odd_files_have_proxies_with_every_frame(recordings: Path, tmp_path: Path) -> None:
    large, small = tmp_path / "720.mp4", tmp_path / "360.mp4"
    for path in odd_files(recordings):
        if path.name in HOPELESS or path.name in SLOW:
            continue
        film, poster = FilmstripSink(tmp_path / "film.json"), PosterSink(tmp_path / "poster.jpg")
        result = decode_pass(path, [ProxyLadder({720: large, 360: small}), film, poster])
        verify_proxy(large, result.index)
        verify_proxy(small, result.index)


@pytest.mark.parametrize(
    ("name", "rotation"), [("video_180.mov", 180), ("video_270.mov", 270), ("video_rotation_90.mp4", 90)]
)
def test_rotations_are_read(recordings: Path, name: str, rotation: int) -> None:
    assert decode_pass(recordings / "odd_video" / "open" / name).stream.rotation == rotation


@pytest.mark.parametrize("name", ["ut_interaction", "cctv_fight", "biisc_actions", "site_cctv_misc"])
def test_recordings_are_sound_and_their_proxies_complete(recordings: Path, name: str, tmp_path: Path) -> None:
    files = sorted(path for path in (recordings / name / "open").iterdir() if path.suffix in (".avi", ".mp4"))
    large, small = tmp_path / "720.mp4", tmp_path / "360.mp4"
    for path in files[:: max(1, len(files) // 6)]:
        result = decode_pass(path, [ProxyLadder({720: large, 360: small})])
        assert (result.damage, len(result.index)) == ([], len(reference(path)[0])), path.name
        verify_proxy(large, result.index)
        verify_proxy(small, result.index)

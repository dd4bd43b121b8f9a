"""Proxies hold exactly the frames of their index, upright, and can be entered every 15 frames."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from curation.media.decode import DecodeResult, decode_pass
from curation.media.errors import ProxyMismatch
from curation.media.frames import StreamInfo, describe_frame
from curation.media.proxies import GOP, ProxyLadder, ProxySink, proxy_size
from curation.media.timebase import FrameIndex
from curation.media.verify import verify_proxy
from tests.curation.media.sources import pictures, read, write_video

N = range(50)


def made(path: Path, folder: Path) -> tuple[DecodeResult, Path, Path]:
    large, small = folder / "proxy720.mp4", folder / "proxy360.mp4"
    return decode_pass(path, [ProxyLadder({720: large, 360: small})]), large, small


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.mp4", {"options": {"bf": "3"}}),
        ("late.ts", {"pts": [250 + n for n in N]}),
        ("variable.mkv", {"pts": [n * n + n for n in N], "time_base": Fraction(1, 1000)}),
        ("turned.mp4", {"rotation": 90}),
        ("half_turned.mp4", {"rotation": 180}),
        ("large.mp4", {"size": (1440, 1080)}),
        ("jpegs.avi", {"codec": "mjpeg", "pix_fmt": "yuvj420p"}),
        ("ten_bit.mkv", {"pix_fmt": "yuv420p10le"}),
        ("odd.mkv", {"pix_fmt": "yuv444p", "size": (321, 241)}),
    ],
)
def test_every_number_survives_from_source_to_both_proxies(
    tmp_path: Path, name: str, how: dict[str, object]
) -> None:
    path = write_video(tmp_path / name, N, **how)  # type: ignore[arg-type]  # keyword arguments of the table
    result, large, small = made(path, tmp_path)
    for proxy in (large, small):
        verify_proxy(proxy, result.index)
        assert [read(picture) for picture in pictures(proxy)] == list(N)


def test_a_damaged_source_has_proxies_of_what_was_decoded(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", N, muxer={"movflags": "faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    result, large, small = made(path, tmp_path)
    assert result.passes == 2
    for proxy in (large, small):
        verify_proxy(proxy, result.index)


def test_a_proxy_is_built_for_exact_seeking(tmp_path: Path) -> None:
    _, large, _ = made(write_video(tmp_path / "a.mp4", N), tmp_path)
    with av.open(str(large)) as container:
        video = container.streams.video[0]
        packets = [packet for packet in container.demux(video) if packet.size]
        assert len(container.streams) == 1
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert video.time_base == Fraction(1, 90_000)
    assert [packet.pts for packet in packets] == [packet.dts for packet in packets]
    assert [packet.duration for packet in packets] == [3600] * len(N)
    assert [n for n, packet in enumerate(packets) if packet.is_keyframe] == list(range(0, len(N), GOP))
    content = large.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize(("codec", "pix_fmt"), [("libx264", "yuv420p"), ("mjpeg", "yuvj420p")])
def test_colours_survive_whatever_the_range_of_the_source(tmp_path: Path, codec: str, pix_fmt: str) -> None:
    red = np.full((240, 320, 3), (200, 60, 90), np.uint8)
    path = write_video(tmp_path / "a.mkv", range(3), codec=codec, pix_fmt=pix_fmt, paint=lambda _: red)
    _, large, small = made(path, tmp_path)
    for proxy in (large, small):
        picture = next(pictures(proxy)).mean(axis=(0, 1))
        assert np.abs(picture - (200, 60, 90)).max() < 6


def shape(width: int, height: int, rotation: int = 0, aspect: Fraction = Fraction(1)) -> StreamInfo:
    frame = VideoFrame(width, height, "yuv420p")
    info = describe_frame(
        frame, sample_aspect_ratio=aspect, time_base=Fraction(1, 25), fps=Fraction(25), frames_hint=0
    )
    turned = (info.display_height, info.display_width) if rotation else None
    wide, tall = turned or (info.display_width, info.display_height)
    return StreamInfo(
        **{**info.__dict__, "rotation": rotation, "display_width": wide, "display_height": tall}
    )


@pytest.mark.parametrize(
    ("stream", "height", "expected"),
    [
        (shape(1920, 1080), 720, (1280, 720)),
        (shape(1920, 1080), 360, (640, 360)),
        (shape(1920, 1080, 90), 720, (404, 720)),
        (shape(480, 290), 720, (480, 290)),
        (shape(161, 121), 720, (160, 120)),
        (shape(720, 576, aspect=Fraction(16, 15)), 720, (768, 576)),
        (shape(1, 1), 720, (2, 2)),
        (shape(8192, 1024), 720, (4096, 512)),
        (shape(16_384, 64, aspect=Fraction(20)), 360, (4096, 2)),
        (shape(1, 16_384), 720, (2, 720)),
    ],
)
def test_sizes_are_even_upright_square_and_never_larger(
    stream: StreamInfo, height: int, expected: tuple[int, int]
) -> None:
    assert proxy_size(stream, height) == expected


@pytest.mark.parametrize("size", [(4400, 2), (2, 4400)])
def test_a_picture_that_is_a_line_has_proxies_too(tmp_path: Path, size: tuple[int, int]) -> None:
    path = write_video(tmp_path / "a.mkv", range(3), codec="ffv1", pix_fmt="yuv444p", size=size)
    result, large, small = made(path, tmp_path)
    for proxy in (large, small):
        verify_proxy(proxy, result.index)


def test_an_encoder_that_cannot_write_stops_the_pass(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", N)
    with pytest.raises(OSError, match="No such file"):
        decode_pass(path, [ProxySink(tmp_path / "nowhere" / "proxy.mp4", 360)])


def test_a_proxy_with_other_frames_is_no_proxy(tmp_path: Path) -> None:
    result, large, _ = made(write_video(tmp_path / "a.mp4", N), tmp_path)
    pts, time_base = result.index.pts, result.index.time_base
    moved = pts.copy()
    moved[20] += 40
    cases = [
        (large, FrameIndex.of(pts[:-1], time_base), "has 50 frames where there are 49"),
        (large, FrameIndex.of(moved, time_base), "shows frame 20"),
        (tmp_path / "a.mp4", result.index, "counts in"),
        (tmp_path / "gone.mp4", result.index, "cannot be read back"),
    ]
    for path, index, words in cases:
        with pytest.raises(ProxyMismatch, match=words):
            verify_proxy(path, index)


def test_a_proxy_with_long_gops_or_b_frames_is_no_proxy(tmp_path: Path) -> None:
    index = FrameIndex.of(np.arange(50) * 3600, Fraction(1, 90_000))
    ticks = {"video_track_timescale": "90000"}
    long_gops = write_video(tmp_path / "a.mp4", N, options={"bf": "0", "g": "50"}, muxer=ticks)
    with pytest.raises(ProxyMismatch, match="cannot be entered at frame 15"):
        verify_proxy(long_gops, index)
    b_frames = write_video(tmp_path / "b.mp4", N, options={"bf": "2", "g": "15"}, muxer=ticks)
    with pytest.raises(ProxyMismatch, match="shows frame"):
        verify_proxy(b_frames, index)

"""How frames are numbered, on files of every kind."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from curation.media.decode import MAX_FRAMES, DecodeResult, _Pass, decode_pass, decoder_version
from curation.media.errors import TooLarge
from curation.media.frames import AnyPacket, StreamInfo, luma
from tests.curation.media.sources import read, reference, rewrite, write_video

N = range(40)
VARIABLE = [0, 1, 2, 5, 6, 11, 12, 13, 40, 41, *range(50, 80)]


class Reader:
    """A sink that reads the number off every frame."""

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0

    def open(self, stream: StreamInfo) -> None:
        self.opened += 1
        self.stream = stream
        self.seen: list[tuple[int, int, int]] = []

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:
        self.seen.append((ordinal, pts, read(np.rot90(luma(frame), -self.stream.rotation // 90))))

    def close(self) -> None:
        self.closed += 1


def decoded(path: Path) -> tuple[DecodeResult, Reader]:
    reader = Reader()
    result = decode_pass(path, [reader])
    assert [ordinal for ordinal, _, _ in reader.seen] == list(range(len(result.index)))
    assert [pts for _, pts, _ in reader.seen] == result.index.pts.tolist()
    assert reader.closed == 1
    return result, reader


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("a.mp4", {}),
        ("b_frames.mp4", {"options": {"bf": "3"}}),
        ("b_pyramid.mkv", {"options": {"bf": "3", "b-pyramid": "normal"}}),
        ("fragmented.mp4", {"muxer": {"movflags": "frag_keyframe+empty_moov"}}),
        ("transport.ts", {"options": {"bf": "2"}}),
        ("jpegs.avi", {"codec": "mjpeg", "pix_fmt": "yuvj420p"}),
        ("b_frames.avi", {"codec": "mpeg4", "options": {"bf": "2"}}),
        ("h264.avi", {"options": {"bf": "3"}}),
        ("program.mpg", {"codec": "mpeg2video"}),
        ("vp9.webm", {"codec": "libvpx-vp9", "options": {"cpu-used": "8", "deadline": "realtime"}}),
        ("ten_bit.mp4", {"pix_fmt": "yuv420p10le"}),
        ("full_chroma.mkv", {"pix_fmt": "yuv444p"}),
    ],
)
def test_a_sound_file_has_all_its_frames_in_order(tmp_path: Path, name: str, made: dict[str, str]) -> None:
    path = write_video(tmp_path / name, N, **made)  # type: ignore[arg-type]  # keyword arguments of the table
    result, reader = decoded(path)
    times, packets = reference(path)
    assert [number for _, _, number in reader.seen] == list(N)
    assert len(result.index) == len(times) == packets
    assert result.damage == []
    assert len(result.index.runs) == 1
    assert result.index.fps == pytest.approx(25)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_a_variable_rate_keeps_every_time(tmp_path: Path, suffix: str) -> None:
    path = write_video(tmp_path / f"a.{suffix}", N, pts=VARIABLE, options={"bf": "2"})
    result, reader = decoded(path)
    assert [number for _, _, number in reader.seen] == list(N)
    assert [result.index.seconds(n) for n in N] == [Fraction(time, 25) for time in VARIABLE]
    assert result.index.pts.tolist() == reference(path)[0]


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_a_late_start_is_kept_in_the_index(tmp_path: Path, suffix: str) -> None:
    path = write_video(tmp_path / f"a.{suffix}", N, pts=[250 + n for n in N])
    result, _ = decoded(path)
    assert result.index.pts[0] * result.index.time_base == 10
    assert result.index.for_proxy().pts[0] == 0


def test_frames_before_an_edit_list_have_no_number(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "a.mp4",
        N,
        pts=[n - 5 for n in N],
        muxer={"avoid_negative_ts": "disabled", "use_editlist": "1"},
        options={"bf": "0"},
    )
    result, reader = decoded(path)
    assert [number for _, _, number in reader.seen] == list(N)[5:]
    assert (result.damage, result.passes) == ([], 1)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_rotation_stands_beside_the_decoded_size(tmp_path: Path, rotation: int) -> None:
    path = write_video(tmp_path / "a.mp4", N, rotation=rotation)
    result, reader = decoded(path)
    stream = result.stream
    assert (stream.rotation, stream.width, stream.height) == (rotation, 320, 240)
    sideways = rotation in (90, 270)
    assert (stream.display_width, stream.display_height) == ((240, 320) if sideways else (320, 240))
    assert [number for _, _, number in reader.seen] == list(N)


def test_repeated_times_are_mended_and_told(tmp_path: Path) -> None:
    source = write_video(tmp_path / "s.mkv", N, options={"bf": "0"})
    shown = [n * 40 for n in N]
    shown[7], shown[20] = shown[6], shown[19]
    path = rewrite(source, tmp_path / "a.mkv", shown, container="matroska")
    result, _ = decoded(path)
    assert result.index.pts.tolist() == [n * 40 for n in N]
    assert result.index.synthesised == ((7, 8), (20, 21))
    assert [(damage.kind, damage.count, damage.first_frame) for damage in result.damage] == [
        ("timestamps_repeated", 2, 7)
    ]


def test_a_raw_stream_gets_evenly_spaced_times_and_says_so(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.h264", N, container="h264")
    result, _ = decoded(path)
    assert len(result.index.runs) == 1
    assert result.index.synthesised == ((0, 40),)
    assert result.damage[0].sentence.startswith("The file carries no times at all")


def test_a_picture_size_that_changes_is_brought_to_the_first(tmp_path: Path) -> None:
    small = write_video(tmp_path / "1.h264", range(10), container="h264")
    large = write_video(tmp_path / "2.h264", range(10, 20), container="h264", size=(640, 480))
    path = tmp_path / "both.h264"
    path.write_bytes(small.read_bytes() + large.read_bytes())
    result, reader = decoded(path)
    assert [number for _, _, number in reader.seen] == list(range(20))
    assert ("resized", 10, 10) in [(d.kind, d.count, d.first_frame) for d in result.damage]


def test_the_sound_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as out:
        video = out.add_stream("mpeg4", rate=25)
        audio = out.add_stream("aac", rate=8000)
        assert isinstance(audio, av.AudioStream)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        sound.rate, sound.pts = 8000, 0
        audio.layout = "mono"
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        for frame in (VideoFrame(64, 64, "yuv420p"), None):
            out.mux(video.encode(frame))
        for noise in (sound, None):
            out.mux(audio.encode(noise))
    result = decode_pass(path)
    assert result.probe.has_audio
    assert "The sound of the file is not kept." in result.notes
    assert result.damage == []


def test_a_stream_that_appears_on_the_way_ends_no_pass(tmp_path: Path) -> None:
    """PyAV raises IndexError behind the last packet then; it needs a stray byte in memory to do so."""
    path = write_video(tmp_path / "a.ts", N)

    class Stumbling:
        def __init__(self, container: InputContainer) -> None:
            self.container = container

        def demux(self, video: VideoStream) -> Iterator[AnyPacket]:
            yield from self.container.demux(video)
            raise IndexError("list index out of range")

    run = _Pass(path, [], None, MAX_FRAMES, threaded=True)
    with av.open(str(path)) as container:
        stumbling = cast("InputContainer", Stumbling(container))
        packets = list(run._packets(stumbling, container.streams.video[0]))
    assert [bool(packet.size) for packet in packets] == [True] * len(N) + [False]
    assert run.tally.unreadable == []


def test_a_video_longer_than_the_budget_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", N)
    with pytest.raises(TooLarge, match="more than 39 frames"):
        decode_pass(path, max_frames=39)
    assert len(decode_pass(path, max_frames=40).index) == 40


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[float, int]] = []
    path = write_video(tmp_path / "a.mp4", range(300))
    decode_pass(path, report=lambda fraction, frames: told.append((fraction, frames)))
    assert len(told) >= 5
    assert told == sorted(told)
    assert 0 <= told[0][0] <= told[-1][0] <= 1


def test_the_decoder_is_named() -> None:
    assert decoder_version().startswith("PyAV ")
    assert "libavcodec" in decoder_version()

"""Videos made for tests: every frame carries its number as a block code that survives encoding."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

BITS = 10
Picture = npt.NDArray[np.uint8]


def drawn(number: int, width: int = 320, height: int = 240) -> Picture:
    """An RGB picture with `number` as a row of black and white blocks between two grey ones."""
    picture = np.full((height, width, 3), 110, np.uint8)
    picture[height // 2 :, :, 0] = (number * 7) % 200
    bits = [(number >> bit) & 1 for bit in range(BITS)]
    for k, bit in enumerate(bits):
        left, right = width * (k + 1) // (BITS + 2), width * (k + 2) // (BITS + 2)
        picture[height // 8 : height * 3 // 8, left:right] = 235 if bit else 20
    return picture


def read(picture: Picture) -> int:
    """The number drawn into an upright picture of any size, RGB or luma."""
    grey = picture if picture.ndim == 2 else picture.mean(axis=2)
    height, width = grey.shape
    number = 0
    for bit in range(BITS):
        x = width * (2 * bit + 3) // (2 * (BITS + 2))
        y = height // 4
        block = grey[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4]
        number |= int(block.mean() > 128) << bit
    return number


def write_video(
    path: Path,
    numbers: Sequence[int],
    *,
    pts: Sequence[int] | None = None,
    time_base: Fraction = Fraction(1, 25),
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    container: str | None = None,
    size: tuple[int, int] = (320, 240),
    options: dict[str, str] | None = None,
    muxer: dict[str, str] | None = None,
    rotation: int = 0,
    paint: Callable[[int], Picture] | None = None,
) -> Path:
    """Encode pictures of `numbers` at `pts` (default 0, 1, 2, ...) in ticks of `time_base`."""
    times = range(len(numbers)) if pts is None else pts
    with av.open(str(path), "w", format=container, options=muxer or {}) as out:
        quick = {"preset": "ultrafast"} if codec == "libx264" else {}
        stream = out.add_stream(codec, rate=25, options=quick | (options or {}))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
        stream.codec_context.time_base = stream.time_base = time_base
        if rotation:
            stream.set_display_rotation(-rotation)
        for number, time in zip(numbers, times, strict=True):
            upright = paint(number) if paint else drawn(number, *_upright(size, rotation))
            picture = _laid(upright, rotation)
            frame = VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pix_fmt)
            frame.pts, frame.time_base = time, time_base
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def rewrite(source: Path, path: Path, shown: Sequence[int], *, container: str) -> Path:
    """Copy packets of a video without B-frames, giving packet k the time `shown[k]` (stream ticks)."""
    with av.open(str(source)) as old, av.open(str(path), "w", format=container) as new:
        video = old.streams.video[0]
        copy = new.add_stream_from_template(video)
        packets = [packet for packet in old.demux(video) if packet.size]
        for packet, time in zip(packets, shown, strict=True):
            packet.pts = packet.dts = time
            packet.stream = copy
            new.mux(packet)
    return path


def reference(path: Path) -> tuple[list[int | None], int]:
    """Timestamps of all frames by the plainest loop there is, with one thread; and the packet count."""
    times: list[int | None] = []
    packets = 0
    with av.open(str(path)) as container:
        video = container.streams.best("video")
        assert isinstance(video, VideoStream)
        video.codec_context.thread_count = 1
        video.codec_context.thread_type = "NONE"
        for packet in container.demux(video):
            packets += packet.size > 0 and not packet.is_discard
            try:
                times += [frame.pts for frame in video.codec_context.decode(packet if packet.size else None)]
            except av.error.FFmpegError:
                continue
    return times, packets


def pictures(path: Path) -> Iterator[Picture]:
    """RGB pictures of a proxy, front to back."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def _upright(size: tuple[int, int], rotation: int) -> tuple[int, int]:
    return (size[1], size[0]) if rotation in (90, 270) else size


def _laid(picture: Picture, rotation: int) -> Picture:
    """The picture as the sensor saw it, so that turning it clockwise by `rotation` shows it upright."""
    return np.ascontiguousarray(np.rot90(picture, rotation // 90))

"""Proxies: the small MP4 copies that browsers play and trainers read, frame for frame the source.

GOP of 15, closed, no B-frames, upright, square pixels, 1/90000 s from 0: the numbers are those that
DESIGN.md section 3 measured. One thread per proxy scales and encodes while the caller decodes on;
the smaller proxy is scaled from the larger one's picture.
"""

import queue
import threading
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import PictureType, VideoFrame

from curation.media.frames import AnyPacket, Resizer, StreamInfo
from curation.media.timebase import PROXY_TIME_BASE, ProxyClock

GOP = 15
MAX_WIDTH = 4096
"""Decoders in graphics cards take no more, and libx264 ends at 16,384."""
_QUEUED_FRAMES = 6
_OPTIONS = {
    "preset": "veryfast",
    "crf": "25",
    "g": str(GOP),
    "keyint_min": str(GOP),
    "sc_threshold": "0",
    "bf": "0",
    "x264-params": "open-gop=0:scenecut=0",
}


def proxy_size(stream: StreamInfo, height: int) -> tuple[int, int]:
    """Width and height of a proxy: upright, square pixels, even, never larger than the source.

    A picture too wide for `MAX_WIDTH` at this height is lower, so that it keeps its shape.
    """
    shape = Fraction(stream.display_width, stream.display_height)
    tall = min(height, stream.display_height, max(1, int(MAX_WIDTH / shape)))
    wide = min(Fraction(MAX_WIDTH), tall * shape)
    return max(2, round(wide / 2) * 2), max(2, tall // 2 * 2)


class ProxyLadder:
    """A FrameSink that writes proxies of several heights, each from the one above it."""

    def __init__(self, paths: Mapping[int, Path]) -> None:
        """`paths`: height in pixels -> file to write. Files are complete after `close`."""
        self._paths = sorted(paths.items(), reverse=True)
        self._rungs: list[_Rung] = []
        self._clock: ProxyClock | None = None

    def open(self, stream: StreamInfo) -> None:
        """Begin or start over; a half-written file of a void pass is overwritten."""
        for rung in self._rungs:
            rung.abandon()
        self._rungs = []
        self._clock = None
        self._stream = stream
        below: _Rung | None = None
        for height, path in reversed(self._paths):
            below = _Rung(path, stream, height, below)
            self._rungs.insert(0, below)
        # Only the first rung sees source pictures; the others get upright ones of the rung above.
        for rung in self._rungs:
            rung.start(first=rung is self._rungs[0])

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:  # noqa: ARG002 - FrameSink
        """Queue one frame; waits while the encoders are behind. Raises what an encoder raised."""
        if self._clock is None:
            self._clock = ProxyClock(pts, self._stream.time_base)
        self._rungs[0].put(self._clock.tick(pts), frame)

    def close(self) -> None:
        """Finish all files. Raises what an encoder raised."""
        for rung in self._rungs:
            rung.finish()


class ProxySink(ProxyLadder):
    """A FrameSink that writes a single proxy."""

    def __init__(self, out_path: Path, height: int) -> None:
        super().__init__({height: out_path})


class _Rung:
    """One proxy: a bounded queue, and a thread that scales, turns and encodes."""

    def __init__(self, path: Path, stream: StreamInfo, height: int, below: "_Rung | None") -> None:
        self._path, self._stream, self._below = path, stream, below
        self._size = proxy_size(stream, height)
        self._queue: queue.Queue[tuple[int, VideoFrame] | None] = queue.Queue(_QUEUED_FRAMES)
        self._error: BaseException | None = None
        self._abandoned = False

    def start(self, *, first: bool) -> None:
        width, height = self._size
        self._turn = self._stream.rotation if first else 0
        if self._turn in (90, 270):
            width, height = height, width
        self._resize = Resizer(width, height, "yuv420p", dst_full_range=False)
        self._thread = threading.Thread(target=self._run, name=f"proxy {self._path.name}", daemon=True)
        self._thread.start()

    def put(self, tick: int, frame: VideoFrame) -> None:
        self._offer((tick, frame))

    def finish(self) -> None:
        self._offer(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def abandon(self) -> None:
        self._abandoned = True
        self._thread.join()

    def _offer(self, item: tuple[int, VideoFrame] | None) -> None:
        while True:
            if self._error is not None:
                raise self._error
            try:
                self._queue.put(item, timeout=0.5)
            except queue.Full:
                continue
            return

    def _next(self) -> tuple[int, VideoFrame] | None:
        while not self._abandoned:
            try:
                return self._queue.get(timeout=0.2)
            except queue.Empty:
                continue
        return None

    def _run(self) -> None:
        try:
            with av.open(str(self._path), "w", format="mp4", options=_muxer_options()) as container:
                writer = _Writer(container, self._size, self._stream)
                while (item := self._next()) is not None:
                    tick, frame = item
                    small = _turned(self._resize(frame), self._turn)
                    if self._below is not None and not self._abandoned:
                        self._below.put(tick, small)
                    writer.write(tick, small)
                writer.finish()
        except BaseException as error:
            self._error = error


class _Writer:
    """libx264 into MP4, with every duration set from the next timestamp."""

    def __init__(self, container: OutputContainer, size: tuple[int, int], stream: StreamInfo) -> None:
        self._container = container
        self._video = container.add_stream("libx264", rate=stream.fps, options=_OPTIONS)
        context = self._video.codec_context
        context.width, context.height = size
        context.pix_fmt = "yuv420p"
        context.time_base = self._video.time_base = PROXY_TIME_BASE
        context.max_b_frames = 0
        context.gop_size = GOP
        # Without a matrix browsers guess by size, and the two proxies would differ in colour.
        context.colorspace = stream.matrix
        self._held: AnyPacket | None = None
        self._step = max(1, round(1 / (stream.fps * PROXY_TIME_BASE)))

    def write(self, tick: int, frame: VideoFrame) -> None:
        frame.pts, frame.time_base = tick, PROXY_TIME_BASE
        # The source's picture types are no orders to the encoder.
        frame.pict_type = PictureType.NONE
        for packet in self._video.encode(frame):
            self._mux(packet)

    def finish(self) -> None:
        for packet in self._video.encode(None):
            self._mux(packet)
        if self._held is not None:
            self._held.duration = self._step
            self._container.mux(self._held)

    def _mux(self, packet: AnyPacket) -> None:
        if self._held is not None and packet.pts is not None and self._held.pts is not None:
            self._step = packet.pts - self._held.pts
            self._held.duration = self._step
            self._container.mux(self._held)
        self._held = packet


def _muxer_options() -> dict[str, str]:
    return {"movflags": "+faststart", "video_track_timescale": str(PROXY_TIME_BASE.denominator)}


def _turned(frame: VideoFrame, rotation: int) -> VideoFrame:
    """A yuv420p frame turned clockwise by 0, 90, 180 or 270 degrees."""
    if rotation == 0:
        return frame
    turns = -rotation // 90
    if rotation == 180:
        turned = VideoFrame(frame.width, frame.height, "yuv420p")
    else:
        turned = VideoFrame(frame.height, frame.width, "yuv420p")
    for source, target in zip(frame.planes, turned.planes, strict=True):
        rows = np.frombuffer(memoryview(source), np.uint8).reshape(-1, source.line_size)
        picture = rows[: source.height, : source.width]
        out = np.frombuffer(memoryview(target), np.uint8).reshape(-1, target.line_size)
        out[: target.height, : target.width] = np.rot90(picture, turns)
    return turned

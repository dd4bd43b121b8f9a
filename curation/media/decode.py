"""One pass over a file, front to back: the frame index, the damage report, and frames for all sinks.

The numbering of frames is decided here and nowhere else (DESIGN.md, idea 1). Packets are decoded
one by one and errors are stepped over. Threaded decoding of damaged files drops different frames
from run to run, so the first sign of damage voids the threaded pass, and the file is decoded again
with one thread; that result stands.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from curation.media.clock import SourceClock
from curation.media.damage import Damage, Tally, damage_report
from curation.media.errors import TooLarge
from curation.media.explain import cut_short, why_no_frame
from curation.media.frames import AnyPacket, FrameSink, Resizer, StreamInfo, describe_frame
from curation.media.probe import Probe, describe, opened, refuse_size
from curation.media.timebase import FrameIndex

Report = Callable[[float, int], None]
"""Called now and then with the fraction done (0..1) and the number of frames so far."""

MAX_FRAMES = 5_400_000
"""Twenty-five hours at 60 frames a second."""
_READ_ERRORS_IN_A_ROW = 64
_REPORT_EVERY = 50


@dataclass(frozen=True)
class DecodeResult:
    """Everything one pass learned of a file."""

    index: FrameIndex
    damage: list[Damage]
    notes: list[str]
    """Sentences about what is no damage: sound left out, interlacing, other picture tracks."""
    probe: Probe
    stream: StreamInfo
    decoder_version: str
    passes: int
    """2 where the file had to be decoded again with one thread."""


def decoder_version() -> str:
    """Names what numbered the frames, such as "PyAV 18.1.0, libavcodec 62.28.102"."""
    codec = ".".join(str(part) for part in av.library_versions["libavcodec"])
    return f"PyAV {av.__version__}, libavcodec {codec}"


def decode_pass(
    path: Path, sinks: Sequence[FrameSink] = (), *, report: Report | None = None, max_frames: int = MAX_FRAMES
) -> DecodeResult:
    """Decode every frame of `path` once, in presentation order, into all `sinks`.

    Sinks are opened at the first frame, opened again ("start over") if a second pass is needed,
    and closed at the end. Raises MediaError, with a sentence for a person, if there is no frame.
    """
    for passes, threaded in enumerate((True, False), start=1):
        run = _Pass(path, sinks, report, max_frames, threaded=threaded)
        result = run.result(passes)
        if result is not None:
            for sink in sinks:
                sink.close()
            return result
    raise AssertionError("a single-threaded pass always decides")


class _FlawedError(Exception):
    """The threaded pass met damage; its result is void."""


@dataclass
class _Pass:
    """One decoding of the file; `result` is None where it has to be done again with one thread."""

    path: Path
    sinks: Sequence[FrameSink]
    report: Report | None
    max_frames: int
    threaded: bool
    tally: Tally = field(default_factory=Tally)
    pts: list[int] = field(default_factory=list)
    stream: StreamInfo | None = None
    _resizer: Resizer | None = None
    _dts: list[int] = field(default_factory=list)
    """AVI only: times of packets whose frame is still in the decoder, a heap."""

    def result(self, passes: int) -> DecodeResult | None:
        with opened(self.path) as (container, name):
            self.probe = describe(self.path, container, name)
            video = container.streams[self.probe.stream_index]
            assert isinstance(video, VideoStream)  # noqa: S101 - narrows the type; the probe chose it
            if self.threaded:
                video.thread_type = "AUTO"
                # A frame whose errors were concealed may leave a thread before it is marked as corrupt. No
                # frame at all is seen every time.
                video.codec_context.options = {"err_detect": "explode"}
            else:
                video.thread_type = "NONE"
                video.thread_count = 1
            # AVI stores no presentation times, and FFmpeg's guesses for B-frames are out of order: the
            # n-th frame shown gets the n-th of the packets' times instead.
            self._shuffled = name == "avi" and self.probe.codec in ("h264", "hevc", "mpeg4")
            step = max(1, round(1 / (self.probe.fps * self.probe.time_base)))
            self.clock = SourceClock(self.probe.time_base, step)
            try:
                self._deliver_all(container, video)
            except _FlawedError:
                return None
            end = self.pts[-1] + step if self.pts else 0
            missing = _pictures_beyond_end(self.path, video, self.probe, len(self.pts), end)
        if self.threaded and (self.tally.flawed or missing):
            return None
        if self.stream is None:
            raise why_no_frame(
                self.path,
                name,
                packets=self.tally.packets,
                locked=self.tally.encrypted > 0,
                codec=self.probe.codec,
            )
        return self._conclude(self.stream, missing, passes)

    def _conclude(self, stream: StreamInfo, missing: int, passes: int) -> DecodeResult:
        self.tally.frames = len(self.pts)
        repairs = self.clock.repairs
        damage = damage_report(
            self.tally,
            codec=self.probe.codec,
            missing=missing,
            repairs=repairs,
            clockless=len(repairs.get("missing", ())) == len(self.pts),
        )
        index = FrameIndex.of(
            np.array(self.pts, dtype=np.int64),
            self.probe.time_base,
            nominal=self.clock.step,
            synthesised=self.clock.synthesised,
        )
        return DecodeResult(
            index, damage, _notes(self.probe, self.tally), self.probe, stream, decoder_version(), passes
        )

    def _deliver_all(self, container: InputContainer, video: VideoStream) -> None:
        """Hand out each frame once the timestamp of the one behind it is known."""
        held: VideoFrame | None = None
        for frame in self._frames(container, video):
            if held is not None:
                self._deliver(held, _timestamp(frame))
            held = frame
        if held is not None:
            self._deliver(held, None)

    def _frames(self, container: InputContainer, video: VideoStream) -> Iterator[VideoFrame]:
        context = video.codec_context
        for packet in self._packets(container, video):
            if packet.size:
                self._count(packet)
            try:
                frames = context.decode(packet if packet.size else None)
            except av.error.FFmpegError:
                self._flaw(self.tally.undecodable)
                if self._shuffled and packet.dts in self._dts:
                    self._dts.remove(packet.dts)
                    heapq.heapify(self._dts)
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self._flaw(self.tally.corrupt)
                self.tally.frames += 1
                if self.tally.frames > self.max_frames:
                    raise TooLarge(
                        f"The video has more than {self.max_frames:,} frames. Cut it into shorter recordings."
                    )
                if self._shuffled:
                    frame.pts = heapq.heappop(self._dts) if self._dts else None
                yield frame

    def _packets(self, container: InputContainer, video: VideoStream) -> Iterator[AnyPacket]:
        """All packets of the stream, then one empty packet that flushes the decoder."""
        errors = 0
        while True:
            try:
                for packet in container.demux(video):
                    if packet.size:
                        errors = 0
                        yield packet
                break
            except IndexError:
                # PyAV's list of wanted streams is as long as there were streams in the beginning. Where
                # others have appeared since, it stumbles over them when all has been read.
                break
            except av.error.FFmpegError:
                errors += 1
                self._flaw(self.tally.unreadable)
                if errors >= _READ_ERRORS_IN_A_ROW:
                    self.tally.gave_up = True
                    break
        yield Packet()

    def _count(self, packet: AnyPacket) -> None:
        # Edit lists discard packets on purpose: they are decoded, but never shown or counted.
        if not packet.is_discard and not self._filler(packet):
            self.tally.packets += 1
        if self._shuffled and packet.dts is not None:
            heapq.heappush(self._dts, packet.dts)
        if packet.is_corrupt:
            self._flaw(self.tally.marked)
        if packet.has_sidedata("encryption_info"):
            self.tally.encrypted += 1
        if self.report is not None and self.tally.packets % _REPORT_EVERY == 0 and packet.pos is not None:
            self.report(min(1.0, max(0, packet.pos) / max(1, self.probe.bytes)), self.tally.frames)

    def _filler(self, packet: AnyPacket) -> bool:
        """The one byte that Video for Windows encoders put into an AVI while their B-frames are delayed."""
        return self.probe.container == "avi" and packet.size == 1

    def _flaw(self, kind: list[int]) -> None:
        kind.append(self.tally.frames)
        if self.threaded:
            raise _FlawedError

    def _deliver(self, frame: VideoFrame, following: int | None) -> None:
        ordinal = len(self.pts)
        pts = self.clock.settle(_timestamp(frame), following)
        self.pts.append(pts)
        if self.stream is None:
            self.stream = self._begin(frame)
        self.tally.interlaced += frame.interlaced_frame
        stream = self.stream
        if (frame.width, frame.height, frame.format.name) != (stream.width, stream.height, stream.pix_fmt):
            frame = self._as_first(frame, stream, ordinal)
        for sink in self.sinks:
            sink.take(ordinal, pts, frame)

    def _begin(self, frame: VideoFrame) -> StreamInfo:
        refuse_size(frame.width, frame.height)
        stream = describe_frame(
            frame,
            sample_aspect_ratio=self.probe.sample_aspect_ratio,
            time_base=self.probe.time_base,
            fps=self.probe.fps,
            frames_hint=self.probe.nb_frames_hint,
        )
        for sink in self.sinks:
            sink.open(stream)
        return stream

    def _as_first(self, frame: VideoFrame, stream: StreamInfo, ordinal: int) -> VideoFrame:
        """Cameras that switch their picture size mid-stream: every sink sees the first size."""
        refuse_size(frame.width, frame.height)
        if (frame.width, frame.height) != (stream.width, stream.height):
            self.tally.resized.append(ordinal)
        if self._resizer is None:
            self._resizer = Resizer(stream.width, stream.height, stream.pix_fmt, interpolation="BILINEAR")
        return self._resizer(frame)


def _timestamp(frame: VideoFrame) -> int | None:
    return frame.pts if frame.pts is not None else frame.dts


def _pictures_beyond_end(path: Path, video: VideoStream, probe: Probe, frames: int, end: int) -> int:
    """How many pictures lie past the end of a file that was cut short; an estimate outside MP4.

    `end`: when the last frame ends, in ticks.
    """
    if probe.container == "mov":
        return sum(1 for entry in video.index_entries if entry.pos >= probe.bytes)
    if not cut_short(path, probe.container):
        return 0
    if probe.container == "avi":
        return max(1, probe.nb_frames_hint - frames)
    seconds_left = (probe.duration_hint or 0.0) - float(end * probe.time_base)
    return max(1, round(seconds_left * probe.fps))


def _notes(probe: Probe, tally: Tally) -> list[str]:
    notes: list[str] = []
    if probe.has_audio:
        notes.append("The sound of the file is not kept.")
    if tally.interlaced:
        notes.append("The picture is interlaced; both fields of a frame are kept together.")
    if tally.packets > tally.frames and not tally.undecodable:
        notes.append(
            f"{tally.packets - tally.frames} of {tally.packets} packets hold no picture of their own."
        )
    if probe.video_streams > 1:
        notes.append(
            f"The file has {probe.video_streams} picture tracks; "
            f"the one of {probe.width} by {probe.height} pixels is used."
        )
    return notes

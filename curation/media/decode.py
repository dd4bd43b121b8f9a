"""One pass over a file, front to back: the frame index, the damage report, and frames for all sinks.

The numbering of frames is decided here and nowhere else (DESIGN.md, idea 1). Packets are decoded
one by one and errors are stepped over. Threaded decoding of damaged files drops different frames
from run to run, so the first sign of damage voids the threaded pass, and the file is decoded again
with one thread; that result stands.
"""

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
from curation.media.explain import why_no_frame
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

    def result(self, passes: int) -> DecodeResult | None:
        with opened(self.path) as (container, name):
            self.probe = describe(self.path, container, name)
            video = container.streams[self.probe.stream_index]
            assert isinstance(video, VideoStream)  # noqa: S101 - narrows the type; the probe chose it
            if self.threaded:
                video.thread_type = "AUTO"
            else:
                video.thread_type = "NONE"
                video.thread_count = 1
            step = max(1, round(1 / (self.probe.fps * self.probe.time_base)))
            self.clock = SourceClock(self.probe.time_base, step)
            try:
                self._deliver_all(container, video)
            except _FlawedError:
                return None
            missing = _pictures_beyond_end(video, self.probe)
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
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self._flaw(self.tally.corrupt)
                self.tally.frames += 1
                if self.tally.frames > self.max_frames:
                    raise TooLarge(
                        f"The video has more than {self.max_frames:,} frames. Cut it into shorter recordings."
                    )
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
            except av.error.FFmpegError:
                errors += 1
                self._flaw(self.tally.unreadable)
                if errors >= _READ_ERRORS_IN_A_ROW:
                    self.tally.gave_up = True
                    break
        yield Packet()

    def _count(self, packet: AnyPacket) -> None:
        # Edit lists discard packets on purpose: they are decoded, but never shown or counted.
        if not packet.is_discard:
            self.tally.packets += 1
        if packet.is_corrupt:
            self._flaw(self.tally.marked)
        if packet.has_sidedata("encryption_info"):
            self.tally.encrypted += 1
        if self.report is not None and self.tally.packets % _REPORT_EVERY == 0 and packet.pos is not None:
            self.report(min(1.0, max(0, packet.pos) / max(1, self.probe.bytes)), self.tally.frames)

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


def _pictures_beyond_end(video: VideoStream, probe: Probe) -> int:
    """How many pictures an MP4's table places past the end of the file."""
    if probe.container != "mov":
        return 0
    return sum(1 for entry in video.index_entries if entry.pos + entry.size > probe.bytes)


def _notes(probe: Probe, tally: Tally) -> list[str]:
    notes: list[str] = []
    if probe.has_audio:
        notes.append("The sound of the file is not kept.")
    if tally.interlaced:
        notes.append("The picture is interlaced; both fields of a frame are kept together.")
    if probe.video_streams > 1:
        notes.append(
            f"The file has {probe.video_streams} picture tracks; "
            f"the one of {probe.width} by {probe.height} pixels is used."
        )
    return notes

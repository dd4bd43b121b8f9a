"""What a file says of itself before anything is decoded: hints, and the limits that refuse it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.error
import av.logging
import av.video.stream

from curation.media.errors import TooLarge
from curation.media.explain import why_undecodable, why_unopened, why_without_picture
from curation.media.sniff import sniff

MAX_SIDE = 16_384
MAX_PIXELS = 100_000_000
FALLBACK_FPS = Fraction(25)
# FFmpeg names its decoder; people and browsers know the codec.
_CODEC_NAMES = {"libdav1d": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9", "libaom-av1": "av1"}

# FFmpeg's own complaints go to nobody: what matters is counted and said in the damage report. PyAV's
# log callback must go too: it waits for the GIL in decoder threads while closing a decoder, which
# holds the GIL, waits for those threads.
av.logging.restore_default_callback()
av.logging.set_libav_level(av.logging.PANIC)


@dataclass(frozen=True)
class Probe:
    """Facts of the header. Frame counts and durations are hints, never truths."""

    container: str
    """The demuxer it is opened with: "mov", "matroska", "mpegts", ..."""
    codec: str
    """"h264", "hevc", "av1", "mpeg4", ..."""
    width: int
    height: int
    """Coded picture size in pixels, before rotation and before pixel aspect."""
    pix_fmt: str | None
    time_base: Fraction
    """Seconds a tick of the stream's timestamps."""
    fps: Fraction
    """The nominal rate the file claims, within 1..240, or 25 where it claims none."""
    nb_frames_hint: int
    """0 where the header does not say."""
    duration_hint: float | None
    """Seconds."""
    sample_aspect_ratio: Fraction
    has_audio: bool
    video_streams: int
    stream_index: int
    bytes: int


@contextmanager
def opened(path: Path) -> Iterator[tuple[av.container.InputContainer, str]]:
    """Open with the sniffed format forced and no other protocol than `file`. Yields (container, format).

    Raises the sentences of `sniff`, Encrypted, Unreadable.
    """
    name = sniff(path)
    options = {"protocol_whitelist": "file", "max_streams": "64"}
    try:
        # The explicit protocol keeps a file called "concat:a|b" or "http:..." a file.
        container = av.open(f"file:{path.resolve()}", "r", format=name, container_options=options)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise why_unopened(path, name) from error
    try:
        yield container, name
    finally:
        container.close()


def probe(path: Path) -> Probe:
    """Read the header of a file. Raises MediaError with the sentence for a person."""
    with opened(path) as (container, name):
        return describe(path, container, name)


def describe(path: Path, container: av.container.InputContainer, name: str) -> Probe:
    """The Probe of an open container. Raises NoVideo, Unsupported, Encrypted, TooLarge."""
    stream = pick_stream(path, container, name)
    context = stream.codec_context
    refuse_size(stream.width, stream.height)
    size = path.stat().st_size
    duration = None
    if stream.duration is not None and stream.time_base is not None:
        duration = float(stream.duration * stream.time_base)
    elif container.duration is not None:
        duration = container.duration / 1_000_000
    return Probe(
        container=name,
        codec=_CODEC_NAMES.get(context.name, context.name),
        width=stream.width,
        height=stream.height,
        pix_fmt=context.pix_fmt,
        time_base=Fraction(stream.time_base or Fraction(1, 90_000)),
        fps=nominal_rate(stream),
        nb_frames_hint=stream.frames,
        duration_hint=duration,
        sample_aspect_ratio=stream.sample_aspect_ratio or context.sample_aspect_ratio or Fraction(1),
        has_audio=bool(container.streams.audio),
        video_streams=len(_pictures(container)),
        stream_index=stream.index,
        bytes=size,
    )


def pick_stream(path: Path, container: av.container.InputContainer, name: str) -> av.video.stream.VideoStream:
    """The picture track that FFmpeg and players show: cover pictures and empty tracks come last."""
    tracks = _pictures(container)
    if not tracks:
        raise why_without_picture(path, name, has_audio=bool(container.streams.audio))
    best = container.streams.best("video")
    stream = next((track for track in tracks if best is not None and track.index == best.index), tracks[0])
    # PyAV leaves the codec context out where FFmpeg was built without the decoder.
    if stream.codec_context is None:
        raise why_undecodable(path, name)
    return stream


def nominal_rate(stream: av.video.stream.VideoStream) -> Fraction:
    """Frames a second that the header claims, if believable, else 25."""
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate is not None and 1 <= rate <= 240:
            return Fraction(rate)
    return FALLBACK_FPS


def _pictures(container: av.container.InputContainer) -> list[av.video.stream.VideoStream]:
    cover = av.stream.Disposition.attached_pic
    return [track for track in container.streams.video if not track.disposition & cover]


def refuse_size(width: int, height: int) -> None:
    """Raises TooLarge for absurd picture sizes, from the header or from a frame."""
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise TooLarge(
            f"The pictures are {width} by {height} pixels; at most {MAX_SIDE} a side and "
            f"{MAX_PIXELS // 1_000_000} million in all are taken. Export the recording in a smaller size."
        )

"""What a decoded frame looks like to those who take it: facts of the stream, and its luma."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream

AnyPacket: TypeAlias = "Packet[VideoStream] | Packet[Stream]"
Luma = npt.NDArray[np.uint8]

_FULL_RANGE_FORMATS = frozenset({"yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p", "yuvj411p"})
_MATRICES = frozenset({1, 4, 5, 6, 7, 9})  # BT.709, FCC, BT.470BG, SMPTE 170M, SMPTE 240M, BT.2020
_EXPAND = np.clip((np.arange(256) - 16) * 255.0 / 219.0 + 0.5, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class StreamInfo:
    """The stream as its first decoded frame shows it; all frames handed to sinks have this size."""

    width: int
    height: int
    """Decoded size in pixels, before rotation and pixel aspect."""
    rotation: int
    """Degrees clockwise to turn the picture upright: 0, 90, 180 or 270."""
    sample_aspect_ratio: Fraction
    display_width: int
    display_height: int
    """Size in square pixels, upright. Width over height is the shape people see."""
    pix_fmt: str
    bit_depth: int
    full_range: bool
    """False: luma lies in 16..235 and `expand` (or `luma(..., full_range=False)`) brings it to 0..255."""
    interlaced: bool
    time_base: Fraction
    fps: Fraction
    """Nominal, for step sizes only."""
    frames_hint: int
    """0 where unknown."""
    matrix: int = Colorspace.SMPTE170M
    """The matrix between YUV and RGB, as FFmpeg counts them (`av.video.reformatter.Colorspace`)."""


class FrameSink(Protocol):
    """Takes every frame of a video, in order, exactly once."""

    def open(self, stream: StreamInfo) -> None:
        """Begin, or start over: whatever was taken before is void."""

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:
        """One frame; `pts` in ticks of the stream's time base. The frame must not be changed."""

    def close(self) -> None:
        """All frames were delivered: finish what is to be written. Not called after a failure."""


def luma(frame: VideoFrame) -> Luma:
    """The luma plane, (H, W) uint8, in the range the file uses.

    A view without a copy for 8-bit planar formats (valid while `frame` lives); deeper planes are
    shifted down to 8 bits; packed and palette formats are converted.
    """
    plane_format = frame.format
    component = plane_format.components[0]
    planar = plane_format.is_planar and not plane_format.is_rgb
    if frame.planes[0].line_size < 0:  # stored bottom-up
        return _plane(frame.reformat(format="yuv444p"), 1)
    if (planar or plane_format.name in ("gray", "gray8")) and component.bits == 8:
        return _plane(frame, 1)
    if planar and component.bits <= 16 and plane_format.name.endswith("le"):
        wide = _plane(frame, 2).view("<u2")
        narrow: Luma = np.right_shift(wide, component.bits - 8).astype(np.uint8)
        return narrow
    return _plane(frame.reformat(format="yuv444p"), 1)


def expand(plane: Luma) -> Luma:
    """Limited-range luma (16..235) spread to 0..255, as a new array. Do it after scaling down."""
    expanded: Luma = _EXPAND[plane]
    return expanded


def chroma_means(frame: VideoFrame) -> tuple[float, float]:
    """Mean U and V of a frame, 0..255 (128, 128 is grey)."""
    small = frame.reformat(width=32, height=32, format="yuv444p", interpolation="AREA")
    u, v = (np.frombuffer(memoryview(plane), np.uint8).mean() for plane in small.planes[1:3])
    return float(u), float(v)


def describe_frame(
    frame: VideoFrame, *, sample_aspect_ratio: Fraction, time_base: Fraction, fps: Fraction, frames_hint: int
) -> StreamInfo:
    """StreamInfo from the first decoded frame."""
    rotation = round(-frame.rotation / 90) * 90 % 360
    aspect = sample_aspect_ratio if Fraction(1, 20) <= sample_aspect_ratio <= 20 else Fraction(1)
    # The longer pixel side is stretched, so that no line of the source is thrown away.
    width = max(1, round(frame.width * max(aspect, Fraction(1))))
    height = max(1, round(frame.height / min(aspect, Fraction(1))))
    if rotation in (90, 270):
        width, height = height, width
    return StreamInfo(
        width=frame.width,
        height=frame.height,
        rotation=rotation,
        sample_aspect_ratio=aspect,
        display_width=width,
        display_height=height,
        pix_fmt=frame.format.name,
        bit_depth=frame.format.components[0].bits,
        full_range=frame.color_range == ColorRange.JPEG
        or frame.format.name in _FULL_RANGE_FORMATS
        or frame.format.is_rgb
        or frame.format.name.startswith(("gray", "pal")),
        interlaced=frame.interlaced_frame,
        time_base=time_base,
        fps=fps,
        frames_hint=frames_hint,
        matrix=_matrix(frame),
    )


class Resizer:
    """Scales frames to one size and format; keeps FFmpeg's scaling tables between frames."""

    def __init__(
        self,
        width: int,
        height: int,
        pix_fmt: str,
        *,
        interpolation: str = "FAST_BILINEAR",
        dst_full_range: bool | None = None,
    ) -> None:
        """`dst_full_range`: the luma range to convert to; None keeps the range of the frame."""
        self.width, self.height, self.pix_fmt = width, height, pix_fmt
        self._interpolation = interpolation
        self._reformatter = VideoReformatter()
        self._range = None if dst_full_range is None else (ColorRange.MPEG, ColorRange.JPEG)[dst_full_range]

    def __call__(self, frame: VideoFrame) -> VideoFrame:
        """The scaled frame; `frame` itself when nothing is to be done."""
        return self._reformatter.reformat(
            frame,
            self.width,
            self.height,
            self.pix_fmt,
            interpolation=self._interpolation,
            dst_color_range=self._range,
        )


def _matrix(frame: VideoFrame) -> int:
    """What the file says; where it says nothing, what players assume for this size."""
    if frame.colorspace in _MATRICES:
        return frame.colorspace
    television = frame.height >= 720 and not frame.format.is_rgb
    return Colorspace.ITU709 if television else Colorspace.SMPTE170M


def _plane(frame: VideoFrame, sample_bytes: int) -> Luma:
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8, plane.line_size * frame.height)
    view: Luma = rows.reshape(frame.height, plane.line_size)[:, : frame.width * sample_bytes]
    return view

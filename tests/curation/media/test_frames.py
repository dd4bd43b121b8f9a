"""What sinks see of a frame."""

from fractions import Fraction

import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange

from curation.media.frames import Resizer, StreamInfo, chroma_means, describe_frame, expand, luma


def grey(level: int, pix_fmt: str, width: int = 50, height: int = 30) -> VideoFrame:
    picture = np.full((height, width, 3), level, np.uint8)
    return VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pix_fmt)


def described(frame: VideoFrame, aspect: Fraction = Fraction(1)) -> StreamInfo:
    return describe_frame(
        frame, sample_aspect_ratio=aspect, time_base=Fraction(1, 25), fps=Fraction(25), frames_hint=0
    )


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv422p", "yuv444p", "nv12", "gray"])
def test_luma_of_an_eight_bit_frame_is_a_view(pix_fmt: str) -> None:
    frame = grey(120, pix_fmt)
    plane = luma(frame)
    assert plane.shape == (30, 50)
    assert plane.dtype == np.uint8
    assert not plane.flags.owndata
    np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(30, -1)[:] = 77
    assert plane.min() == plane.max() == 77


@pytest.mark.parametrize("pix_fmt", ["yuv420p10le", "yuv420p12le", "gray16le", "rgb24", "bgra", "yuyv422"])
def test_luma_of_any_other_format_comes_out_in_eight_bits(pix_fmt: str) -> None:
    frame = grey(120, pix_fmt)
    plane = luma(frame)
    full = plane if described(frame).full_range else expand(plane)
    if pix_fmt in ("rgb24", "bgra"):
        full = expand(plane)
    assert plane.shape == (30, 50)
    assert abs(float(full.mean()) - 120) < 3


def test_limited_range_spreads_to_the_whole() -> None:
    assert expand(np.array([[0, 16, 235, 255]], np.uint8)).tolist() == [[0, 0, 255, 255]]
    levels = np.arange(16, 236, dtype=np.uint8)
    assert np.all(np.diff(expand(levels).astype(int)) >= 1)


@pytest.mark.parametrize("level", [0, 60, 128, 255])
def test_the_range_flag_makes_luma_comparable(level: int) -> None:
    limited, full = grey(level, "yuv420p"), grey(level, "yuvj420p")
    assert not described(limited).full_range
    assert described(full).full_range
    assert abs(float(expand(luma(limited)).mean()) - float(luma(full).mean())) <= 2


def test_a_frame_that_says_it_is_full_range_is_believed() -> None:
    frame = grey(128, "yuv420p")
    frame.color_range = ColorRange.JPEG
    assert described(frame).full_range


@pytest.mark.parametrize(
    ("aspect", "shape"),
    [
        (Fraction(1), (50, 30)),
        (Fraction(2), (100, 30)),
        (Fraction(1, 2), (50, 60)),
        (Fraction(0), (50, 30)),
        (Fraction(900), (50, 30)),
    ],
)
def test_pixel_aspect_stretches_the_longer_side(aspect: Fraction, shape: tuple[int, int]) -> None:
    info = described(grey(1, "yuv420p"), aspect)
    assert (info.display_width, info.display_height) == shape


@pytest.mark.parametrize(
    ("said", "height", "matrix"), [(2, 1080, 1), (2, 480, 5), (6, 1080, 6), (1, 480, 1), (9, 1080, 9)]
)
def test_the_colour_matrix_is_what_the_file_says_or_players_assume(
    said: int, height: int, matrix: int
) -> None:
    frame = VideoFrame(64, height, "yuv420p")
    frame.colorspace = said
    assert described(frame).matrix == matrix


def test_chroma_of_grey_is_in_the_middle() -> None:
    u, v = chroma_means(grey(90, "yuv420p"))
    assert (round(u), round(v)) == (128, 128)


def test_a_resizer_leaves_a_fitting_frame_alone() -> None:
    frame = grey(90, "yuv420p")
    assert Resizer(50, 30, "yuv420p")(frame) is frame
    small = Resizer(20, 10, "yuv420p")(frame)
    assert (small.width, small.height) == (20, 10)

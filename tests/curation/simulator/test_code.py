"""The burned-in frame number reads back, or says that it does not."""

from fractions import Fraction
from io import BytesIO

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from curation.simulator import code

NUMBERS = st.integers(0, code.LIMIT - 1)


def busy(seed: int, height: int = 360, width: int = 640) -> NDArray[np.uint8]:
    """Return a picture full of detail that gives the encoder work."""
    rng = np.random.default_rng(seed)
    coarse = cv2.resize(rng.integers(0, 255, (40, 60), dtype=np.uint8), (width, height))
    return np.asarray(cv2.add(coarse, rng.integers(0, 30, (height, width), dtype=np.uint8)), np.uint8)


def through_h264(pictures: list[NDArray[np.uint8]], crf: int) -> list[NDArray[np.uint8]]:
    """Encode grey pictures with libx264 and decode them again."""
    buffer = BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=Fraction(25))
        stream.height, stream.width = pictures[0].shape
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(crf), "preset": "superfast"}
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="gray8")))
        container.mux(stream.encode(None))
    buffer.seek(0)
    with av.open(buffer, "r") as source:
        return [np.asarray(frame.to_ndarray(format="gray8"), np.uint8) for frame in source.decode(video=0)]


@settings(max_examples=12)
@given(st.lists(NUMBERS, min_size=1, max_size=12), st.integers(0, 99))
def test_every_number_survives_h264_at_360p_and_crf_25(numbers: list[int], seed: int) -> None:
    pictures = [busy(seed + i) for i in range(len(numbers))]
    for picture, n in zip(pictures, numbers, strict=True):
        code.draw(picture, n)
    assert [code.read(picture) for picture in through_h264(pictures, 25)] == numbers


@settings(max_examples=60)
@given(NUMBERS, st.sampled_from([(180, 320), (360, 640), (478, 850), (720, 1280), (1080, 1920)]))
def test_the_number_reads_at_any_size_and_scaled_down_to_180_rows(n: int, size: tuple[int, int]) -> None:
    picture = np.full((*size, 3), 90, np.uint8)
    code.draw(picture, n)
    assert code.read(picture) == n
    assert code.read(cv2.resize(picture, (320, 180), interpolation=cv2.INTER_AREA)) == n


@settings(max_examples=200)
@given(NUMBERS, st.integers(2, 29))
def test_no_single_wrong_cell_goes_unseen(n: int, cell: int) -> None:
    picture = np.zeros((90, 320), np.uint8)
    code.draw(picture, n)
    part = picture[code.strip_top(90) :, cell * 10 : cell * 10 + 10]
    part[:] = np.where(part > 128, code.BLACK, code.WHITE)
    assert code.read(picture) is None


@pytest.mark.parametrize("picture", [np.zeros((90, 160)), np.full((90, 160), 255), busy(3), np.zeros((0, 0))])
def test_a_picture_without_a_code_has_no_number(picture: NDArray[np.uint8]) -> None:
    assert code.read(picture) is None


def test_a_doubtful_cell_gives_no_number() -> None:
    picture = np.zeros((90, 320), np.uint8)
    code.draw(picture, 1234)
    picture[code.strip_top(90) :, 100:110] = (code.WHITE + code.BLACK) // 2
    assert code.read(picture) is None


def test_only_the_bottom_four_percent_is_touched() -> None:
    picture = busy(1)
    before = picture.copy()
    code.draw(picture, 77)
    assert np.array_equal(picture[: code.strip_top(360)], before[: code.strip_top(360)])
    assert 360 - code.strip_top(360) <= 0.04 * 360 + 1


def test_the_checksum_is_the_documented_one() -> None:
    assert all(
        code.checksum(n) == _crc(n.to_bytes(3, "big")) for n in (0, 1, 255, 256, 65_536, code.LIMIT - 1)
    )


def _crc(data: bytes) -> int:
    """Divide bit by bit, as a text book does."""
    bits = [1] * 8
    for byte in data:
        for i in range(7, -1, -1):
            top = bits.pop(0) ^ (byte >> i & 1)
            bits.append(0)
            if top:
                bits = [b ^ (0x07 >> (7 - j) & 1) for j, b in enumerate(bits)]
    return int("".join(map(str, bits)), 2)


@pytest.mark.parametrize("n", [-1, code.LIMIT])
def test_a_number_out_of_range_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="must lie in"):
        code.draw(np.zeros((90, 320), np.uint8), n)

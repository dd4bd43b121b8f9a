"""Flow survives in bytes as well as promised, and a clip's is made from frames that come one by one."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.ml.flow.texture import HEIGHT, WIDTH, moved
from training.ml.flow import Method, NoFlow, flow, flow_stack, flows, restored, rgb_difference, stored
from training.ml.flow.pictures import Grey
from training.ml.flow.storage import ERROR, LIMIT


@given(st.floats(-LIMIT, LIMIT, width=32))
def test_flow_comes_back_within_the_bound(value: float) -> None:
    back = restored(stored(np.array([value], np.float32)))
    assert abs(back[0] - value) <= ERROR * (1 + 1e-4)


def test_the_scale_is_the_one_of_the_two_stream_networks() -> None:
    values = np.array([-99, -20, -10, 0, 10, 20, 99], np.float32)
    np.testing.assert_array_equal(stored(values), [0, 0, 64, 128, 191, 255, 255])


@given(st.integers(0, 255))
def test_bytes_survive_both_ways(byte: int) -> None:
    assert stored(restored(np.array([byte], np.uint8)))[0] == byte


def test_a_clip_gives_one_flow_less_than_frames() -> None:
    stack_THW2 = flow_stack(moved(2 * n, -n) for n in range(4))
    assert stack_THW2.shape == (3, HEIGHT, WIDTH, 2)
    assert stack_THW2.dtype == np.uint8
    np.testing.assert_array_equal(stack_THW2[1], stored(flow(moved(2, -1), moved(4, -2))))
    assert np.median(restored(stack_THW2)[..., 0]) == pytest.approx(2, abs=0.1)
    assert np.median(restored(stack_THW2)[..., 1]) == pytest.approx(-1, abs=0.1)


def test_frames_are_taken_one_by_one() -> None:
    taken: list[int] = []

    def frames() -> Iterator[Grey]:
        for n in range(5):
            taken.append(n)
            yield moved(n, 0)

    coming = flows(frames(), method=Method.FARNEBACK)
    next(coming)
    assert taken == [0, 1]
    next(coming)
    assert taken == [0, 1, 2]


def test_a_stack_can_go_without_the_cameras_motion() -> None:
    stack_THW2 = flow_stack([moved(0, 0), moved(5, 0)], warp=True)
    assert abs(restored(stack_THW2)[0, 24:-24, 24:-24, 0].mean()) < 0.1


def test_one_frame_has_no_flow() -> None:
    with pytest.raises(NoFlow, match="at least two frames"):
        flow_stack([moved(0, 0)])


def test_what_changes_in_colour_keeps_its_sign() -> None:
    pictures = np.zeros((3, 2, 2, 3), np.uint8)
    pictures[1, 0, 0] = (255, 3, 0)
    difference_THW3 = rgb_difference(pictures)
    assert difference_THW3.shape == (2, 2, 2, 3)
    assert difference_THW3[0, 0, 0].tolist() == [255, 3, 0]
    assert difference_THW3[1, 0, 0].tolist() == [-255, -3, 0]

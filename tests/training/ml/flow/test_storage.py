"""Flow survives in bytes as well as promised."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.ml.flow import restored, stored
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

"""The colours of flow tell where something moves to and how fast."""

import numpy as np
import pytest

from training.ml.flow import stored
from training.ml.flow.drawing import coloured, sheet
from training.ml.sheets import GAP


@pytest.mark.parametrize(
    ("flow", "colour"),
    [((4, 0), (255, 0, 0)), ((0, 0), (0, 0, 0)), ((-4, 0), (0, 255, 255)), ((2, 0), (128, 0, 0))],
    ids=["right is red", "rest is black", "left is cyan", "half as fast is half as bright"],
)
def test_direction_is_hue_and_speed_is_strength(flow: tuple[int, int], colour: tuple[int, int, int]) -> None:
    field_HW2 = np.full((4, 5, 2), flow, np.float32)
    assert np.abs(coloured(field_HW2, 4.0).astype(int) - colour).max() <= 1


def test_down_and_up_differ() -> None:
    field_HW2 = np.zeros((1, 2, 2), np.float32)
    field_HW2[0, :, 1] = (4, -4)
    down, up = coloured(field_HW2, 4.0)[0]
    assert down.argmax() == 1, "green and a part of red"
    assert up.argmax() == 2


def test_a_short_recording_fills_as_many_places_as_it_has_fields() -> None:
    flow_THW2 = stored(np.full((2, 20, 30, 2), 3, np.float32))
    assert sheet(flow_THW2).shape == (20 + 2 * GAP, 2 * 30 + 3 * GAP, 3)

"""A segment is one picture, whose channels are its frames one after the other."""

import pytest
import torch
from torch import Tensor

from training.ml.models.contract import WrongInput
from training.ml.models.tsn.inputs import Modality, stacked


def numbered(channels: int, frames: int) -> Tensor:
    """Two clips of one pixel, whose values say clip, channel and frame: 100 b + 10 c + t."""
    b, c, t = torch.arange(2), torch.arange(channels), torch.arange(frames)
    return (100 * b[:, None, None] + 10 * c[:, None] + t)[..., None, None].float()


def test_rgb_is_a_picture_a_segment_clip_by_clip() -> None:
    x_NCHW = stacked(numbered(3, 2), Modality.RGB, 1)
    assert x_NCHW[..., 0, 0].tolist() == [[0, 10, 20], [1, 11, 21], [100, 110, 120], [101, 111, 121]]


@pytest.mark.parametrize("modality", [Modality.FLOW, Modality.WARPED_FLOW])
def test_flow_is_u_and_v_of_frame_after_frame(modality: Modality) -> None:
    x_NCHW = stacked(numbered(2, 4), modality, 2)
    assert x_NCHW[..., 0, 0].tolist()[:2] == [[0, 10, 1, 11], [2, 12, 3, 13]]


def test_differences_stay_in_their_segment_and_are_later_less_earlier() -> None:
    x_BCTHW = numbered(3, 6) ** 2
    x_NCHW = stacked(x_BCTHW, Modality.RGB_DIFFERENCE, 2)
    assert x_NCHW.shape == (4, 6, 1, 1)
    second = [((10 * c + t) ** 2 - (10 * c + t - 1) ** 2) for t in (4, 5) for c in range(3)]
    assert x_NCHW[1, :, 0, 0].tolist() == second


def test_a_stack_has_the_paper_s_length() -> None:
    assert {each: each.usual_length for each in Modality} == {
        "rgb": 1,
        "rgb_difference": 5,
        "flow": 5,
        "warped_flow": 5,
    }
    assert Modality.RGB_DIFFERENCE.frames(5) == 6
    assert Modality.FLOW.frames(5) == 5


def test_half_a_segment_is_refused() -> None:
    with pytest.raises(WrongInput, match="takes 6 frames a segment, and a clip of 15 is no whole number"):
        stacked(torch.zeros(1, 3, 15, 8, 8), Modality.RGB_DIFFERENCE, 5)
    with pytest.raises(WrongInput, match="a clip of 0 is no whole number"):
        stacked(torch.zeros(1, 3, 0, 8, 8), Modality.RGB, 1)


def test_colours_are_not_taken_for_flow() -> None:
    with pytest.raises(WrongInput, match="TSN of flow takes clips of 2 channels, not 3"):
        stacked(torch.zeros(1, 3, 5, 8, 8), Modality.FLOW, 5)

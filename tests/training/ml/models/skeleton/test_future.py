"""What is observed, what is foretold, and how far it is off."""

import pytest
import torch
from torch import Tensor

from training.ml.errors import TooLittle
from training.ml.models.skeleton.future import last_pose, mpjpe, pose_error, split_future


def numbered(frames: int, length: int, persons: int = 1) -> Tensor:
    """Frame t holds t + 1 throughout, and from `length` on zeros."""
    t = torch.arange(1.0, frames + 1)
    return (t * (t <= length)).view(1, 1, -1, 1, 1).expand(1, 3, frames, 4, persons).clone()


def test_the_last_ten_frames_are_apart() -> None:
    split = split_future(numbered(30, 30), 10)
    assert split.observed_NCTVM[0, 0, :, 0, 0].tolist() == list(range(1, 21))
    assert split.last_NCVM[0, 0, 0, 0] == 20
    assert split.future_NCFVM[0, 0, :, 0, 0].tolist() == list(range(21, 31))
    assert split.valid_NFM.all()


def test_a_padded_clip_is_cut_at_its_own_end() -> None:
    split = split_future(numbered(30, 16), 10)
    assert split.observed_NCTVM[0, 0, :, 0, 0].tolist() == [1, 2, 3, 4, 5, 6] + [0] * 14
    assert split.last_NCVM[0, 0, 0, 0] == 6
    assert split.future_NCFVM[0, 0, :, 0, 0].tolist() == list(range(7, 17))
    assert split.valid_NFM.all()


def test_a_person_who_is_not_seen_on_both_sides_is_not_judged() -> None:
    x = numbered(30, 30, persons=3)
    x[..., 19, :, 1] = 0  # the last observed frame
    x[..., 24:, :, 2] = 0
    valid = split_future(x, 10).valid_NFM[0]
    assert valid.sum(0).tolist() == [10, 0, 4]


def test_a_clip_shorter_than_the_future_is_not_judged() -> None:
    split = split_future(numbered(30, 4), 10)
    assert not split_future(numbered(30, 0), 10).valid_NFM.any()
    assert split.observed_NCTVM[0, 0, :, 0, 0].tolist() == [1] + [0] * 19
    assert split.valid_NFM[0, :, 0].tolist() == [True] * 3 + [False] * 7
    with pytest.raises(TooLittle, match="at least 11, not 10"):
        split_future(numbered(10, 10), 10)


def test_the_last_pose_is_the_last_that_is_seen() -> None:
    x = torch.cat([numbered(9, 9), numbered(9, 5), numbered(9, 0)], -1)
    last, seen = last_pose(x)
    assert last[0, 1, 2].tolist() == [9, 5, 0]
    assert seen.tolist() == [[True, True, False]]


def test_errors_are_of_all_valid_persons() -> None:
    true = torch.zeros(1, 3, 2, 4, 2)
    predicted = true.clone()
    predicted[0, :, 0, :, 0] = torch.tensor([3.0, 4.0, 0.0])[:, None]
    predicted[0, :, :, :, 1] = 2.0
    valid = torch.tensor([[[True, True], [True, False]]])
    assert float(pose_error(predicted, true, valid)) == pytest.approx((25 / 3 + 0 + 4) / 3)
    assert mpjpe(predicted, true, valid) == pytest.approx((5 + 0 + 12**0.5) / 3)
    assert mpjpe(predicted, true, valid, dims=2) == pytest.approx((5 + 0 + 8**0.5) / 3)
    assert float(pose_error(predicted, true, valid & False)) == 0
    with pytest.raises(TooLittle, match="No person is seen"):
        mpjpe(predicted, true, valid & False)

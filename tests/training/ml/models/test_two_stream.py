"""Two streams are added as logits, or averaged as probabilities."""

import torch
from torch import nn

from training.ml.models.two_stream import TwoStream, mean_of_softmax, sum_of_logits

RGB, FLOW = torch.tensor([[2.0, 0.0, -1.0]]), torch.tensor([[-3.0, 1.0, 0.5]])


def test_logits_are_added_with_equal_weight() -> None:
    torch.testing.assert_close(sum_of_logits(RGB, FLOW), torch.tensor([[-1.0, 1.0, -0.5]]))


def test_the_mean_of_softmax_is_a_probability() -> None:
    mean = mean_of_softmax(RGB, FLOW)
    torch.testing.assert_close(mean, (RGB.softmax(1) + FLOW.softmax(1)) / 2)
    torch.testing.assert_close(mean.sum(1), torch.ones(1))


def test_the_two_ways_may_choose_differently() -> None:
    assert sum_of_logits(RGB, FLOW).argmax().item() == 1
    assert mean_of_softmax(RGB, FLOW).argmax().item() == 0


def test_each_stream_is_given_its_own_clip() -> None:
    torch.manual_seed(0)
    rgb, flow = (nn.Sequential(nn.Flatten(), nn.Linear(channels * 8, 4)) for channels in (3, 2))
    pictures, motion = torch.randn(2, 3, 2, 2, 2), torch.randn(2, 2, 2, 2, 2)
    net = TwoStream(rgb, flow)
    torch.testing.assert_close(net(pictures, motion), rgb(pictures) + flow(motion))
    assert sorted(net.state_dict()) == ["flow.1.bias", "flow.1.weight", "rgb.1.bias", "rgb.1.weight"]

"""An inflated network says of a still clip what the network for pictures says of the picture."""

import pytest
import torch
from torch import nn

from training.ml.errors import BadFile
from training.ml.models.inflate import inflate, inflated


def flat() -> nn.Sequential:
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(3, 5, 3, stride=2, padding=1), nn.BatchNorm2d(5), nn.ReLU(), nn.Conv2d(5, 4, 3, padding=1)
    )
    for _ in range(3):
        net(torch.randn(4, 3, 8, 8))  # running means and variances that matter
    return net.double().eval()


def deep(frames: int) -> nn.Sequential:
    half = frames // 2
    return nn.Sequential(
        nn.Conv3d(3, 5, (frames, 3, 3), stride=(1, 2, 2), padding=(half, 1, 1)),
        nn.BatchNorm3d(5),
        nn.ReLU(),
        nn.Conv3d(5, 4, (frames, 3, 3), padding=(half, 1, 1)),
    ).double()


@pytest.mark.parametrize("frames", [1, 3, 5])
def test_the_inside_of_a_still_clip_is_the_picture(frames: int) -> None:
    picture_net, net = flat(), deep(frames)
    assert inflate(net, picture_net.state_dict(), str) == []
    picture_BCHW = torch.randn(2, 3, 8, 8, dtype=torch.float64)
    out_BCTHW = net.eval()(picture_BCHW.unsqueeze(2).expand(-1, -1, 11, -1, -1))
    edge = 2 * (frames // 2)  # of both layers
    for t in range(edge, 11 - edge):
        torch.testing.assert_close(out_BCTHW[:, :, t], picture_net(picture_BCHW))
    if edge:
        assert not torch.allclose(out_BCTHW[:, :, 0], picture_net(picture_BCHW))


def test_a_filter_is_repeated_over_time_and_divided() -> None:
    weight_OIHW = torch.arange(12.0).view(2, 1, 2, 3)
    weight_OITHW = inflated(weight_OIHW, 4)
    assert weight_OITHW.shape == (2, 1, 4, 2, 3)
    torch.testing.assert_close(weight_OITHW[:, :, 3], weight_OIHW / 4)
    torch.testing.assert_close(weight_OITHW.sum(2), weight_OIHW)


def test_what_stays_out_is_told() -> None:
    net = deep(3)
    before = net.state_dict()["3.bias"].clone()
    left = inflate(net, flat().state_dict(), lambda name: None if name.startswith("3.") else name)
    assert left == ["3.bias", "3.weight"]
    assert torch.equal(net.state_dict()["3.bias"], before)


def test_a_name_without_a_place_is_refused() -> None:
    with pytest.raises(
        BadFile, match=r"0\.weight would be stem\.0\.weight, which this network does not have"
    ):
        inflate(deep(3), flat().state_dict(), lambda name: f"stem.{name}")


def test_a_shape_that_does_not_fit_is_refused_before_anything_is_filled() -> None:
    net, state = deep(3), flat().state_dict()
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    state["3.weight"] = torch.zeros(4, 5, 5, 5)
    with pytest.raises(BadFile, match=r"3\.weight has the shape \(4, 5, 5, 5\), which does not inflate to"):
        inflate(net, state, str)
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())

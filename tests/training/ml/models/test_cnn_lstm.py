"""A ConvNet looks at each frame and an LSTM at what it saw, in one stream or in two."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.training.ml.models.published import empty, filled, noise
from training.ml.checkpoints import DoesNotFit
from training.ml.models.cnn_lstm import CNNLSTM, TwoStreamCNNLSTM
from training.ml.models.contract import WrongInput, WrongOption

GAIN = 2.0
"""With less the backbone of these numbers says nearly the same of every picture."""
OPTIONS: dict[str, Any] = {"backbone": "mobilenet_v3_small", "hidden": 8}


def one(**options: Any) -> CNNLSTM:
    net = filled("cnn_lstm", gain=GAIN, **OPTIONS, **options)
    assert isinstance(net, CNNLSTM)
    return net


def two() -> TwoStreamCNNLSTM:
    net = filled("two_stream_cnn_lstm", gain=GAIN, **OPTIONS)
    assert isinstance(net, TwoStreamCNNLSTM)
    return net


@torch.inference_mode()
def step_by_step(net: CNNLSTM, x_BCTHW: Tensor) -> Tensor:
    """What equations of an LSTM make of the backbone's features; (B, T, hidden)."""
    weights = [getattr(net.lstm, f"{name}_l0") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    h_BD = c_BD = x_BCTHW.new_zeros(len(x_BCTHW), 8)
    seen = []
    for frame_BCHW in x_BCTHW.unbind(2):
        features_BD: Tensor = net.base_model(frame_BCHW)
        gates = features_BD @ weights[0].T + weights[2] + h_BD @ weights[1].T + weights[3]
        i_BD, f_BD, g_BD, o_BD = gates.chunk(4, 1)
        c_BD = f_BD.sigmoid() * c_BD + i_BD.sigmoid() * g_BD.tanh()
        h_BD = o_BD.sigmoid() * c_BD.tanh()
        seen.append(h_BD)
    return torch.stack(seen, 1)


@pytest.mark.parametrize("readout", ["last", "mean"])
def test_the_classes_are_said_of_what_the_lstm_saw(readout: str) -> None:
    net, x_BCTHW = one(readout=readout), noise(2, 3, 3, 32, 40)
    seen_BTD = step_by_step(net, x_BCTHW)
    seen_BD = seen_BTD[:, -1] if readout == "last" else seen_BTD.mean(1)
    with torch.inference_mode():
        torch.testing.assert_close(net(x_BCTHW), seen_BD @ net.fc.weight.T + net.fc.bias)


def test_the_order_of_frames_matters() -> None:
    net, x_BCTHW = one(), noise(1, 3, 4, 32, 32)
    with torch.inference_mode():
        assert not torch.allclose(net(x_BCTHW), net(x_BCTHW.flip(2)))


def test_two_streams_say_together_what_each_saw() -> None:
    net, rgb, flow = two(), noise(1, 3, 2, 32, 32), noise(1, 2, 3, 32, 32)
    with torch.inference_mode():
        seen_BD = torch.cat((net.rgb.seen(rgb), net.flow.seen(flow)), 1)
        torch.testing.assert_close(net([rgb, flow]), net.fc(seen_BD))
        assert not torch.allclose(net([rgb, flow]), net([rgb, flow * 0]))


@pytest.mark.parametrize("backbone", ["vgg16", "bninception", "inception_v3", "mobilenet_v2", "resnet18"])
def test_any_backbone_will_do(backbone: str) -> None:
    net = empty("two_stream_cnn_lstm", 7, backbone=backbone, flow_backbone="resnet18", hidden=4).eval()
    clips = [torch.empty(2, channels, 2, 96, 96, device="meta") for channels in (3, 2)]
    assert net(clips).shape == (2, 7)


def test_flow_begins_with_the_mean_of_the_colours_and_the_head_anew() -> None:
    net, pictures = two(), filled("mobilenet_v3_small", 9)
    lstm = net.flow.lstm.state_dict()["weight_ih_l0"].clone()
    fit = net.learn_from_pictures(pictures.state_dict())
    first = "features.0.0.weight"
    wanted = pictures.state_dict()[first]
    torch.testing.assert_close(net.rgb.base_model.state_dict()[first], wanted)
    torch.testing.assert_close(
        net.flow.base_model.state_dict()[first], wanted.mean(1, True).repeat(1, 2, 1, 1)
    )
    assert torch.equal(net.flow.lstm.state_dict()["weight_ih_l0"], lstm)
    assert f"flow.base_model.{first}" in fit.state
    assert list(fit.classes) == ["classifier.3.weight", "classifier.3.bias"]
    with pytest.raises(DoesNotFit):
        net.learn_from_pictures(empty("resnet18", 3).state_dict())


def test_names_are_those_of_the_parts() -> None:
    found = empty("cnn_lstm", 5, lstm_layers=2).state_dict()
    assert found["base_model.layer4.2.conv3.weight"].shape == (2048, 512, 1, 1)
    assert found["lstm.weight_ih_l0"].shape == (2048, 2048)
    assert found["lstm.weight_hh_l1"].shape == (2048, 512)
    assert found["fc.weight"].shape == (5, 512)
    assert not any(isinstance(each, nn.Softmax) for each in empty("cnn_lstm", 5).modules())


def test_frames_are_brought_to_what_the_backbone_knows() -> None:
    assert one().normalisation.mean == (0.485, 0.456, 0.406)
    assert two().flow.normalisation.mean == (0.5, 0.5)


def test_clips_of_other_channels_or_without_frames_are_refused() -> None:
    net = empty("cnn_lstm", 5, in_channels=2)
    with pytest.raises(WrongInput, match=r"clips of 2 channels .* not of 3 channels and 4 frames"):
        net(torch.empty(1, 3, 4, 64, 64, device="meta"))
    with pytest.raises(WrongInput, match=r"two clips, .*; 1 were given"):
        empty("two_stream_cnn_lstm", 5)([torch.empty(1, 3, 4, 64, 64, device="meta")])


@pytest.mark.parametrize("option", [{"hidden": 0}, {"dropout": 1.0}, {"readout": "first"}])
def test_options_that_cannot_be_are_told(option: dict[str, object]) -> None:
    for name in ("cnn_lstm", "two_stream_cnn_lstm"):
        with pytest.raises(WrongOption, match="the readout is last or mean"):
            empty(name, 5, **option)

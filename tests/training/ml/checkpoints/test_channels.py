"""Weights for pictures are taken over where flow is seen, and no others."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.training.ml.models.published import empty, fill
from training.ml.checkpoints import DoesNotFit, fitted, load_but_classes, spread, spread_to

State = dict[str, Tensor]
NETWORKS: dict[str, tuple[dict[str, Any], dict[str, Any], str, int]] = {
    "tsn": ({"backbone": "mobilenet_v3_small"}, {"modality": "flow"}, "base_model.features.0.0.weight", 10),
    "i3d_inception": ({}, {"in_channels": 2}, "Conv3d_1a_7x7.conv3d.weight", 2),
    "cnn_lstm": (
        {"backbone": "mobilenet_v3_small", "hidden": 4},
        {"in_channels": 2},
        "base_model.features.0.0.weight",
        2,
    ),
}


def pair(name: str) -> tuple[nn.Module, nn.Module, str, int]:
    """The network for pictures, the one for flow, and the kernel by which they differ."""
    options, flow, kernel, channels = NETWORKS[name]
    return empty(name, 5, **options), empty(name, 5, **options, **flow), kernel, channels


def test_a_kernel_of_colours_becomes_their_mean_for_each_channel() -> None:
    kernel = torch.arange(24.0).reshape(2, 3, 2, 2)
    assert torch.equal(spread(kernel, 5), kernel.mean(1)[:, None].expand(2, 5, 2, 2))


@pytest.mark.parametrize("name", NETWORKS)
def test_all_of_a_network_for_pictures_begins_the_one_for_flow(name: str) -> None:
    pictures, flow, kernel, channels = pair(name)
    state: State = {each: torch.rand(tensor.shape) for each, tensor in pictures.state_dict().items()}
    found = spread_to(flow, state)
    assert fitted(flow, found).whole
    torch.testing.assert_close(found[kernel].sum(1), state[kernel].sum(1) * channels / 3)
    assert {each for each in state if found[each] is not state[each]} == {kernel}


@pytest.mark.parametrize("name", NETWORKS)
def test_flow_teaches_no_network_for_pictures(name: str) -> None:
    pictures, flow, kernel, _ = pair(name)
    state = flow.state_dict()
    assert spread_to(pictures, state) == state
    assert list(fitted(pictures, state).channels) == [kernel]
    with pytest.raises(DoesNotFit, match=r"for other channels: .*Take weights .* pictures have 3 channels"):
        load_but_classes(pictures, state)


def test_only_what_sees_the_input_is_spread() -> None:
    _, flow, *_ = pair("tsn")
    state: State = dict(fill(pair("tsn")[0]).state_dict())
    inner = "base_model.features.1.block.0.0.weight"
    state[inner] = torch.zeros(16, 3, 3, 3)
    assert spread_to(flow, state)[inner] is state[inner]
    assert list(fitted(flow, spread_to(flow, state)).shape) == [inner]

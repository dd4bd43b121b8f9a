"""Every network is made by its name, keeps to one contract and is as large as the published one."""

import pytest
import torch
from torch import nn

from training.ml.layers import layers_of, lies_in
from training.ml.models import NETWORKS, UnknownNetwork, create_model
from training.ml.models.contract import Network
from training.ml.models.example import example

CHANGED = 3
"""Classes of the network whose head is another."""


@pytest.fixture(scope="module", params=NETWORKS.values(), ids=list(NETWORKS))
def network(request: pytest.FixtureRequest) -> Network:
    found: Network = request.param
    return found


@pytest.fixture(scope="module")
def whole(network: Network) -> nn.Module:
    """The published one, without memory; made once, because the largest take seconds."""
    with torch.device("meta"):
        return create_model(network.name, num_classes=network.classes).eval()


@pytest.fixture(scope="module")
def changed(network: Network, whole: nn.Module) -> set[str]:
    """Names of the tensors that have another shape where there are other classes."""
    with torch.device("meta"):
        few = create_model(network.name, num_classes=CHANGED).state_dict()
    assert few.keys() == whole.state_dict().keys()
    found = {name for name, tensor in whole.state_dict().items() if few[name].shape != tensor.shape}
    assert all(CHANGED in few[name].shape for name in found)
    return found


def test_it_has_the_parameters_of_the_published_one(network: Network, whole: nn.Module) -> None:
    assert sum(parameter.numel() for parameter in whole.parameters()) == network.parameters


def test_it_has_a_logit_for_every_class(changed: set[str]) -> None:
    assert changed  # the head, and nothing but heads


def test_drawn_input_fits_and_gives_a_row_of_logits_each(network: Network, whole: nn.Module) -> None:
    assert whole(example(network, batch=2, device="meta")).shape == (2, network.classes)


def test_a_name_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(UnknownNetwork, match=r"no network named resnet7; there are: .*mobilenet_v2"):
        create_model("resnet7", num_classes=2)


def test_an_option_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(UnknownNetwork, match="mobilenet_v2 has no option width; its options are flavour"):
        create_model("mobilenet_v2", num_classes=2, width=3)


def test_a_network_without_a_class_is_refused() -> None:
    with pytest.raises(UnknownNetwork, match="at least one class, not 0"):
        create_model("mobilenet_v2", num_classes=0)


def test_it_tells_its_layers_whole_and_each_once(whole: nn.Module, changed: set[str]) -> None:
    layers = layers_of(whole)
    for name, _ in whole.named_parameters():
        assert sum(lies_in(name, part) for part in (*layers.stages, layers.head)) == 1, name
    assert all(stage for stage in layers.stages)
    assert changed == {name for name in whole.state_dict() if lies_in(name, layers.head)}
    assert set(layers.fixed) <= {name for name, _ in whole.named_buffers()}

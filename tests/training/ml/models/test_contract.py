"""Every network is made by its name, keeps to one contract and is as large as the published one."""

import pytest
import torch

from training.ml.layers import layers_of, lies_in
from training.ml.models import NETWORKS, UnknownNetwork, create_model
from training.ml.models.contract import Network

ALL = pytest.mark.parametrize("network", NETWORKS.values(), ids=list(NETWORKS))


@ALL
def test_it_has_the_parameters_of_the_published_one(network: Network) -> None:
    with torch.device("meta"):
        net = create_model(network.name, num_classes=network.classes)
    assert sum(parameter.numel() for parameter in net.parameters()) == network.parameters


@ALL
def test_it_has_a_logit_for_every_class(network: Network) -> None:
    with torch.device("meta"):
        whole, few = (create_model(network.name, num_classes=classes) for classes in (network.classes, 3))
    shapes = {name: tensor.shape for name, tensor in whole.state_dict().items()}
    changed = [name for name, tensor in few.state_dict().items() if shapes[name] != tensor.shape]
    assert changed  # the head, and nothing but heads
    assert all(3 in few.state_dict()[name].shape for name in changed)


def test_a_name_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(UnknownNetwork, match=r"no network named resnet7; there are: .*mobilenet_v2"):
        create_model("resnet7", num_classes=2)


def test_an_option_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(UnknownNetwork, match="mobilenet_v2 has no option width; its options are flavour"):
        create_model("mobilenet_v2", num_classes=2, width=3)


def test_a_network_without_a_class_is_refused() -> None:
    with pytest.raises(UnknownNetwork, match="at least one class, not 0"):
        create_model("mobilenet_v2", num_classes=0)


@ALL
def test_it_tells_its_layers_whole_and_each_once(network: Network) -> None:
    with torch.device("meta"):
        net, few = (create_model(network.name, num_classes=classes) for classes in (network.classes, 3))
    layers = layers_of(net)
    for name, _ in net.named_parameters():
        assert sum(lies_in(name, part) for part in (*layers.stages, layers.head)) == 1, name
    assert all(stage for stage in layers.stages)
    shapes = {name: tensor.shape for name, tensor in net.state_dict().items()}
    changed = {name for name, tensor in few.state_dict().items() if shapes[name] != tensor.shape}
    assert changed == {name for name in shapes if lies_in(name, layers.head)}
    assert set(layers.fixed) <= {name for name, _ in net.named_buffers()}

"""Each parameter learns at the rate of its group, and only those that learn are in one."""

from typing import Any

import pytest
import torch

from tests.training.ml.models.published import empty
from tests.training.ml.models.tsn.small import small
from training.ml.models.tsn import TSN
from training.ml.models.tsn.groups import parameter_groups


def groups(**options: Any) -> tuple[TSN, dict[str, dict[str, Any]]]:
    net = empty("tsn", 5, **options)
    assert isinstance(net, TSN)
    return net, {each["name"]: each for each in parameter_groups(net, lr=0.01, weight_decay=5e-4)}


@pytest.mark.parametrize(
    ("modality", "weight", "bias"),
    [("rgb", 1, 2), ("rgb_difference", 1, 2), ("flow", 5, 10), ("warped_flow", 5, 10)],
)
def test_multipliers_are_those_of_the_reference(modality: str, weight: int, bias: int) -> None:
    _, found = groups(backbone="bninception", modality=modality)
    assert {name: (each["lr_mult"], each["decay_mult"]) for name, each in found.items()} == {
        "first_conv_weight": (weight, 1),
        "first_conv_bias": (bias, 0),
        "normal_weight": (1, 1),
        "normal_bias": (2, 0),
        "norm": (1, 0),
    }
    assert found["first_conv_bias"]["lr"] == pytest.approx(0.01 * bias)
    assert [each["weight_decay"] for each in found.values()] == [5e-4, 0, 5e-4, 0, 0]


def test_parameters_are_in_the_groups_of_the_reference() -> None:
    net, found = groups(backbone="bninception")
    names = {id(parameter): name for name, parameter in net.named_parameters()}
    members = {name: [names[id(each)] for each in group["params"]] for name, group in found.items()}
    assert members["first_conv_weight"] == ["base_model.conv1_7x7_s2.weight"]
    assert members["first_conv_bias"] == ["base_model.conv1_7x7_s2.bias"]
    assert members["norm"] == ["base_model.conv1_7x7_s2_bn.weight", "base_model.conv1_7x7_s2_bn.bias"]
    assert len(members["normal_weight"]) == len(members["normal_bias"]) == 68 + 1  # convolutions, new_fc
    assert "new_fc.weight" in members["normal_weight"]


@pytest.mark.parametrize("partial_bn", [True, False])
def test_what_learns_is_in_one_group_and_what_is_frozen_in_none(partial_bn: bool) -> None:
    net, found = groups(backbone="resnet18", consensus="weighted", partial_bn=partial_bn)
    grouped = [id(each) for group in found.values() for each in group["params"]]
    assert sorted(grouped) == sorted(id(each) for each in net.parameters() if each.requires_grad)
    assert len(found["norm"]["params"]) == (2 if partial_bn else 40)
    assert "first_conv_bias" not in found, "a ResNet's convolutions have none"


def test_an_optimiser_takes_them() -> None:
    net = small()
    before = {name: each.clone() for name, each in net.named_parameters()}
    optimiser = torch.optim.SGD(parameter_groups(net, lr=0.1, weight_decay=0.5), momentum=0.9)
    for each in net.parameters():
        each.grad = torch.zeros_like(each)
    optimiser.step()
    torch.testing.assert_close(net.new_fc.weight, before["new_fc.weight"] * (1 - 0.1 * 0.5))
    assert torch.equal(net.new_fc.bias, before["new_fc.bias"]), "weights alone decay"

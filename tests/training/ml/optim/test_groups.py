"""Who learns how fast, and what decays."""

import pytest
import torch
from torch import nn

from tests.training.ml.models.tsn.small import small
from training.ml.optim import SGD, WrongOptimizer, fitting_groups, groups_by_name, plain_groups

NUMBERS = SGD(rate=0.1, weight_decay=0.01)


class Small(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
        self.blocks = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)])
        self.norm = nn.LayerNorm((4, 4))
        self.head = nn.Linear(4, 2)


def named(net: nn.Module, groups: list[dict[str, object]]) -> dict[tuple[object, object], set[str]]:
    names = {id(parameter): name for name, parameter in net.named_parameters()}
    return {
        (group["lr_mult"], group["decay_mult"]): {names[id(each)] for each in group["params"]}  # type: ignore[attr-defined]
        for group in groups
    }


def test_biases_and_norms_do_not_decay_whatever_their_shape() -> None:
    net = Small()
    found = named(net, plain_groups(net, NUMBERS))
    assert found[1, 1] == {"stem.0.weight", "blocks.0.weight", "blocks.1.weight", "head.weight"}
    assert {"norm.weight", "norm.bias", "stem.1.weight", "head.bias"} <= found[1, 0]


def test_the_longest_beginning_of_a_name_gives_its_rate() -> None:
    net = Small()
    groups = groups_by_name(net, NUMBERS, {"blocks": 0.5, "blocks.1": 0.25, "stem": 0.1})
    found = named(net, groups)
    assert found[0.5, 1] == {"blocks.0.weight"}
    assert found[0.25, 0] == {"blocks.1.bias"}
    assert found[0.1, 1] == {"stem.0.weight"}
    assert found[1, 1] == {"head.weight"}
    assert all(group["lr"] == pytest.approx(0.1 * group["lr_mult"]) for group in groups)


def test_what_learns_is_in_one_group_and_what_is_frozen_in_none() -> None:
    net = Small()
    net.stem.requires_grad_(False)
    grouped = [id(each) for group in groups_by_name(net, NUMBERS, {"head": 2}) for each in group["params"]]
    assert sorted(grouped) == sorted(id(each) for each in net.parameters() if each.requires_grad)


def test_a_name_that_nothing_has_is_told() -> None:
    with pytest.raises(WrongOptimizer, match=r"begins with block; its parts are blocks, head, norm, stem\."):
        groups_by_name(Small(), NUMBERS, {"block": 0.1})
    with pytest.raises(WrongOptimizer, match="Nothing of the network learns"):
        plain_groups(Small().requires_grad_(False), NUMBERS)


def test_tsn_has_its_own_groups() -> None:
    found = fitting_groups(small(), NUMBERS)
    assert {group["name"]: group["lr"] for group in found}["normal_bias"] == pytest.approx(0.2)
    assert len(fitting_groups(nn.Linear(2, 2), NUMBERS)) == 2
    torch.optim.SGD(found)

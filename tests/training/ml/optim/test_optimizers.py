"""Optimizers by their numbers, and the rates of their groups."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from training.ml.optim import ASGD, SGD, Adam, AdamW, Optimizer, WrongOptimizer, plain_groups, set_rates

ALL = [
    (SGD(rate=0.1, weight_decay=0.01, momentum=0.8, nesterov=True), torch.optim.SGD),
    (Adam(rate=0.1, weight_decay=0.01, betas=(0.8, 0.9)), torch.optim.Adam),
    (AdamW(rate=0.1, weight_decay=0.01, eps=1e-6), torch.optim.AdamW),
    (ASGD(rate=0.1, weight_decay=0.01, lambd=1e-3), torch.optim.ASGD),
]


@pytest.mark.parametrize(("numbers", "kind"), ALL, ids=[kind.__name__ for _, kind in ALL])
def test_an_optimizer_has_the_numbers_that_it_was_asked_for(numbers: Optimizer, kind: type) -> None:
    found = numbers.over(plain_groups(nn.Linear(3, 2), numbers))
    assert type(found) is kind
    weights, biases = found.param_groups
    assert (weights["lr"], weights["weight_decay"], biases["weight_decay"]) == (0.1, 0.01, 0.0)
    asked = {name: value for name, value in vars(numbers).items() if name not in ("rate", "weight_decay")}
    assert {name: weights[name] for name in asked} == asked


@pytest.mark.parametrize(("numbers", "kind"), ALL, ids=[kind.__name__ for _, kind in ALL])
def test_each_descends(numbers: Optimizer, kind: type) -> None:
    torch.manual_seed(0)
    net, x = nn.Linear(3, 1), torch.randn(16, 3)
    found = replace(numbers, rate=0.02).over(plain_groups(net, numbers))
    losses = []
    for _ in range(60):
        loss = (net(x) - x.sum(1, keepdim=True)).square().mean()
        found.zero_grad()
        loss.backward()
        found.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.7 * losses[0]


def test_rates_are_set_for_each_group_from_its_own() -> None:
    numbers = SGD(rate=0.1)
    groups = plain_groups(nn.Linear(3, 2), numbers)
    groups[1]["lr"] = 0.4
    found = numbers.over(groups)
    for _ in range(2):
        set_rates(found, 0.5)
        assert [group["lr"] for group in found.param_groups] == [0.05, 0.2]


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(WrongOptimizer, match="at least 0, not -1"):
        SGD(rate=-1)

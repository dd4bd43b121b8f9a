"""The average of a network's weights over its steps."""

import pytest
from torch import nn

from training.ml.optim import Average, WrongOptimizer


def moving(steps: int, average: Average, net: nn.BatchNorm1d, start: int = 0) -> list[float]:
    means = []
    for n in range(start, start + steps):
        net.weight.data.fill_(n)
        net.running_mean.fill_(2 * n)  # type: ignore[union-attr]
        net.num_batches_tracked.fill_(n)  # type: ignore[union-attr]
        average.follow(net)
        means.append(float(average.network.weight[0]))  # type: ignore[index]
    return means


def spelt(steps: int, decay: float) -> list[float]:
    mean, means = 1.0, []  # the weight of a norm begins at 1
    for n in range(steps):
        d = min(decay, (1 + n) / (10 + n))
        mean = d * mean + (1 - d) * n
        means.append(mean)
    return means


@pytest.mark.parametrize("decay", [0.0, 0.5, 0.999])
def test_it_is_the_exponential_average_with_a_slow_beginning(decay: float) -> None:
    net = nn.BatchNorm1d(1)
    assert moving(40, Average(net, decay), net) == pytest.approx(spelt(40, decay), rel=1e-5)


def test_buffers_are_averaged_too_and_counts_are_copied() -> None:
    net = nn.BatchNorm1d(1)
    average = Average(net, 0.5)
    moving(20, average, net)
    state = average.network.state_dict()
    assert 2 * 17 < float(state["running_mean"][0]) < 2 * 19
    assert int(state["num_batches_tracked"]) == 19


def test_the_network_itself_is_left_alone() -> None:
    net = nn.BatchNorm1d(1)
    average = Average(net, 0.9)
    moving(3, average, net)
    assert float(net.weight.detach()[0]) == 2
    assert not any(each.requires_grad for each in average.network.parameters())


def test_it_goes_on_where_it_was() -> None:
    net, other = nn.BatchNorm1d(1), nn.BatchNorm1d(1)
    whole = Average(net, 0.999)
    expected = moving(9, whole, net)[-1]
    first = Average(net, 0.999)
    first.network.load_state_dict(other.state_dict())
    moving(4, first, net)
    second = Average(other, 0.999)
    second.load_state_dict(first.state_dict())
    assert moving(5, second, other, start=4)[-1] == expected


def test_a_decay_of_1_would_never_move() -> None:
    with pytest.raises(WrongOptimizer, match="less than 1"):
        Average(nn.Linear(1, 1), 1.0)

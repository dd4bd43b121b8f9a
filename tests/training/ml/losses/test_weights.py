"""How much classes weigh, by their counts."""

import pytest
import torch

from training.ml.losses import balanced_weights, effective_weights
from training.ml.losses.contract import WrongLoss

COUNT = torch.tensor([100, 10, 1])


def test_balanced_classes_weigh_the_same_in_sum() -> None:
    weight = balanced_weights(COUNT)
    torch.testing.assert_close(weight * COUNT, torch.full((3,), 37.0))


@pytest.mark.parametrize("beta", [0.9, 0.999])
def test_effective_numbers_are_those_of_the_paper(beta: float) -> None:
    raw = [(1 - beta) / (1 - beta**n) for n in COUNT.tolist()]
    expected = torch.tensor(raw) / (sum(raw) / 3)
    torch.testing.assert_close(effective_weights(COUNT, beta), expected)


def test_beta_goes_from_no_weights_to_balanced_ones() -> None:
    torch.testing.assert_close(effective_weights(COUNT, 0.0), torch.ones(3))
    balanced = balanced_weights(COUNT)
    torch.testing.assert_close(
        effective_weights(COUNT, 1 - 1e-12), balanced / balanced.mean(), rtol=1e-5, atol=0
    )


def test_a_class_without_a_clip_weighs_1_and_changes_no_other() -> None:
    for weigh in (balanced_weights, effective_weights):
        assert weigh(torch.tensor([100, 0, 10, 1])).tolist() == [
            weigh(COUNT)[0], 1.0, weigh(COUNT)[1], weigh(COUNT)[2]
        ]  # fmt: skip


def test_what_cannot_be_weighed_is_told() -> None:
    with pytest.raises(WrongLoss, match="beta"):
        effective_weights(COUNT, 1.0)
    with pytest.raises(WrongLoss, match="row of counts"):
        balanced_weights(torch.zeros(3))

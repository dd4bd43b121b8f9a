"""Centres and the features that are drawn to them, against the paper's equations in loops."""

import pytest
import torch

from tests.training.ml.losses.drawn import features
from training.ml.losses import CentreLoss
from training.ml.losses.contract import WrongLoss

LABEL = torch.tensor([0, 0, 2, 2, 2, 0, 0, 0])


def centred(rate: float = 0.5) -> CentreLoss:
    loss = CentreLoss(3, 5, rate=rate)
    loss.centre_CD = features(3, seed=7)
    return loss


def test_it_is_half_the_sum_of_squared_distances() -> None:
    loss, x = centred(), features()
    expected = sum(
        (f - c) ** 2
        for row, label in zip(x.tolist(), LABEL.tolist(), strict=True)
        for f, c in zip(row, loss.centre_CD[label].tolist(), strict=True)
    )
    assert float(loss(x, LABEL)) == pytest.approx(expected / 2, rel=1e-12)


def test_a_feature_is_pulled_by_its_distance() -> None:
    loss, x = centred(), features().requires_grad_()
    loss(x, LABEL).backward()
    torch.testing.assert_close(x.grad, x.detach() - loss.centre_CD[LABEL])
    assert torch.autograd.gradcheck(lambda each: loss(each, LABEL), (x,))


def test_centres_follow_at_their_own_rate() -> None:
    loss, x = centred(rate=0.3), features()
    before = loss.centre_CD.clone()
    loss.follow(x, LABEL)
    for c in range(3):
        own = [n for n in range(8) if int(LABEL[n]) == c]
        step = sum((before[c] - x[n] for n in own), torch.zeros(5, dtype=torch.float64)) / (1 + len(own))
        torch.testing.assert_close(loss.centre_CD[c], before[c] - 0.3 * step)
    assert torch.equal(loss.centre_CD[1], before[1]), "a class that was not shown stays"


def test_centres_come_to_the_means_of_their_classes() -> None:
    loss, x = centred(), features()
    for _ in range(200):
        loss.follow(x, LABEL)
    torch.testing.assert_close(loss.centre_CD[2], x[LABEL == 2].mean(0))


def test_centres_are_state_and_no_parameters() -> None:
    assert list(centred().state_dict()) == ["centre_CD"]
    assert not list(centred().parameters())


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(WrongLoss, match="centres of 3 classes are 5 wide"):
        centred()(features(8, 4), LABEL)
    with pytest.raises(WrongLoss, match="rate of centres"):
        CentreLoss(3, 5, rate=2)

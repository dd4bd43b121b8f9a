"""Triplets, given and found in a batch, against loops over all of them."""

import math

import pytest
import torch

from tests.training.ml.losses.drawn import features
from training.ml.losses import BatchHardTriplet, triplet_loss
from training.ml.losses.contract import WrongLoss

LABEL = torch.tensor([0, 0, 1, 1, 1, 2, 0, 3])


def spelt(x: torch.Tensor, label: torch.Tensor, margin: float | None) -> float:
    rows, labels, losses = x.tolist(), label.tolist(), []
    for a, anchor in enumerate(rows):
        near = [math.dist(anchor, rows[p]) for p in range(len(rows)) if p != a and labels[p] == labels[a]]
        far = [math.dist(anchor, rows[n]) for n in range(len(rows)) if labels[n] != labels[a]]
        if near and far:
            gap = max(near) - min(far)
            losses.append(math.log1p(math.exp(gap)) if margin is None else max(0.0, margin + gap))
    return sum(losses) / len(losses)


@pytest.mark.parametrize("margin", [0.2, 1.0, None])
def test_the_hardest_of_the_batch_are_taken(margin: float | None) -> None:
    said = BatchHardTriplet(margin=margin)(features(), LABEL)
    assert float(said) == pytest.approx(spelt(features(), LABEL, margin), rel=1e-12)


@pytest.mark.parametrize("squared", [False, True])
def test_given_triplets_are_hinged_at_the_margin(squared: bool) -> None:
    a, p, n = features(6, seed=1), features(6, seed=2), features(6, seed=3)
    power = 2 if squared else 1
    expected = [
        max(0.0, 0.3 + math.dist(x, y) ** power - math.dist(x, z) ** power)
        for x, y, z in zip(a.tolist(), p.tolist(), n.tolist(), strict=True)
    ]
    said = triplet_loss(a, p, n, margin=0.3, squared=squared)
    assert float(said) == pytest.approx(sum(expected) / 6, rel=1e-12)
    assert any(each == 0 for each in expected)
    assert any(each > 0 for each in expected)


def test_gradients_are_those_of_the_formula() -> None:
    x = features().requires_grad_()
    assert torch.autograd.gradcheck(lambda each: BatchHardTriplet(margin=1.0)(each, LABEL), (x,))
    given = [features(4, seed=seed).requires_grad_() for seed in range(3)]
    assert torch.autograd.gradcheck(lambda a, p, n: triplet_loss(a, p, n, margin=0.3), given)


@pytest.mark.parametrize("label", [[0] * 8, list(range(8))], ids=["one class", "no positives"])
def test_a_batch_with_nothing_to_compare_is_0_and_pulls_nowhere(label: list[int]) -> None:
    x = features().requires_grad_()
    loss = BatchHardTriplet()(x, torch.tensor(label))
    loss.backward()
    assert float(loss.detach()) == 0
    assert x.grad is not None
    assert not x.grad.any()
    assert float(triplet_loss(*(torch.zeros(0, 3),) * 3)) == 0


def test_clips_that_are_the_same_have_finite_gradients() -> None:
    x = torch.ones(4, 3, requires_grad=True)
    BatchHardTriplet(margin=1.0)(x, torch.tensor([0, 0, 1, 1])).backward()
    assert x.grad is not None
    assert torch.isfinite(x.grad).all()


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(WrongLoss, match="alike in shape"):
        triplet_loss(features(3), features(3), features(4))
    with pytest.raises(WrongLoss, match="do not fit labels"):
        BatchHardTriplet()(features(), LABEL[:2])

"""The supervised contrastive loss against its sums spelt out."""

import math

import numpy as np
import pytest
import torch

from tests.training.ml.losses.drawn import features
from training.ml.losses import SupervisedContrastive
from training.ml.losses.contract import WrongLoss

LABEL = torch.tensor([0, 1, 0, 2])


def spelt(feature_BVD: torch.Tensor, label_B: torch.Tensor, tau: float) -> float:
    views = [
        (int(label_B[b]), feature_BVD[b, v].numpy())
        for b in range(len(label_B))
        for v in range(feature_BVD.shape[1])
    ]
    z = [(label, f / np.linalg.norm(f)) for label, f in views]
    losses = []
    for i, (label, anchor) in enumerate(z):
        others = [a for a in range(len(z)) if a != i]
        whole = sum(math.exp(anchor @ z[a][1] / tau) for a in others)
        alike = [p for p in others if z[p][0] == label]
        if alike:
            losses.append(
                -sum(math.log(math.exp(anchor @ z[p][1] / tau) / whole) for p in alike) / len(alike)
            )
    return sum(losses) / len(losses)


@pytest.mark.parametrize("tau", [0.07, 0.5])
@pytest.mark.parametrize("views", [1, 2])
def test_it_is_the_mean_over_anchors_of_the_mean_over_positives(tau: float, views: int) -> None:
    x = features(4 * views).view(4, views, 5)
    said = SupervisedContrastive(temperature=tau)(x, LABEL)
    assert float(said) == pytest.approx(spelt(x, LABEL, tau), rel=1e-10)


def test_without_labels_every_clip_is_its_own_class() -> None:
    x = features().view(4, 2, 5)
    alone = SupervisedContrastive()(x)
    assert float(alone) == pytest.approx(spelt(x, torch.arange(4), 0.07), rel=1e-10)


def test_its_gradient_is_that_of_the_formula() -> None:
    x = features().view(4, 2, 5).requires_grad_()
    assert torch.autograd.gradcheck(lambda each: SupervisedContrastive(temperature=0.5)(each, LABEL), (x,))


def test_the_length_of_features_does_not_matter() -> None:
    x = features().view(4, 2, 5)
    torch.testing.assert_close(SupervisedContrastive()(x * 9, LABEL), SupervisedContrastive()(x, LABEL))


def test_without_any_positive_it_is_0_and_pulls_nowhere() -> None:
    x = features(4).view(4, 1, 5).requires_grad_()
    loss = SupervisedContrastive()(x, torch.arange(4))
    loss.backward()
    assert float(loss.detach()) == 0
    assert x.grad is not None
    assert not x.grad.any()


def test_a_batch_of_one_class_still_spreads_evenly() -> None:
    x = torch.ones(3, 2, 4, dtype=torch.float64)
    assert float(SupervisedContrastive()(x, torch.zeros(3))) == pytest.approx(math.log(5))


def test_sharp_temperatures_stay_finite() -> None:
    x = features(8).float().view(4, 2, 5)
    assert torch.isfinite(SupervisedContrastive(temperature=1e-3)(x, LABEL))


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(WrongLoss, match="views, D"):
        SupervisedContrastive()(features(), LABEL)
    with pytest.raises(WrongLoss, match="more than 0"):
        SupervisedContrastive(temperature=0)

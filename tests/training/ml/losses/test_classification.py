"""Cross-entropy in all its forms and focal, against their formulas spelt out in numpy."""

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.training.ml.losses.drawn import logits, shares
from training.ml.losses import CrossEntropy, Focal, SoftTarget
from training.ml.losses.contract import WrongLoss

LABEL = torch.tensor([0, 1, 2, 3, 3, 0, 1])
WEIGHT = torch.tensor([0.5, 2.0, 1.0, 4.0], dtype=torch.float64)


def test_cross_entropy_is_the_mean_of_minus_log_p() -> None:
    p = shares(logits())
    expected = np.mean([-np.log(p[n, label]) for n, label in enumerate(LABEL.tolist())])
    assert float(CrossEntropy()(logits(), LABEL)) == pytest.approx(expected, rel=1e-12)


def test_with_weights_it_is_a_weighted_mean() -> None:
    p, w = shares(logits()), WEIGHT.numpy()
    rows = [(w[label], -np.log(p[n, label])) for n, label in enumerate(LABEL.tolist())]
    expected = sum(weight * loss for weight, loss in rows) / sum(weight for weight, _ in rows)
    assert float(CrossEntropy(WEIGHT)(logits(), LABEL)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_smoothing_moves_a_share_of_the_target_to_all_classes(smoothing: float) -> None:
    p, target = shares(logits()), np.full((7, 4), smoothing / 4)
    target[np.arange(7), LABEL.numpy()] += 1 - smoothing
    expected = -(target * np.log(p)).sum(1).mean()
    assert float(CrossEntropy(smoothing=smoothing)(logits(), LABEL)) == pytest.approx(expected, rel=1e-12)
    assert float(SoftTarget(smoothing=smoothing)(logits(), LABEL)) == pytest.approx(expected, rel=1e-12)


def test_soft_targets_are_met_in_their_shares() -> None:
    p, target = shares(logits()), shares(logits(seed=9))
    expected = -(WEIGHT.numpy() * target * np.log(p)).sum(1).mean()
    assert float(SoftTarget(WEIGHT)(logits(), torch.from_numpy(target))) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 5.0])
def test_focal_counts_what_is_known_for_less(gamma: float) -> None:
    p = shares(logits())
    own = [p[n, label] for n, label in enumerate(LABEL.tolist())]
    expected = np.mean([-((1 - each) ** gamma) * np.log(each) for each in own])
    assert float(Focal(gamma=gamma)(logits(), LABEL)) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("weight", [None, WEIGHT])
def test_focal_with_gamma_0_is_cross_entropy(weight: Tensor | None) -> None:
    focal, entropy = Focal(weight, gamma=0.0)(logits(), LABEL), CrossEntropy(weight)(logits(), LABEL)
    assert float(focal) == pytest.approx(float(entropy), rel=1e-14)


@pytest.mark.parametrize(
    "loss",
    [CrossEntropy(WEIGHT, smoothing=0.1), Focal(WEIGHT, gamma=2.0), Focal(gamma=0.5), SoftTarget(WEIGHT)],
)
def test_gradients_are_those_of_the_formula(loss: torch.nn.Module) -> None:
    x = logits().requires_grad_()
    assert torch.autograd.gradcheck(lambda each: loss(each, LABEL), (x,))


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
def test_focal_of_what_is_certain_is_finite_and_so_is_its_gradient(gamma: float) -> None:
    x = torch.tensor([[80.0, -80.0], [-80.0, 80.0]], requires_grad=True)
    loss = Focal(gamma=gamma)(x, torch.tensor([0, 0]))
    loss.backward()
    assert torch.isfinite(loss)
    assert x.grad is not None
    assert torch.isfinite(x.grad).all()
    assert x.grad[1, 0] < 0, "the one that is wrong is pulled"


@pytest.mark.parametrize("loss", [CrossEntropy(WEIGHT), Focal(WEIGHT), SoftTarget(WEIGHT), CrossEntropy()])
def test_means_of_parts_times_their_mass_add_up_to_the_whole(loss: CrossEntropy) -> None:
    x = logits()
    parts = [slice(0, 2), slice(2, 7)]
    summed = sum(float(loss(x[part], LABEL[part])) * loss.mass(LABEL[part]) for part in parts)
    assert summed / loss.mass(LABEL) == pytest.approx(float(loss(x, LABEL)), rel=1e-12)


def test_weights_come_in_the_type_of_the_logits_and_are_no_state() -> None:
    loss = CrossEntropy(WEIGHT.float())
    assert loss(logits(), LABEL).dtype == torch.float64
    assert not loss.state_dict()


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(WrongLoss, match="weights for 4 classes, but the network has 3"):
        CrossEntropy(WEIGHT)(logits(classes=3), LABEL.clamp(max=2))
    with pytest.raises(WrongLoss, match="do not fit labels"):
        Focal()(logits(), LABEL[:3])
    with pytest.raises(WrongLoss, match="class numbers in int64"):
        CrossEntropy()(logits(), LABEL.int())
    with pytest.raises(WrongLoss, match="do not fit targets"):
        SoftTarget()(logits(), torch.ones(7, 3))
    with pytest.raises(WrongLoss, match="numbers above 0"):
        CrossEntropy(torch.tensor([1.0, -1.0]))
    with pytest.raises(WrongLoss, match="from 0 to 1"):
        CrossEntropy(smoothing=1.5)
    with pytest.raises(WrongLoss, match="gamma"):
        Focal(gamma=-1)

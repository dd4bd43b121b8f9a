"""Components, mixtures and Fisher sums obey the mathematics they are named after."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from training.ml.mixture import Components, Mixture, power, unit


def two_clouds(count: int = 300) -> Tensor:
    """Rows around (-4, 0) and around (4, 1), a third and two thirds."""
    noise_MD = torch.randn(count, 2, generator=torch.Generator().manual_seed(1)) * 0.5
    return noise_MD + torch.tensor([[-4.0, 0.0]] * (count // 3) + [[4.0, 1.0]] * (count - count // 3))


def fitted(z_MD: Tensor, words: int = 2, seed: int = 0) -> Mixture:
    return Mixture.fit(z_MD, words, rounds=20, generator=torch.Generator().manual_seed(seed))


def test_components_follow_the_directions_of_most_difference() -> None:
    x_MD = torch.randn(500, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([0.1, 5.0, 1.0])
    components = Components.fit(x_MD + 3, 2)
    torch.testing.assert_close(components.axes_DP.abs().argmax(0), torch.tensor([1, 2]))
    torch.testing.assert_close(components(x_MD + 3).mean(0), torch.zeros(2), atol=1e-4, rtol=0)
    torch.testing.assert_close(components.axes_DP.T @ components.axes_DP, torch.eye(2), atol=1e-5, rtol=0)


@pytest.mark.parametrize("seed", range(4))
def test_a_mixture_finds_the_clouds(seed: int) -> None:
    mixture = fitted(two_clouds(), seed=seed)
    order = mixture.mean_KD[:, 0].argsort()
    torch.testing.assert_close(
        mixture.mean_KD[order], torch.tensor([[-4.0, 0.0], [4.0, 1.0]]), atol=0.15, rtol=0
    )
    torch.testing.assert_close(mixture.share_K[order], torch.tensor([1 / 3, 2 / 3]), atol=0.02, rtol=0)
    assert (mixture.variance_KD.sqrt() - 0.5).abs().max() < 0.1


def test_the_same_seed_gives_the_same_mixture() -> None:
    one, other = fitted(two_clouds(), 4, 7), fitted(two_clouds(), 4, 7)
    assert torch.equal(one.mean_KD, other.mean_KD)


def test_posteriors_are_shares() -> None:
    q_MK = fitted(two_clouds(), 5).posterior(two_clouds() * 3)
    torch.testing.assert_close(q_MK.sum(1), torch.ones(300))
    assert (q_MK >= 0).all()


@settings(max_examples=20)
@given(st.lists(st.integers(0, 300), max_size=5))
def test_fisher_sums_add_up_however_they_are_cut(cuts: list[int]) -> None:
    z_MD = two_clouds()
    mixture = fitted(z_MD)
    whole = mixture.fisher(z_MD, [0, 300])[0]
    parts = mixture.fisher(z_MD, [0, *sorted(cuts), 300])
    torch.testing.assert_close(parts.sum(0), whole, rtol=1e-3, atol=0.05)


def test_a_fisher_sum_is_the_gradient_of_the_likelihood() -> None:
    z_MD = two_clouds(60) + 0.3
    mixture = fitted(two_clouds())
    mean_KD = mixture.mean_KD.clone().requires_grad_()
    deviation_KD = mixture.variance_KD.sqrt().clone().requires_grad_()
    exponent_MK = ((z_MD[:, None] - mean_KD) / deviation_KD).square().sum(2) / 2
    likelihood = torch.logsumexp(mixture.share_K.log() - deviation_KD.log().sum(1) - exponent_MK, dim=1).sum()
    likelihood.backward()  # type: ignore[no-untyped-call]
    scale_K1 = mixture.share_K.sqrt()[:, None]
    assert mean_KD.grad is not None
    assert deviation_KD.grad is not None
    expected = torch.cat(
        [
            (mean_KD.grad * deviation_KD / scale_K1).flatten(),
            (deviation_KD.grad * deviation_KD / (2**0.5 * scale_K1)).flatten(),
        ]
    )
    torch.testing.assert_close(mixture.fisher(z_MD, [0, 60])[0], expected.detach(), rtol=1e-3, atol=0.02)


def test_nothing_sums_to_nothing() -> None:
    sums = fitted(two_clouds()).fisher(torch.zeros(0, 2), [0, 0, 0])
    assert sums.shape == (2, 8)
    assert not sums.any()


def test_power_keeps_the_sign_and_unit_the_direction() -> None:
    torch.testing.assert_close(power(torch.tensor([-4.0, 0.0, 9.0])), torch.tensor([-2.0, 0.0, 3.0]))
    torch.testing.assert_close(
        unit(torch.tensor([[3.0, 4.0], [0.0, 0.0]])), torch.tensor([[0.6, 0.8], [0, 0]])
    )

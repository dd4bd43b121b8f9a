"""A step: parts of a batch, a clipped gradient, few bits."""

import pytest
import torch
from torch import nn

from training.ml.losses import CrossEntropy
from training.ml.optim import SGD, Average, Descent, Precision, WrongOptimizer, plain_groups

X, LABEL = torch.randn(12, 5, generator=torch.Generator().manual_seed(3)), torch.arange(12) % 3
NUMBERS = SGD(rate=0.5, weight_decay=0.01)


def fresh() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 3))


def descent(net: nn.Module, clip_norm: float = 0.0, **how: object) -> Descent:
    return Descent(net, NUMBERS.over(plain_groups(net, NUMBERS)), clip_norm=clip_norm, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("weight", [None, torch.tensor([1.0, 2.0, 5.0])])
def test_parts_of_a_batch_give_the_step_of_the_whole(weight: torch.Tensor | None) -> None:
    loss_of, whole, parts = CrossEntropy(weight), fresh().double(), fresh().double()
    x = X.double()
    one = descent(whole)
    one.add(loss_of(whole(x), LABEL))
    one.step()
    several = descent(parts)
    for part in (slice(0, 1), slice(1, 5), slice(5, 12)):
        share = loss_of.mass(LABEL[part]) / loss_of.mass(LABEL)
        several.add(loss_of(parts(x[part]), LABEL[part]) * share)
    several.step()
    for mine, theirs in zip(parts.parameters(), whole.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-12, atol=1e-12)


def test_a_long_gradient_is_cut_to_length() -> None:
    net = fresh()
    before = torch.cat([each.detach().flatten().clone() for each in net.parameters()])
    numbers = SGD(rate=1.0, momentum=0.0)
    step = Descent(net, numbers.over(plain_groups(net, numbers)), clip_norm=0.01)
    step.add(CrossEntropy()(net(X), LABEL) * 100)
    step.step()
    after = torch.cat([each.detach().flatten() for each in net.parameters()])
    assert float((after - before).norm()) == pytest.approx(0.01, rel=1e-3)


def test_gradients_are_forgotten_after_a_step() -> None:
    net = fresh()
    step = descent(net)
    step.add(CrossEntropy()(net(X), LABEL))
    step.step()
    assert all(each.grad is None for each in net.parameters())


def test_on_the_cpu_mixed_means_bfloat16_and_parameters_stay_float32() -> None:
    net = fresh()
    step = descent(net, precision=Precision.MIXED)
    losses = []
    for _ in range(30):
        with step.computing():
            logits = net(X)
            assert logits.dtype == torch.bfloat16
            loss = CrossEntropy()(logits, LABEL)
        assert loss.dtype == torch.float32
        step.add(loss)
        step.step()
        losses.append(float(loss.detach()))
    assert {each.dtype for each in net.parameters()} == {torch.float32}
    assert losses[-1] < losses[0]
    assert step.state_dict() == {}, "bfloat16 needs no scale"


@pytest.mark.gpu
def test_on_a_gpu_mixed_means_float16_and_a_scale_that_is_kept() -> None:
    if not torch.cuda.is_available():
        pytest.skip("needs a GPU")
    net = fresh().cuda()
    step = descent(net, precision=Precision.MIXED, device="cuda")
    with step.computing():
        logits = net(X.cuda())
        assert logits.dtype == torch.float16
        loss = CrossEntropy()(logits, LABEL.cuda())
    step.add(loss)
    step.step()
    told = step.state_dict()
    again = descent(fresh().cuda(), precision=Precision.MIXED, device="cuda")
    again.load_state_dict({**told, "scale": torch.tensor(128.0)})
    assert again.state_dict()["scale"] == 128


def test_the_average_follows_each_step() -> None:
    net = fresh()
    average = Average(net, 0.9)
    step = descent(net, average=average)
    step.add(CrossEntropy()(net(X), LABEL))
    step.step()
    assert average.updates == 1


def test_a_negative_length_is_refused() -> None:
    with pytest.raises(WrongOptimizer, match="clipped to -1"):
        descent(fresh(), clip_norm=-1.0)

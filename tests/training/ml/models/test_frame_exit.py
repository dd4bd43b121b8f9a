"""FrameExit's gates: what they see, what they learn towards, and that they learn it."""

import math

import pytest
import torch

from training.ml.models.contract import WrongInput
from training.ml.models.frame_exit import ExitGates, exit_targets, gate_loss, pooled


def test_pooling_keeps_the_largest_that_was_seen() -> None:
    x = torch.tensor([[[1.0, 5.0], [3.0, 2.0], [2.0, 9.0]]])
    assert pooled(x).tolist() == [[[1, 5], [3, 5], [3, 9]]]


def test_a_gate_learns_to_open_where_the_loss_is_small_and_later_sooner() -> None:
    loss = torch.tensor([[0.2, 0.2, 0.2, 0.2]])
    assert exit_targets(loss, 0.05).tolist() == [[0, 0, 1, 1]]  # 0.05 e^(t/2): .08 .14 .22 .37
    assert exit_targets(loss, 0.21 / math.exp(0.5)).sum() == 4


def test_a_gate_sees_nothing_of_later_frames() -> None:
    torch.manual_seed(1)
    gates, z = ExitGates(dim=3, frames=4), torch.rand(2, 4, 3)
    changed = z.clone()
    changed[:, 2:] += 1
    before, after = gates(z), gates(changed)
    assert torch.equal(before[:, :2], after[:, :2])
    assert not torch.equal(before[:, 2:], after[:, 2:])


def test_fewer_frames_than_gates_will_do_and_more_are_refused() -> None:
    gates = ExitGates(dim=3, frames=4)
    assert gates(torch.rand(2, 2, 3)).shape == (2, 2)
    with pytest.raises(WrongInput, match="gates for 4 frames, not for 5"):
        gates(torch.rand(2, 5, 3))


def test_gates_have_the_parameters_of_their_layers() -> None:
    branch = (10 * 64 + 64) + (64 * 64 + 64)
    net = ExitGates(dim=10, frames=5)
    assert sum(each.numel() for each in net.parameters()) == 5 * (2 * branch + 128 + 1)


def test_gates_learn_where_a_clip_has_told_what_it_shows() -> None:
    torch.manual_seed(2)
    told_at = torch.randint(0, 5, (64,))
    shows = torch.arange(5) == told_at[:, None]
    x = torch.rand(64, 5, 4) + 3 * shows[..., None]
    loss = torch.where(torch.arange(5) >= told_at[:, None], 0.01, 9.0)
    gates = ExitGates(dim=4, frames=5, hidden=8)
    descent = torch.optim.Adam(gates.parameters(), lr=0.02)
    for _ in range(150):
        descent.zero_grad()
        gate_loss(gates(pooled(x)), loss, 0.02).backward()  # type: ignore[no-untyped-call]
        descent.step()
    opened = (gates(pooled(x)) > 0).float()
    assert (opened == exit_targets(loss, 0.02)).float().mean() > 0.95

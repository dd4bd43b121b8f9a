"""FrameExit's gates: after each frame a small network says whether enough has been seen of a clip.

Ghodrati, Bejnordi, Habibian: "FrameExit: Conditional Early Exiting for Efficient Video Recognition" (CVPR
2021, https://arxiv.org/abs/2104.13400), section 3. Gate t sees what was pooled of the first t - 1 and of the
first t frames, and learns, beside a classifier that is fixed here, where that one is right enough:

    z_t = max(z_(t-1), x_t)                       pooling over time
    y_t = 1 where loss_t <= beta exp(t / 2), else 0   the larger beta, the earlier one leaves

Known deviations: the classifier is trained before its gates and not with them; the first gate sees zeros as
what was pooled before it. No public weights are loaded by key.

Axes: B clips, T frames in the order in which they are looked at, D features of a frame.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.ml.models.contract import WrongInput


class ExitGates(nn.Module):
    """T gates: both of their vectors D -> `hidden` -> `hidden`, joined, -> 1."""

    def __init__(self, *, dim: int, frames: int, hidden: int = 64) -> None:
        super().__init__()
        self.gates = nn.ModuleList(_Gate(dim, hidden) for _ in range(frames))

    def forward(self, z_BTD: Tensor) -> Tensor:
        """Logits (B, T) of leaving after each frame, of what `pooled` gives; T at most as many as gates.

        Raises WrongInput for more.
        """
        if z_BTD.shape[1] > len(self.gates):
            raise WrongInput(f"There are gates for {len(self.gates)} frames, not for {z_BTD.shape[1]}.")
        before_BTD = functional.pad(z_BTD, (0, 0, 1, 0))
        logits = [self.gates[t](before_BTD[:, t], z_BTD[:, t]) for t in range(z_BTD.shape[1])]
        return torch.cat(logits, dim=1)


class _Gate(nn.Module):
    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.before, self.now = _two_layers(dim, hidden), _two_layers(dim, hidden)
        self.out = nn.Linear(2 * hidden, 1)

    def forward(self, before_BD: Tensor, now_BD: Tensor) -> Tensor:
        logit_B1: Tensor = self.out(torch.cat([self.before(before_BD), self.now(now_BD)], dim=1))
        return logit_B1


def _two_layers(dim: int, hidden: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(dim, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())


def pooled(x_BTD: Tensor) -> Tensor:
    """z_BTD: the largest of each feature over the first 1, 2, ..., T frames."""
    return torch.cummax(x_BTD, dim=1).values


def exit_targets(loss_BT: Tensor, beta: float) -> Tensor:
    """y_BT: 1 where the classifier's loss after t frames is at most beta exp(t / 2), t from 1."""
    t_T = torch.arange(1, loss_BT.shape[1] + 1, device=loss_BT.device)
    return (loss_BT <= beta * torch.exp(t_T / 2)).to(loss_BT.dtype)


def gate_loss(logits_BT: Tensor, loss_BT: Tensor, beta: float) -> Tensor:
    """Binary cross entropy of all gates towards `exit_targets`, the mean over clips and frames."""
    return functional.binary_cross_entropy_with_logits(logits_BT, exit_targets(loss_BT.detach(), beta))

"""The parts of AS-GCN: convolutions along bones and inferred links, both kinds of block, and the fixed links.

The paper and the deviations are told in `as_gcn.py`.
"""

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from training.ml.models.skeleton.aim import FRAMES, HIDDEN, Encoder, Relations, chosen, sampled
from training.ml.models.skeleton.layers import shortcut, temporal


def gathered(x_BKCTV: Tensor, s_KVV: Tensor, a_BEVV: Tensor) -> Tensor:
    """What reaches each joint along the links of the body and then of the action, (B, C, T, V).

    `a_BEVV` has its strength in it.
    """
    s = len(s_KVV)
    structural_BCTV = torch.einsum("bkctv,kvw->bctw", x_BKCTV[:, :s], s_KVV)
    return structural_BCTV + torch.einsum("bkctv,bkvw->bctw", x_BKCTV[:, s:], a_BEVV)


class ActionalStructuralConv(nn.Module):
    """One kernel for each link of the body and of the action: equations 9 to 11."""

    def __init__(self, width: int, channels: int, kernels: int) -> None:
        super().__init__()
        self.kernels = kernels
        self.conv = nn.Conv2d(width, channels * kernels, 1)

    def forward(self, x_BCTV: Tensor, s_KVV: Tensor, a_BEVV: Tensor) -> Tensor:
        """(B, channels, T, V)."""
        return gathered(torch.unflatten(self.conv(x_BCTV), 1, (self.kernels, -1)), s_KVV, a_BEVV)


class ActionalStructuralDeconv(nn.Module):
    """The same with a transposed convolution, as the prediction head ends: its weights keep inputs first."""

    def __init__(self, width: int, channels: int, kernels: int) -> None:
        super().__init__()
        self.kernels = kernels
        self.deconv = nn.ConvTranspose2d(width, channels * kernels, 1)

    def forward(self, x_BCTV: Tensor, s_KVV: Tensor, a_BEVV: Tensor) -> Tensor:
        """(B, channels, T, V)."""
        return gathered(torch.unflatten(self.deconv(x_BCTV), 1, (self.kernels, -1)), s_KVV, a_BEVV)


class Block(nn.Module):
    """The convolution of the graph, one over time, and the input added where the block says so."""

    def __init__(
        self,
        width: int,
        channels: int,
        kernels: int,
        time: tuple[int, int],
        dropout: float,
        *,
        plain: bool = False,
        padded: bool = True,
        checkpointing: bool = False,
    ) -> None:
        super().__init__()
        self.checkpointing = checkpointing
        self.gcn = ActionalStructuralConv(width, channels, kernels)
        self.tcn = temporal(channels, *time, dropout, padded=padded)
        self.residual = None if plain else shortcut(width, channels, time[1])

    def forward(self, x_BCTV: Tensor, s_KVV: Tensor, a_BEVV: Tensor) -> Tensor:
        """(B, channels, T', V)."""
        if self.checkpointing and torch.is_grad_enabled():
            # the norms stay outside, or they would count every batch twice
            gathered_BCTV = checkpoint(self.gcn, x_BCTV, s_KVV, a_BEVV, use_reentrant=False)
        else:
            gathered_BCTV = self.gcn(x_BCTV, s_KVV, a_BEVV)
        out_BCTV: Tensor = self.tcn(gathered_BCTV)
        if self.residual is not None:
            out_BCTV = out_BCTV + self.residual(x_BCTV)
        return torch.relu(out_BCTV)


class ReconBlock(nn.Module):
    """The last block of the prediction head: transposed convolutions, no activation."""

    def __init__(self, width: int, channels: int, kernels: int) -> None:
        super().__init__()
        self.gcn_recon = ActionalStructuralDeconv(width, channels, kernels)
        self.tcn_recon = nn.Sequential(
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(channels, channels, 1),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x_BCTV: Tensor, s_KVV: Tensor, a_BEVV: Tensor) -> Tensor:
        """(B, channels, T, V)."""
        moved_BCTV: Tensor = self.tcn_recon(self.gcn_recon(x_BCTV, s_KVV, a_BEVV))
        return moved_BCTV


class FrozenLinks(nn.Module):
    """AIM's encoder as a fixed function: its numbers are buffers, so no optimiser and no DDP touches them."""

    def __init__(self, channels: int, joints: int, active_links: int) -> None:
        super().__init__()
        self.relations = Relations(joints)
        self.encoder = Encoder(FRAMES * channels, active_links + 1, HIDDEN, 0.0)
        for part in list(self.encoder.modules()):
            for name, parameter in list(part.named_parameters(recurse=False)):
                delattr(part, name)
                part.register_buffer(name, parameter.detach())
        self.eval()

    def train(self, mode: bool = True) -> "FrozenLinks":
        """Stays in evaluation whatever the network around it does: its norms learn nothing."""
        del mode
        return super().train(False)

    @torch.no_grad()
    def forward(self, x_NCTVM: Tensor, *, draw: bool) -> Tensor:
        """Link matrices (N · M, active types, V, V)."""
        logits_BPK = self.encoder(sampled(x_NCTVM), self.relations)
        return self.relations.matrices(chosen(logits_BPK, draw=draw))

"""The parts of EfficientGCN: convolutions along links and over time, and attention to joints and frames.

The paper is told in `efficientgcn.py`.
"""

import torch
from torch import Tensor, nn

WINDOW = 5
"""Frames that a temporal convolution sees."""
EXPANSION, REDUCTION = 2, 4


class GraphConv(nn.Module):
    """A pointwise convolution for each distance, gathered by its weighted links."""

    A: Tensor

    def __init__(self, width: int, channels: int, links_KVV: Tensor) -> None:
        super().__init__()
        self.parts = len(links_KVV)
        self.register_buffer("A", links_KVV.clone())
        self.edge = nn.Parameter(torch.ones_like(links_KVV))
        self.gcn = nn.Conv2d(width, channels * self.parts, 1)

    def forward(self, x_BCTV: Tensor) -> Tensor:
        """(B, channels, T, V)."""
        x_BKCTV = torch.unflatten(self.gcn(x_BCTV), 1, (self.parts, -1))
        return torch.einsum("bkctv,kvw->bctw", x_BKCTV, self.A * self.edge)


class Added(nn.Module):
    """A convolution with its norm, its input added, and an activation."""

    def __init__(self, conv: nn.Module, width: int, channels: int) -> None:
        super().__init__()
        self.conv = conv
        self.bn = nn.BatchNorm2d(channels)
        self.residual = nn.Identity() if width == channels else projected(width, channels, 1)
        self.act = nn.SiLU()

    def forward(self, x_BCTV: Tensor) -> Tensor:
        """(B, channels, T, V)."""
        added_BCTV: Tensor = self.act(self.bn(self.conv(x_BCTV)) + self.residual(x_BCTV))
        return added_BCTV


class SeparableTime(nn.Module):
    """Widened, convolved over time channel by channel, narrowed, and its input added: section 3.3."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        inner, padding = channels * EXPANSION, (WINDOW // 2, 0)
        self.expand_conv = projected(channels, inner, 1)
        self.depth_conv = nn.Sequential(
            nn.Conv2d(inner, inner, (WINDOW, 1), (stride, 1), padding, groups=inner), nn.BatchNorm2d(inner)
        )
        self.point_conv = projected(inner, channels, 1)
        self.residual = nn.Identity() if stride == 1 else projected(channels, channels, stride)
        self.act = nn.SiLU()

    def forward(self, x_BCTV: Tensor) -> Tensor:
        """(B, channels, ⌈T / stride⌉, V)."""
        wide_BCTV = self.act(self.depth_conv(self.act(self.expand_conv(x_BCTV))))
        added_BCTV: Tensor = self.point_conv(wide_BCTV) + self.residual(x_BCTV)
        return added_BCTV


class JointsAndFrames(nn.Module):
    """How much each joint and each frame counts, between 0 and 1 a channel: section 3.4."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = channels // REDUCTION
        self.fcn = nn.Sequential(nn.Conv2d(channels, inner, 1), nn.BatchNorm2d(inner), nn.Hardswish())
        self.conv_t = nn.Conv2d(inner, channels, 1)
        self.conv_v = nn.Conv2d(inner, channels, 1)

    def forward(self, x_BCTV: Tensor) -> Tensor:
        """(B, C, T, V)."""
        frames = x_BCTV.shape[2]
        both_BCL1 = self.fcn(torch.cat([x_BCTV.mean(3, True), x_BCTV.mean(2, True).transpose(2, 3)], 2))
        of_frames_BCT1 = self.conv_t(both_BCL1[:, :, :frames]).sigmoid()
        of_joints_BC1V = self.conv_v(both_BCL1[:, :, frames:].transpose(2, 3)).sigmoid()
        shares_BCTV: Tensor = of_frames_BCT1 * of_joints_BC1V
        return shares_BCTV


class Attended(nn.Module):
    """What counts of the input, with a norm, and the input added."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.att = JointsAndFrames(channels)
        self.bn = nn.BatchNorm2d(channels)
        self.act = nn.SiLU()

    def forward(self, x_BCTV: Tensor) -> Tensor:
        """(B, C, T, V)."""
        added_BCTV: Tensor = self.act(self.bn(x_BCTV * self.att(x_BCTV)) + x_BCTV)
        return added_BCTV


def projected(width: int, channels: int, stride: int) -> nn.Sequential:
    """A pointwise convolution and a norm."""
    return nn.Sequential(nn.Conv2d(width, channels, 1, (stride, 1)), nn.BatchNorm2d(channels))

"""ST-GCN, graph convolutions over joints and plain ones over time.

Yan, Xiong, Lin: "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition" (AAAI
2018, arXiv 1801.07455), section 3. Parameters have the names of the public code (st-gcn, the authors').

As in the public code an absent person is zeros and counts in the mean over persons: give as many persons as
in training.
"""

import torch
from torch import Tensor, nn

from training.ml.layers import Layers
from training.ml.models.contract import Network, Takes
from training.ml.models.skeleton.graphs import Strategy, graph_named, partition
from training.ml.models.skeleton.layers import (
    Importances,
    checked,
    classified,
    folded,
    normalised,
    shortcut,
    temporal,
)

FEATURES = 256
KERNEL = 9
"""Frames that a temporal convolution sees."""
_BLOCKS = (
    *((64, 1), (64, 1), (64, 1), (64, 1)),
    *((128, 2), (128, 1), (128, 1)),
    *((256, 2), (256, 1), (256, 1)),
)
"""Channels and temporal stride: section 4.2."""


class GraphConv(nn.Module):
    """A pointwise convolution for each part of the neighbourhood, gathered by its adjacency: equation 10."""

    def __init__(self, width: int, channels: int, parts: int) -> None:
        super().__init__()
        self.parts = parts
        self.conv = nn.Conv2d(width, channels * parts, 1)

    def forward(self, x_BCTV: Tensor, adjacency_KVV: Tensor) -> Tensor:
        """(B, channels, T, V)."""
        x_BKCTV = torch.unflatten(self.conv(x_BCTV), 1, (self.parts, -1))
        return torch.einsum("bkctv,kvw->bctw", x_BKCTV, adjacency_KVV)


class Block(nn.Module):
    """A graph convolution, a temporal one, and the input added."""

    def __init__(
        self, width: int, channels: int, parts: int, stride: int, dropout: float, *, first: bool
    ) -> None:
        super().__init__()
        self.gcn = GraphConv(width, channels, parts)
        self.tcn = temporal(channels, KERNEL, stride, dropout)
        self.residual = None if first else shortcut(width, channels, stride)

    def forward(self, x_BCTV: Tensor, adjacency_KVV: Tensor) -> Tensor:
        """(B, channels, ⌈T / stride⌉, V)."""
        out_BCTV: Tensor = self.tcn(self.gcn(x_BCTV, adjacency_KVV))
        if self.residual is not None:
            out_BCTV = out_BCTV + self.residual(x_BCTV)
        return torch.relu(out_BCTV)


class STGCN(nn.Module):
    """The network; `A` is a buffer, so that weights of another graph are found out."""

    A: Tensor

    def __init__(
        self, num_classes: int, graph: str, channels: int, adjacency_KVV: Tensor, dropout: float
    ) -> None:
        super().__init__()
        parts, joints = adjacency_KVV.shape[:2]
        self.graph, self.channels, self.joints = graph, channels, joints
        self.register_buffer("A", adjacency_KVV)
        self.data_bn = nn.BatchNorm1d(channels * joints)
        blocks, width = [], channels
        for n, (out, stride) in enumerate(_BLOCKS):
            blocks.append(Block(width, out, parts, stride, dropout if n else 0.0, first=n == 0))
            width = out
        self.st_gcn_networks = nn.ModuleList(blocks)
        self.edge_importance = Importances(len(blocks), adjacency_KVV)
        self.fcn = nn.Conv2d(width, num_classes, 1)

    def forward(self, x_NCTVM: Tensor) -> Tensor:
        """Logits (N, classes) of skeletons of any length from one frame on, with any number of persons."""
        return classified(self.fcn, self.features(x_NCTVM), x_NCTVM.shape[4])

    def features(self, x_NCTVM: Tensor) -> Tensor:
        """The last block's output, every person by itself: (N · M, 256, ⌈T / 4⌉, V)."""
        x_BCTV = folded(checked(x_NCTVM, self.channels, self.joints, self.graph))
        x_BCTV = normalised(self.data_bn, x_BCTV)
        for n, block in enumerate(self.st_gcn_networks):
            x_BCTV = block(x_BCTV, self.A * self.edge_importance[n])
        return x_BCTV

    def layers(self) -> Layers:
        """The blocks with their importances; the first norm belongs to the first block."""
        first, *others = (
            (f"st_gcn_networks.{n}", f"edge_importance.{n}") for n in range(len(self.st_gcn_networks))
        )
        return Layers((("data_bn", *first), *others), ("fcn",), fixed=("A",))


def create_st_gcn(
    *,
    num_classes: int = 60,
    graph: str = "ntu25",
    channels: int = 3,
    strategy: Strategy = "spatial",
    max_hop: int = 1,
    dilation: int = 1,
    dropout: float = 0.5,
) -> STGCN:
    """The network with torch's random numbers; seed torch before. Raises BadGraph, see `partition`."""
    links_KVV = partition(graph_named(graph), strategy, max_hop=max_hop, dilation=dilation)
    adjacency_KVV = torch.empty(links_KVV.shape).copy_(links_KVV)  # on the default device, in its precision
    return STGCN(num_classes, graph, channels, adjacency_KVV, dropout)


NETWORKS = (
    Network(
        name="st_gcn",
        title="ST-GCN",
        build=create_st_gcn,
        takes=Takes.SKELETON,
        classes=60,
        parameters=3_098_832,
        source="Yan et al., AAAI 2018; the authors' st-gcn",
        frames=300,
        side=0,
        mean=(0.0,) * 3,
        deviation=(1.0,) * 3,
    ),
)

"""EfficientGCN-B0: three small branches for joints, velocities and bones, and one stream for all.

Song, Zhang, Shan, Wang: "Constructing Stronger and Faster Baselines for Skeleton-based Action Recognition"
(TPAMI 2022, arXiv 2106.15125), sections 3 and 4. Parameters have the names of the authors' code
(EfficientGCNv1), whose checkpoints load by key; its `conv.A` are buffers here.

The input is x_NCTVM as the sensor has it, in metres, neither moved nor turned, 288 frames and two persons,
zeros behind short clips: so the published weights were learnt. Branches are made of it within the network.
"""

import torch
from torch import Tensor, nn

from training.ml.layers import Layers
from training.ml.models.contract import Network, Takes
from training.ml.models.skeleton.branches import (
    BRANCHES,
    bones_of,
    joints_of,
    towards_centre,
    velocities_of,
)
from training.ml.models.skeleton.efficientgcn_blocks import (
    WINDOW,
    Added,
    Attended,
    GraphConv,
    SeparableTime,
)
from training.ml.models.skeleton.graphs import Graph, graph_named, partition
from training.ml.models.skeleton.layers import checked, folded, unfolded

STEM = 64
BRANCH_BLOCKS = (48, 32)
"""Channels of the blocks of each branch; they see single frames only."""
MAIN_BLOCKS = ((64, 2), (128, 2))
"""Channels and temporal stride of the blocks of the stream."""
HOPS, NORMALISED_HOPS = 2, 3
"""Links of 0, 1 and 2 bones, as shares of all that are at most 3 bones away."""
FRAMES = 288


def branch(channels: int, links_KVV: Tensor) -> nn.Sequential:
    """From one input of `channels` channels to 32, by single frames behind its stem."""
    stack = nn.Sequential()
    stack.add_module("init_bn", nn.BatchNorm2d(channels))
    stack.add_module("stem_scn", Added(GraphConv(channels, STEM, links_KVV), channels, STEM))
    time = nn.Conv2d(STEM, STEM, (WINDOW, 1), padding=(WINDOW // 2, 0))
    stack.add_module("stem_tcn", Added(time, STEM, STEM))
    width = STEM
    for n, out in enumerate(BRANCH_BLOCKS):
        stack.add_module(f"block-{n}_scn", Added(GraphConv(width, out, links_KVV), width, out))
        stack.add_module(f"block-{n}_att", Attended(out))
        width = out
    return stack


def stream(links_KVV: Tensor) -> nn.Sequential:
    """From what the branches say together to 128 channels and a fourth of the frames."""
    stack, width = nn.Sequential(), len(BRANCHES) * BRANCH_BLOCKS[-1]
    for n, (out, stride) in enumerate(MAIN_BLOCKS):
        stack.add_module(f"block-{n}_scn", Added(GraphConv(width, out, links_KVV), width, out))
        stack.add_module(f"block-{n}_tcn-0", SeparableTime(out, stride))
        stack.add_module(f"block-{n}_att", Attended(out))
        width = out
    return stack


class Classifier(nn.Module):
    """The mean over frames, joints and persons, and what class that is."""

    def __init__(self, width: int, num_classes: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Conv3d(width, num_classes, 1)

    def forward(self, x_NCTVM: Tensor) -> Tensor:
        """Logits (N, classes)."""
        logits_NC111: Tensor = self.fc(self.dropout(x_NCTVM.mean((2, 3, 4), keepdim=True)))
        return logits_NC111.flatten(1)


class EfficientGCN(nn.Module):
    """The network, with the branches' inputs made of the skeletons that it is given."""

    next_V: Tensor

    def __init__(
        self, num_classes: int, graph: Graph, channels: int, links_KVV: Tensor, dropout: float
    ) -> None:
        super().__init__()
        self.graph, self.channels = graph.name, channels
        self.joints, self.centre = len(graph.joints), graph.centre
        self.register_buffer("next_V", torch.tensor(towards_centre(graph)), persistent=False)
        self.input_branches = nn.ModuleList([branch(2 * channels, links_KVV) for _ in BRANCHES])
        self.main_stream = stream(links_KVV)
        self.classifier = Classifier(MAIN_BLOCKS[-1][0], num_classes, dropout)

    def forward(self, x_NCTVM: Tensor) -> Tensor:
        """Logits (N, classes) of skeletons of any length from one frame on, with any number of persons."""
        logits_NC: Tensor = self.classifier(unfolded(self.features(x_NCTVM), x_NCTVM.shape[4]))
        return logits_NC

    def features(self, x_NCTVM: Tensor) -> Tensor:
        """The last block's output, every person by itself: (N · M, 128, ⌈T / 4⌉, V)."""
        seen = [
            each(x_BDTV)
            for each, x_BDTV in zip(self.input_branches, self.inputs(x_NCTVM).values(), strict=True)
        ]
        features_BCTV: Tensor = self.main_stream(torch.cat(seen, 1))
        return features_BCTV

    def inputs(self, x_NCTVM: Tensor) -> dict[str, Tensor]:
        """What each branch is given, every person by itself: (N · M, 2C, T, V) by the names of `BRANCHES`."""
        x_BCTV = folded(checked(x_NCTVM, self.channels, self.joints, self.graph))
        made = (joints_of(x_BCTV, self.centre), velocities_of(x_BCTV), bones_of(x_BCTV, self.next_V))
        return dict(zip(BRANCHES, made, strict=True))

    def layers(self) -> Layers:
        """The branches, then each block of the stream."""
        blocks = [
            tuple(f"main_stream.{name}" for name, _ in self.main_stream.named_children() if f"-{n}_" in name)
            for n in range(len(MAIN_BLOCKS))
        ]
        links = tuple(name for name, _ in self.named_buffers() if name.endswith(".A"))
        return Layers((("input_branches",), *blocks), ("classifier.fc",), fixed=links)


def create_efficientgcn_b0(
    *, num_classes: int = 60, graph: str = "ntu25", channels: int = 3, dropout: float = 0.25
) -> EfficientGCN:
    """The network with random numbers as the authors draw them; seed torch before. Raises BadGraph.

    On graphs of two dimensions the third coordinate, a confidence, is taken as the others are.
    """
    skeleton = graph_named(graph)
    links_KVV = partition(skeleton, "distance", max_hop=NORMALISED_HOPS)[: HOPS + 1]
    links_KVV = torch.empty(links_KVV.shape).copy_(links_KVV)  # on the default device, in its precision
    net = EfficientGCN(num_classes, skeleton, channels, links_KVV, dropout)
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out")
        elif isinstance(layer, nn.Conv3d):
            nn.init.normal_(layer.weight, std=0.001)
        if isinstance(layer, nn.Conv2d | nn.Conv3d) and layer.bias is not None:
            nn.init.zeros_(layer.bias)
    return net


NETWORKS = (
    Network(
        name="efficientgcn_b0",
        title="EfficientGCN-B0",
        build=create_efficientgcn_b0,
        takes=Takes.SKELETON,
        classes=60,
        parameters=345_333,
        source="Song et al., TPAMI 2022; the authors' EfficientGCNv1",
        frames=FRAMES,
        side=0,
        mean=(0.0,) * 3,
        deviation=(1.0,) * 3,
    ),
)

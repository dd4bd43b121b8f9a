"""One-shot TCN: a causal network over time whose last step is a skeleton clip's place among all actions.

Sabater et al.: "One-shot action recognition in challenging therapy scenarios" (CVPR workshops 2021, arXiv
2102.08997), section 3.2; the residual blocks of Bai, Kolter, Koltun: "An Empirical Evaluation of Generic
Convolutional and Recurrent Networks for Sequence Modeling" (arXiv 1803.01271). Written from the papers'
descriptions; no weights of another code load by key.

Two stacks of dilations 1, 2, 4 with two convolutions of four frames each see 85 frames. The embedding is the
sum of what all blocks say at the last frame in which a person is seen, of length one; that of a clip is the
direction of its persons' sum. Its numbers are never negative, as Jensen-Shannon matching needs them.
Classes are learnt from the same sum before it is brought to length one, with which they are learnt sooner.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.ml.layers import Layers
from training.ml.models.contract import Network, Takes
from training.ml.models.skeleton.body_frame import Landmarks, features, width
from training.ml.models.skeleton.graphs import Graph, graph_named
from training.ml.models.skeleton.layers import checked, folded

FILTERS, KERNEL = 256, 4
DILATIONS, STACKS = (1, 2, 4), 2
RECEPTIVE_FIELD = 1 + STACKS * 2 * (KERNEL - 1) * sum(DILATIONS)
"""Frames that a step knows of: 85."""


class CausalBlock(nn.Module):
    """Two causal convolutions with ReLU and whole channels dropped; the input added for the next block."""

    def __init__(self, channels: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.before = (KERNEL - 1) * dilation
        self.conv1 = nn.Conv1d(channels, FILTERS, KERNEL, dilation=dilation)
        self.conv2 = nn.Conv1d(FILTERS, FILTERS, KERNEL, dilation=dilation)
        self.residual = nn.Identity() if channels == FILTERS else nn.Conv1d(channels, FILTERS, 1)
        self.dropout = nn.Dropout1d(dropout)

    def forward(self, x_BDT: Tensor) -> tuple[Tensor, Tensor]:
        """What the next block is given, and what this one says itself: (B, 256, T) both."""
        said_BDT = x_BDT
        for conv in (self.conv1, self.conv2):
            said_BDT = self.dropout(torch.relu(conv(functional.pad(said_BDT, (self.before, 0)))))
        return torch.relu(said_BDT + self.residual(x_BDT)), said_BDT


class OneShotTCN(nn.Module):
    """The network with a head for the classes that it learns from; `embed` needs none.

    `bones` is a buffer, so that weights of another graph are found out.
    """

    bones: Tensor

    def __init__(self, num_classes: int, graph: Graph, dropout: float) -> None:
        super().__init__()
        self.graph, self.joints, self.marks = graph.name, len(graph.joints), Landmarks(graph)
        self.register_buffer("bones", torch.tensor(graph.bones))
        widths = (width(self.joints), *(FILTERS,) * (STACKS * len(DILATIONS) - 1))
        self.blocks = nn.ModuleList(
            [
                CausalBlock(channels, dilation, dropout)
                for channels, dilation in zip(widths, DILATIONS * STACKS, strict=True)
            ]
        )
        self.fc = nn.Linear(FILTERS, num_classes)

    def forward(self, x_NCTVM: Tensor) -> Tensor:
        """Logits (N, classes)."""
        return self.told(x_NCTVM)[0]

    def embed(self, x_NCTVM: Tensor) -> Tensor:
        """The clips' places, (N, 256) of length one; zeros where nobody is seen."""
        return self.told(x_NCTVM)[1]

    def told(self, x_NCTVM: Tensor) -> tuple[Tensor, Tensor]:
        """Both: logits (N, classes) and places (N, 256)."""
        said_ND = self._said(x_NCTVM)
        return self.fc(said_ND), functional.normalize(said_ND, dim=1)

    def steps(self, x_NCTVM: Tensor) -> Tensor:
        """What is said at every frame from it and those before, each person by itself: (N · M, 256, T)."""
        x_BCTV = folded(checked(x_NCTVM, 3, self.joints, self.graph))
        x_BDT = features(x_BCTV, self.marks).transpose(1, 2)
        sum_BDT = x_BDT.new_zeros(x_BDT.shape[0], FILTERS, x_BDT.shape[2])
        for block in self.blocks:
            x_BDT, said_BDT = block(x_BDT)
            sum_BDT = sum_BDT + said_BDT
        return sum_BDT

    def layers(self) -> Layers:
        """A stage for each block."""
        return Layers(tuple((f"blocks.{n}",) for n in range(len(self.blocks))), ("fc",), fixed=("bones",))

    def _said(self, x_NCTVM: Tensor) -> Tensor:
        """The sum over persons of what is said at the last frame of each, (N, 256)."""
        steps_BDT = self.steps(x_NCTVM)
        seen_BT = (folded(x_NCTVM) != 0).any(3).any(1)
        number_T = torch.arange(seen_BT.shape[1], device=seen_BT.device)
        last_B11 = (seen_BT * number_T).amax(1)[:, None, None].expand(-1, FILTERS, 1)
        last_BD = steps_BDT.gather(2, last_B11)[:, :, 0] * seen_BT.any(1)[:, None]
        return torch.unflatten(last_BD, 0, (-1, x_NCTVM.shape[4])).sum(1)


def create_tcn_one_shot(*, num_classes: int = 120, graph: str = "ntu25", dropout: float = 0.2) -> OneShotTCN:
    """The network with He's random numbers; seed torch before.

    Raises BadGraph for a graph that is none, WrongOption for one on which a body has no frame of its own.
    """
    net = OneShotTCN(num_classes, graph_named(graph), dropout)
    for layer in net.modules():
        if isinstance(layer, nn.Conv1d) and layer.bias is not None:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return net


NETWORKS = (
    Network(
        name="tcn_one_shot",
        title="One-shot TCN",
        build=create_tcn_one_shot,
        takes=Takes.SKELETON,
        classes=120,
        parameters=3_459_192,
        source="Sabater et al., CVPR workshops 2021; written from its description, no weights load by key",
        frames=32,
        stride=2,
        side=0,
        mean=(0.0,) * 3,
        deviation=(1.0,) * 3,
    ),
)

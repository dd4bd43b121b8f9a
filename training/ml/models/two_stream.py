"""Two streams, one that sees the pictures and one that sees their optical flow, trained apart.

Carreira, Zisserman (arXiv 1705.07750), section 2.4: at test time their logits are added with equal weight.
`mean_of_softmax` is the other way to score, outside of any network.
"""

import torch
from torch import Tensor, nn


class TwoStream(nn.Module):
    """The sum of the logits of two networks, of which each is given its own clip."""

    def __init__(self, rgb: nn.Module, flow: nn.Module) -> None:
        super().__init__()
        self.rgb = rgb
        self.flow = flow

    def forward(self, rgb_B3THW: Tensor, flow_B2THW: Tensor) -> Tensor:
        """Logits (B, classes) of clips and of their flow."""
        return sum_of_logits(self.rgb(rgb_B3THW), self.flow(flow_B2THW))


def sum_of_logits(*logits_BC: Tensor) -> Tensor:
    """Logits (B, classes): those of all streams added, with equal weight."""
    return torch.stack(logits_BC).sum(0)


def mean_of_softmax(*logits_BC: Tensor) -> Tensor:
    """Probabilities (B, classes), each row adds up to 1: the mean of what each stream thinks likely."""
    return torch.stack(logits_BC).softmax(-1).mean(0)

"""What the segments of a video agree on: section 3.1 of the paper, and 3.3 of its longer version.

All run over segments that come a few at a time, and keep no more of them than they need.
"""

from enum import StrEnum

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.ml.models.contract import WrongInput, WrongOption


class Agreement(StrEnum):
    """How one score comes of many."""

    AVERAGE = "average"
    MAX = "max"
    TOP_K = "top_k"
    """The mean of the highest few, of each class its own."""
    WEIGHTED = "weighted"
    """The sum, each segment times a number that is learned."""
    IDENTITY = "identity"
    """None: the scores of all segments, (B, K, D)."""


class Consensus(nn.Module):
    """The agreement of K segments: `top` is how many TOP_K takes, `segments` how many WEIGHTED learns of."""

    def __init__(self, agreement: Agreement, *, segments: int, top: int) -> None:
        super().__init__()
        self.agreement, self.top = agreement, top
        if agreement is Agreement.TOP_K and not 1 <= top <= segments:
            raise WrongOption(f"The top {top} of {segments} segments cannot be taken; take 1 to {segments}.")
        if agreement is Agreement.WEIGHTED:
            self.weight = nn.Parameter(torch.full((segments,), 1 / segments))

    def forward(self, x_BKD: Tensor) -> Tensor:
        """What all K segments agree on, (B, D). Raises WrongInput for fewer segments than TOP_K takes."""
        segments = x_BKD.shape[1]
        return self.concluded(self.heard(None, x_BKD, first=0, segments=segments), segments)

    def heard(self, so_far: Tensor | None, x_BKD: Tensor, *, first: int, segments: int) -> Tensor:
        """What is to be kept after a few more, of which the first is number `first` of all `segments`."""
        count = x_BKD.shape[1]
        if self.agreement is Agreement.WEIGHTED:
            weight_K = self.weights(segments)[first : first + count].to(x_BKD.dtype)
            x_BKD = x_BKD * weight_K[:, None]
        together_BKD = x_BKD if so_far is None else torch.cat([so_far, x_BKD], 1)
        if self.agreement is Agreement.IDENTITY:
            return together_BKD
        if self.agreement is Agreement.MAX:
            return together_BKD.amax(1, keepdim=True)
        if self.agreement is Agreement.TOP_K:
            return together_BKD.topk(min(self.top, together_BKD.shape[1]), 1).values
        return together_BKD.sum(1, keepdim=True)

    def concluded(self, kept_BKD: Tensor, segments: int) -> Tensor:
        """The agreement, once all `segments` were heard."""
        if self.agreement is Agreement.IDENTITY:
            return kept_BKD
        if self.agreement is Agreement.TOP_K:
            if segments < self.top:
                raise WrongInput(
                    f"The top {self.top} of {segments} segments cannot be taken; read more frames."
                )
            return kept_BKD.mean(1)
        return kept_BKD[:, 0] / segments if self.agreement is Agreement.AVERAGE else kept_BKD[:, 0]

    def weights(self, segments: int) -> Tensor:
        """The learned numbers for as many segments as there are, (segments,).

        For another number than was learned they are read off the line through those at the middles of the
        segments, and scaled so that even ones sum to what they did; no source settles this.
        """
        learned = len(self.weight)
        if segments == learned:
            return self.weight
        spread = functional.interpolate(self.weight[None, None], segments, mode="linear", align_corners=False)
        return spread[0, 0] * (learned / segments)

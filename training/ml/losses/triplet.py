"""An anchor nearer to what is alike than to what is not, by a margin."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.ml.losses.contract import WrongLoss


def triplet_loss(
    anchor_BD: Tensor, positive_BD: Tensor, negative_BD: Tensor, *, margin: float = 0.2, squared: bool = False
) -> Tensor:
    """The mean of [margin + d(a, p) - d(a, n)]+ over given triplets; 0 without any.

    Schroff et al.: "FaceNet" (CVPR 2015), equation 3, which takes squared distances and features of length 1;
    by default d is the Euclidean distance of features as they are. Raises WrongLoss for unlike shapes.
    """
    if anchor_BD.ndim != 2 or not anchor_BD.shape == positive_BD.shape == negative_BD.shape:
        shapes = ", ".join(str(tuple(each.shape)) for each in (anchor_BD, positive_BD, negative_BD))
        raise WrongLoss(f"Anchors, positives and negatives must be alike in shape, (B, D), not {shapes}.")
    if not len(anchor_BD):
        return (anchor_BD.sum() + positive_BD.sum() + negative_BD.sum()) * 0
    near_B = (anchor_BD - positive_BD).square().sum(1)
    far_B = (anchor_BD - negative_BD).square().sum(1)
    if not squared:
        near_B, far_B = _rooted(near_B), _rooted(far_B)
    return functional.relu(margin + near_B - far_B).mean()


class BatchHardTriplet(nn.Module):
    """Each anchor with its farthest positive and its nearest negative of the batch.

    Hermans et al.: "In Defense of the Triplet Loss" (arXiv 1703.07737), equation 5, averaged over anchors;
    `margin=None` is its soft margin, log(1 + exp(d_p - d_n)). Distances are Euclidean, of features as they
    are. An anchor that lacks a positive or a negative says nothing and is left out, so a batch of one class
    has a loss of 0: draw P classes with K clips each.
    """

    def __init__(self, *, margin: float | None = 0.2) -> None:
        super().__init__()
        self.margin = margin

    def forward(self, feature_BD: Tensor, label_B: Tensor) -> Tensor:
        """The loss, a scalar."""
        if feature_BD.ndim != 2 or label_B.shape != feature_BD.shape[:1]:
            raise WrongLoss(
                f"Features {tuple(feature_BD.shape)} do not fit labels {tuple(label_B.shape)}: "
                "they are (B, D) and (B,)."
            )
        distance_BB = _rooted((feature_BD[:, None] - feature_BD).square().sum(2))
        alike_BB = label_B[:, None] == label_B
        itself_BB = torch.eye(len(label_B), dtype=torch.bool, device=label_B.device)
        positive_BB = alike_BB & ~itself_BB
        anchors = positive_BB.any(1) & (~alike_BB).any(1)
        if not bool(anchors.any()):
            return feature_BD.sum() * 0
        farthest_A = distance_BB.masked_fill(~positive_BB, -torch.inf)[anchors].amax(1)
        nearest_A = distance_BB.masked_fill(alike_BB, torch.inf)[anchors].amin(1)
        gap_A = farthest_A - nearest_A
        hinged_A = functional.softplus(gap_A) if self.margin is None else functional.relu(self.margin + gap_A)
        return hinged_A.mean()


def _rooted(square: Tensor) -> Tensor:
    """Square roots whose gradient at 0 is 0: clips that are the same pull nowhere."""
    there = square > 0
    return torch.where(there, square.where(there, 1.0).sqrt(), 0.0)

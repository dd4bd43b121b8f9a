"""Features drawn to the centre of their class, which follows them."""

import torch
from torch import Tensor, nn

from training.ml.losses.contract import WrongLoss


class CentreLoss(nn.Module):
    """1/2 sum ||f - c_y||^2 over the batch; taken beside cross-entropy, times 0.003 to 0.01.

    Wen et al.: "A Discriminative Feature Learning Approach" (ECCV 2016), equations 2 to 4. The centres are no
    parameters of the network's optimiser: they learn at a rate of their own in `follow`, after its step. They
    are part of the state, so that a run that goes on has them.
    """

    centre_CD: Tensor

    def __init__(self, classes: int, width: int, *, rate: float = 0.5) -> None:
        """Centres at 0. Raises WrongLoss unless 0 <= rate <= 1."""
        super().__init__()
        if not 0 <= rate <= 1:
            raise WrongLoss(f"The rate of centres must be from 0 to 1, not {rate}.")
        self.rate = rate
        self.register_buffer("centre_CD", torch.zeros(classes, width))

    def forward(self, feature_BD: Tensor, label_B: Tensor) -> Tensor:
        """The loss, a scalar; its gradient to a feature is f - c_y, whatever the batch."""
        self._check(feature_BD, label_B)
        return (feature_BD - self.centre_CD.to(feature_BD)[label_B]).square().sum() / 2

    @torch.no_grad()
    def follow(self, feature_BD: Tensor, label_B: Tensor) -> None:
        """Move each centre by rate * sum(f - c) / (1 + n) of the n clips of its class; others stay."""
        self._check(feature_BD, label_B)
        classes = len(self.centre_CD)
        moves_BD = feature_BD.detach().to(self.centre_CD) - self.centre_CD[label_B]
        sum_CD = torch.zeros_like(self.centre_CD).index_add_(0, label_B, moves_BD)
        count_C = torch.bincount(label_B, minlength=classes).to(self.centre_CD)
        self.centre_CD += self.rate * sum_CD / (1 + count_C)[:, None]

    def _check(self, feature_BD: Tensor, label_B: Tensor) -> None:
        classes, width = self.centre_CD.shape
        if feature_BD.ndim != 2 or feature_BD.shape[1] != width or label_B.shape != feature_BD.shape[:1]:
            raise WrongLoss(
                f"The centres of {classes} classes are {width} wide: features {tuple(feature_BD.shape)} with "
                f"labels {tuple(label_B.shape)} do not fit, they must be (B, {width}) and (B,)."
            )

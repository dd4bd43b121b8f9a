"""Losses of logits: cross-entropy with all that is done to it, and focal."""

import torch
from torch import Tensor
from torch.nn import functional

from training.ml.losses.contract import Weighted, WrongLoss, checked


class CrossEntropy(Weighted):
    """-log p of each clip's class, averaged; with `smoothing` e the target is (1 - e) y + e / C.

    Label smoothing: Szegedy et al., "Rethinking the Inception Architecture" (CVPR 2016), section 7. With
    weights the mean is sum(w_y l) / sum(w_y), and the smoothed part of class c weighs w_c.
    """

    def __init__(self, weight_C: Tensor | None = None, *, smoothing: float = 0.0) -> None:
        """Raises WrongLoss for a smoothing outside 0..1 and weights that are not above 0."""
        super().__init__(weight_C)
        if not 0 <= smoothing <= 1:
            raise WrongLoss(f"Label smoothing must be from 0 to 1, not {smoothing}.")
        self.smoothing = smoothing

    def forward(self, logits_BC: Tensor, label_B: Tensor) -> Tensor:
        """The loss, a scalar."""
        weight_C = self.weights_for(logits_BC)
        return functional.cross_entropy(
            logits_BC, checked(logits_BC, label_B), weight_C, label_smoothing=self.smoothing
        )


class SoftTarget(Weighted):
    """Cross-entropy to shares of classes, as Mixup and CutMix make them: -sum_c w_c t_c log p_c.

    Zhang et al., "mixup" (ICLR 2018). The mean is over clips, whatever the weights, as a mixed clip has no
    class of its own; labels are taken as shares of 1. `smoothing` as in `CrossEntropy`.
    """

    def __init__(self, weight_C: Tensor | None = None, *, smoothing: float = 0.0) -> None:
        """Raises WrongLoss for a smoothing outside 0..1 and weights that are not above 0."""
        super().__init__(weight_C)
        if not 0 <= smoothing <= 1:
            raise WrongLoss(f"Label smoothing must be from 0 to 1, not {smoothing}.")
        self.smoothing = smoothing

    def forward(self, logits_BC: Tensor, target: Tensor) -> Tensor:
        """The loss, a scalar, of `target_BC` or `label_B`."""
        if not target.is_floating_point():
            label_B = checked(logits_BC, target)
            target = functional.one_hot(label_B, logits_BC.shape[1])
        if target.shape != logits_BC.shape:
            raise WrongLoss(
                f"Logits {tuple(logits_BC.shape)} do not fit targets {tuple(target.shape)}: both are (B, C)."
            )
        weight_C = self.weights_for(logits_BC)
        return functional.cross_entropy(
            logits_BC, target.to(logits_BC), weight_C, label_smoothing=self.smoothing
        )

    def mass(self, target: Tensor) -> float:
        """The number of clips."""
        return float(len(target))


class Focal(Weighted):
    """-(1 - p)^gamma log p of each clip's class, averaged as by `CrossEntropy`: gamma = 0 is that.

    Lin et al.: "Focal Loss for Dense Object Detection" (ICCV 2017), equations 4 and 5; alpha there is a
    weight of classes here.
    """

    def __init__(self, weight_C: Tensor | None = None, *, gamma: float = 2.0) -> None:
        """Raises WrongLoss for a negative gamma and weights that are not above 0."""
        super().__init__(weight_C)
        if gamma < 0:
            raise WrongLoss(f"gamma of the focal loss must be at least 0, not {gamma}.")
        self.gamma = gamma

    def forward(self, logits_BC: Tensor, label_B: Tensor) -> Tensor:
        """The loss, a scalar."""
        log_B = torch.log_softmax(logits_BC, dim=1)
        log_B = log_B.gather(1, checked(logits_BC, label_B)[:, None])[:, 0]
        # At p = 1 the slope of (1 - p)^gamma is infinite for gamma < 1: there it is held.
        missed_B = (-torch.expm1(log_B)).clamp_min(torch.finfo(log_B.dtype).eps)
        loss_B = -(missed_B**self.gamma) * log_B
        weight_C = self.weights_for(logits_BC)
        if weight_C is None:
            return loss_B.mean()
        weight_B = weight_C[label_B]
        return (weight_B * loss_B).sum() / weight_B.sum()

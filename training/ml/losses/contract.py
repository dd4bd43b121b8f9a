"""The one error of losses, and what is common to those that weigh classes."""

import torch
from torch import Tensor, nn

from training.ml.errors import LearningError


class WrongLoss(LearningError):  # noqa: N818
    """A loss was given numbers that it cannot have, or logits, features and labels that do not fit."""


class Weighted(nn.Module):
    """A loss of logits whose mean weighs each clip by its class.

    The weights are no state: they follow from the clips that are learned from, not from what was learned.
    """

    weight_C: Tensor | None

    def __init__(self, weight_C: Tensor | None = None) -> None:
        super().__init__()
        if weight_C is not None and (weight_C.ndim != 1 or not bool((weight_C > 0).all())):
            raise WrongLoss("The weights of classes must be a row of numbers above 0, one a class.")
        self.register_buffer("weight_C", weight_C, persistent=False)

    def weights_for(self, logits_BC: Tensor) -> Tensor | None:
        """The weights in the type of the logits; raises WrongLoss where they are for other classes."""
        if self.weight_C is None:
            return None
        if len(self.weight_C) != logits_BC.shape[1]:
            raise WrongLoss(
                f"The loss has weights for {len(self.weight_C)} classes, but the network has "
                f"{logits_BC.shape[1]} logits."
            )
        return self.weight_C.to(logits_BC)

    def mass(self, target: Tensor) -> float:
        """What the mean over these clips is divided by: their number, or the sum of their weights.

        Means of parts of a batch, each times its mass, add up to that of the whole batch times its own: so
        that accumulated and distributed batches give the gradient of one.
        """
        if self.weight_C is None or target.is_floating_point():
            return float(len(target))
        return float(self.weight_C[target.to(self.weight_C.device)].sum())


def checked(logits_BC: Tensor, label_B: Tensor) -> Tensor:
    """The labels, where they are class numbers of these logits; else raises WrongLoss."""
    if logits_BC.ndim != 2 or label_B.shape != logits_BC.shape[:1]:
        raise WrongLoss(
            f"Logits {tuple(logits_BC.shape)} do not fit labels {tuple(label_B.shape)}: "
            "they are (B, C) and (B,)."
        )
    if label_B.dtype != torch.int64:
        raise WrongLoss(f"Labels are class numbers in int64, not {label_B.dtype}.")
    return label_B

"""How much a clip of each class weighs, where classes are uneven."""

import torch
from torch import Tensor

from training.ml.losses.contract import WrongLoss


def balanced_weights(count_C: Tensor) -> Tensor:
    """Weights by which every class weighs the same in sum: N / (K n_c), for K classes that have clips.

    King, Zeng: "Logistic Regression in Rare Events Data" (2001), as scikit-learn's "balanced". A class
    without a clip weighs 1, which nothing uses. float32.
    """
    counts_C = _counted(count_C)
    there_C = counts_C > 0
    even_C = counts_C.sum() / (there_C.sum() * counts_C.clamp(min=1))
    return torch.where(there_C, even_C, 1.0).float()


def effective_weights(count_C: Tensor, beta: float = 0.999) -> Tensor:
    """Weights by the effective number of clips: (1 - beta) / (1 - beta^n_c), scaled to a mean of 1.

    Cui et al.: "Class-Balanced Loss Based on Effective Number of Samples" (CVPR 2019), equation 12. With
    beta = 0 all weigh the same; towards 1 they come to 1 / n_c. The mean is over the classes that have clips;
    one without any weighs 1. float32. Raises WrongLoss unless 0 <= beta < 1.
    """
    if not 0 <= beta < 1:
        raise WrongLoss(f"beta of the effective number must be at least 0 and less than 1, not {beta}.")
    counts_C = _counted(count_C)
    there_C = counts_C > 0
    # -expm1: near 1 the difference of 1 and beta^n would lose its digits.
    log_beta = torch.log(torch.tensor(beta, dtype=torch.float64))
    weight_C = (1 - beta) / -torch.expm1(counts_C.clamp(min=1) * log_beta)
    return torch.where(there_C, weight_C / weight_C[there_C].mean(), 1.0).float()


def _counted(count_C: Tensor) -> Tensor:
    if count_C.ndim != 1 or not bool((count_C >= 0).all()) or not bool(count_C.any()):
        raise WrongLoss(
            "Class weights need a row of counts, one a class, and a clip in one of them at least."
        )
    return count_C.double()

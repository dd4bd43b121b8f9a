"""What a network descends: losses of logits, and of the features before them.

Losses of logits take `logits_BC` and either class numbers `label_B` (int64) or, for mixed clips, shares
`target_BC` whose rows sum to 1. Losses of features take `feature_BD` and `label_B`. All work in the type
that they are given, and are 0, with gradients of 0, where a batch has nothing that they could compare.
"""

from training.ml.losses.centre import CentreLoss
from training.ml.losses.classification import CrossEntropy, Focal, SoftTarget
from training.ml.losses.contrastive import SupervisedContrastive
from training.ml.losses.triplet import BatchHardTriplet, triplet_loss
from training.ml.losses.weights import balanced_weights, effective_weights

__all__ = [
    "BatchHardTriplet",
    "CentreLoss",
    "CrossEntropy",
    "Focal",
    "SoftTarget",
    "SupervisedContrastive",
    "balanced_weights",
    "effective_weights",
    "triplet_loss",
]

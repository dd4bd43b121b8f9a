"""AS-GCN's two stages of training, each as one module whose forward pass is its loss, fit for DDP.

First AIM alone (10 epochs, Adam, 5e-4); then `net.take_links(aim)`, and the backbone with both heads while
AIM is frozen (SGD with Nesterov momentum, 0.1, weight decay 1e-4, a tenth after epochs 50, 70 and 90 of 100).
Every parameter that requires a gradient gets one in either stage.
"""

from typing import NamedTuple

from torch import Tensor, nn

from training.ml.models.skeleton.aim import AIM, aim_loss
from training.ml.models.skeleton.as_gcn import ASGCN, FUTURE
from training.ml.models.skeleton.future import pose_error, split_future

PREDICTION_WEIGHT = 0.01


class Losses(NamedTuple):
    """The loss to descend, its two terms, and the logits that it was taken from."""

    whole: Tensor
    classification: Tensor
    prediction: Tensor
    logits_NC: Tensor


class LinkStage(nn.Module):
    """Stage one: AIM tells each body's motion again from the links that it infers."""

    def __init__(self, aim: AIM) -> None:
        super().__init__()
        self.aim = aim

    def forward(self, x_NCTVM: Tensor) -> Tensor:
        """The loss of `aim_loss` on the frames that stage two observes, so that it sees no future either."""
        return aim_loss(self.aim(split_future(x_NCTVM, FUTURE).observed_NCTVM))


class ActionStage(nn.Module):
    """Stage two: cross-entropy, and a hundredth of the squared error of the foretold poses.

    The error is averaged over valid poses of all persons; the public code takes person 0, padding included.
    """

    def __init__(self, net: ASGCN, classification: nn.Module | None = None) -> None:
        """`classification` is the loss of logits and labels; cross-entropy if not given."""
        super().__init__()
        self.net = net
        self.classification = classification or nn.CrossEntropyLoss()

    def forward(self, x_NCTVM: Tensor, label_N: Tensor) -> Losses:
        """Losses of clips of at least 11 frames; labels are numbers 0 to classes - 1."""
        split = split_future(x_NCTVM, FUTURE)
        links_BEVV = self.net.links(split.observed_NCTVM)
        heads = self.net.heads(split.observed_NCTVM, split.last_NCVM, links_BEVV)
        classification = self.classification(heads.logits_NC, label_N)
        prediction = pose_error(heads.future_NCFVM, split.future_NCFVM, split.valid_NFM)
        whole = classification + PREDICTION_WEIGHT * prediction
        return Losses(whole, classification, prediction, heads.logits_NC)

"""Features of the same class drawn together, and those of others pushed apart."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.ml.losses.contract import WrongLoss


class SupervisedContrastive(nn.Module):
    """L_out of Khosla et al., "Supervised Contrastive Learning" (NeurIPS 2020), equation 2.

    Of an anchor i with the positives P(i), all other views of its class: the mean over P(i) of
    -log(exp(z_i z_p / tau) / sum_{a != i} exp(z_i z_a / tau)), and the mean of that over the anchors. The
    paper sums over anchors; the mean is that of its public code. An anchor without a positive says nothing
    and is left out; where no anchor has one, the loss is 0. Without labels each clip is a class of its own:
    NT-Xent of SimCLR (Chen et al., ICML 2020).
    """

    def __init__(self, *, temperature: float = 0.07) -> None:
        """Raises WrongLoss unless the temperature is more than 0."""
        super().__init__()
        if temperature <= 0:
            raise WrongLoss(f"The temperature must be more than 0, not {temperature}.")
        self.temperature = temperature

    def forward(self, feature_BVD: Tensor, label_B: Tensor | None = None) -> Tensor:
        """The loss, a scalar, of V views of each clip; features are brought to length 1 here."""
        if feature_BVD.ndim != 3 or (label_B is not None and label_B.shape != feature_BVD.shape[:1]):
            raise WrongLoss(
                f"Features must be (B, views, D) with a label a clip, not {tuple(feature_BVD.shape)}"
                + (f" with labels {tuple(label_B.shape)}." if label_B is not None else ".")
            )
        clips, views = feature_BVD.shape[:2]
        named_B = torch.arange(clips, device=feature_BVD.device) if label_B is None else label_B
        z_ND = functional.normalize(feature_BVD.flatten(0, 1), dim=1)
        label_N = named_B.repeat_interleave(views)
        itself_NN = torch.eye(len(label_N), dtype=torch.bool, device=z_ND.device)
        positive_NN = (label_N[:, None] == label_N) & ~itself_NN
        # -inf on the diagonal is times 0 below: no number at all. So the mask is taken by `where`.
        near_NN = (z_ND @ z_ND.T / self.temperature).masked_fill(itself_NN, -torch.inf)
        log_NN = near_NN - near_NN.logsumexp(1, keepdim=True)
        positives_N = positive_NN.sum(1)
        anchors = positives_N > 0
        if not bool(anchors.any()):
            return feature_BVD.sum() * 0
        said_N = torch.where(positive_NN, log_NN, 0.0)[anchors].sum(1) / positives_N[anchors]
        return -said_N.mean()

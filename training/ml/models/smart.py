"""SMART frame selection (Gowda, Rohrbach, Sevilla-Lara: AAAI 2021, https://arxiv.org/abs/2012.10671).

Two small networks judge the candidate frames of a clip before anything expensive looks at them:
delta says how telling a frame is by itself, gamma how telling it is among the others. s = delta * gamma.

No official code exists. Known deviations, each where the paper says nothing or what it says grows with N:
* running sums (2) and (6) are divided by t;
* Z is projected to `project` dimensions first (None leaves it as in the paper: 80 million parameters);
* the partner of a frame is drawn at training and fixed at test time: r = i + ceil((N - i) / 2);
* (7) is the mean over t and over the clips of a batch, not the sum.

Axes: B clips, N candidates, D features of a candidate, P projected, H hidden, C classes.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from training.ml.layers import Layers
from training.ml.models.contract import Network, Takes, WrongInput, WrongOption

FEATURES = 1580
"""Numbers of a frame: MobileNetV2's 1280 pooled ones, and a word vector of 300."""


class SingleFrameSelector(nn.Module):
    """delta: a frame by itself. Two layers, D -> D/2 -> 1, trained towards the oracle's score."""

    def __init__(self, *, dim: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(dim, dim // 2)
        self.out = nn.Linear(dim // 2, 1)

    def forward(self, x_BND: Tensor) -> Tensor:
        """delta_BN in 0..1: the chance that the classifier names the clip rightly from this frame alone."""
        return torch.sigmoid(self.out(torch.relu(self.hidden(x_BND)))).squeeze(-1)


@dataclass(frozen=True)
class GlobalOut:
    """gamma_BN in 0..1, and logits_BNC of the training head after each candidate."""

    gamma_BN: Tensor
    logits_BNC: Tensor


class GlobalSelector(nn.Module):
    """gamma: a frame among the others, by attention (1), relation (2), memory (3, 4), relation again (5)."""

    def __init__(
        self,
        *,
        dim: int,
        classes: int,
        project: int | None = 512,
        hidden: int = 512,
        dropout: float = 0.3,
        weigh_by_alpha: bool = False,
    ) -> None:
        """`weigh_by_alpha` takes alpha_i * beta_i as weights of (2), as the Frame Attention Network does."""
        super().__init__()
        size = 2 * dim if project is None else project
        self.project = nn.Identity() if project is None else nn.Linear(2 * dim, project)
        self.attention = nn.Linear(size, 1)  # U
        self.relation = nn.Linear(2 * size, 1)  # Theta 1
        self.memory = nn.LSTM(size, hidden, batch_first=True)
        self.moment = nn.Linear(hidden, 1)  # w
        self.judgement = nn.Linear(2 * size, 1)  # Theta 2
        self.head = nn.Linear(hidden, classes)
        self.dropout = nn.Dropout(dropout)
        self.weigh_by_alpha = weigh_by_alpha

    def forward(self, x_BND: Tensor, lengths_B: Tensor, partner_BN: Tensor | None = None) -> GlobalOut:
        """Judge clips of `lengths_B` candidates; what lies behind them is padding and changes nothing.

        Z_i = [X_i : X_r] with r from `partner_BN`, by default `fixed_partners`.
        (1) alpha_i = sigmoid(U Z_i);  Z' = sum(alpha_i Z_i) / sum(alpha_i)
        (2) beta_i = sigmoid(Theta1 [Z_i : Z']);  omega_t = sum_{i<=t}(beta_i Z_i) / t
        (3) h_t = LSTM(omega_t, h_{t-1})
        (4) lambda_t = softmax_t(w h_t + b)
        (5) omega' = sum(lambda_t omega_t) / sum(lambda_t);  gamma_t = sigmoid(Theta2 [omega_t : omega'])
        (6) c_t = sum_{i<=t}(gamma_i h_i) / t;  logits_t = head(c_t), which only training looks at
        """
        if partner_BN is None:
            partner_BN = fixed_partners(lengths_B, x_BND.shape[1])
        real_BN1 = _real(lengths_B, x_BND.shape[1]).unsqueeze(-1)
        other_BND = torch.take_along_dim(x_BND, partner_BN.unsqueeze(-1), dim=1)
        z_BNP = self.dropout(self.project(torch.cat([x_BND, other_BND], dim=-1)))

        alpha_BN1 = torch.sigmoid(self.attention(z_BNP)) * real_BN1
        whole_B1P = (alpha_BN1 * z_BNP).sum(1, keepdim=True) / alpha_BN1.sum(1, keepdim=True)
        beta_BN1 = torch.sigmoid(self.relation(_beside(z_BNP, whole_B1P)))
        weight_BN1 = alpha_BN1 * beta_BN1 if self.weigh_by_alpha else beta_BN1
        omega_BNP = _running_mean(weight_BN1 * z_BNP)

        h_BNH, _ = self.memory(omega_BNP)
        moment_BN1 = self.moment(h_BNH).masked_fill(~real_BN1, -torch.inf)
        lambda_BN1 = torch.softmax(moment_BN1, dim=1)
        whole_B1P = (lambda_BN1 * omega_BNP).sum(1, keepdim=True)  # softmax: they sum to 1
        gamma_BN1 = torch.sigmoid(self.judgement(_beside(omega_BNP, whole_B1P)))

        logits_BNC = self.head(self.dropout(_running_mean(gamma_BN1 * h_BNH)))
        return GlobalOut(gamma_BN1.squeeze(-1), logits_BNC)


class Smart(nn.Module):
    """Both selectors as one network, whose logits are those of the global one's head."""

    def __init__(self, *, num_classes: int, dim: int = FEATURES, **options: Any) -> None:
        """`dim` is D; `options` are those of GlobalSelector. Raises WrongOption for less than two numbers."""
        super().__init__()
        if dim < 2:
            raise WrongOption(f"A frame is told to SMART by at least 2 numbers, not by dim={dim}.")
        self.single = SingleFrameSelector(dim=dim)
        self.whole = GlobalSelector(dim=dim, classes=num_classes, **options)

    def forward(self, x_BND: Tensor, lengths_B: Tensor | None = None) -> Tensor:
        """logits_BC after the last of `lengths_B` candidates (all N, where that is not given).

        Partners are drawn in training, by torch's own numbers, and fixed in evaluation. Raises WrongInput.
        """
        lengths_B = self._lengths(x_BND, lengths_B)
        partner_BN = drawn_partners(lengths_B, x_BND.shape[1]) if self.training else None
        out = self.whole(x_BND, lengths_B, partner_BN)
        last_B11 = (lengths_B - 1)[:, None, None]
        logits_BC: Tensor = torch.take_along_dim(out.logits_BNC, last_B11, dim=1).squeeze(1)
        return logits_BC

    def scores(self, x_BND: Tensor, lengths_B: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """delta_BN and gamma_BN, each in 0..1; frames are taken by their product, the highest first."""
        lengths_B = self._lengths(x_BND, lengths_B)
        return self.single(x_BND), self.whole(x_BND, lengths_B).gamma_BN

    def layers(self) -> Layers:
        """The single-frame selector, which no logits hang on, then the global one from its input on."""
        projected = () if isinstance(self.whole.project, nn.Identity) else (("whole.project",),)
        related = ("whole.attention", "whole.relation")
        remembered = ("whole.memory", "whole.moment", "whole.judgement")
        return Layers((("single",), *projected, related, remembered), ("whole.head",))

    def _lengths(self, x_BND: Tensor, lengths_B: Tensor | None) -> Tensor:
        wide = self.single.hidden.in_features
        if x_BND.ndim != 3 or x_BND.shape[2] != wide or not x_BND.shape[1]:
            raise WrongInput(
                f"SMART takes x_BND, at least one frame with {wide} numbers each, not {list(x_BND.shape)}."
            )
        if lengths_B is None:
            return torch.full((len(x_BND),), x_BND.shape[1], device=x_BND.device)
        if lengths_B.shape != (len(x_BND),) or not ((lengths_B > 0) & (lengths_B <= x_BND.shape[1])).all():
            raise WrongInput(f"A clip has 1 to {x_BND.shape[1]} frames here, not {lengths_B.tolist()}.")
        return lengths_B


def classification_loss(logits_BNC: Tensor, label_B: Tensor, lengths_B: Tensor, weight_C: Tensor) -> Tensor:
    """(7): -y log softmax(logits_t), the mean over the real t of a clip, weighted by its class."""
    real_BN = _real(lengths_B, logits_BNC.shape[1])
    picked_BN = torch.log_softmax(logits_BNC, dim=-1).gather(
        -1, label_B[:, None, None].expand(-1, logits_BNC.shape[1], 1)
    )
    loss_B = -(picked_BN.squeeze(-1) * real_BN).sum(1) / lengths_B
    weight_B = weight_C[label_B]
    return (weight_B * loss_B).sum() / weight_B.sum()


def fixed_partners(lengths_B: Tensor, places: int) -> Tensor:
    """r_BN = i + ceil((N - i) / 2), the frame half-way to the end; the last one is its own partner.

    i and N count from 1 in that formula; the places returned count from 0.
    """
    at_N = torch.arange(places, device=lengths_B.device)
    last_B1 = (lengths_B - 1).unsqueeze(1)
    return torch.minimum(at_N + (last_B1 - at_N + 1).clamp(min=0) // 2, last_B1)


def drawn_partners(lengths_B: Tensor, places: int, generator: torch.Generator | None = None) -> Tensor:
    """r_BN drawn evenly from {i, ..., N}, by torch's own numbers where no `generator` is given."""
    device = lengths_B.device
    at_N = torch.arange(places, device=device)
    left_BN = (lengths_B.unsqueeze(1) - at_N).clamp(min=1)
    drawn_BN = torch.rand(len(lengths_B), places, generator=generator, device=device)
    return torch.minimum(at_N + (drawn_BN * left_BN).long(), (lengths_B - 1).unsqueeze(1))


def _real(lengths_B: Tensor, places: int) -> Tensor:
    """real_BN: which places hold a candidate."""
    return torch.arange(places, device=lengths_B.device) < lengths_B.unsqueeze(1)


def _beside(each_BNP: Tensor, whole_B1P: Tensor) -> Tensor:
    return torch.cat([each_BNP, whole_B1P.expand_as(each_BNP)], dim=-1)


def _running_mean(x_BNP: Tensor) -> Tensor:
    t_N1 = torch.arange(1, x_BNP.shape[1] + 1, device=x_BNP.device).unsqueeze(1)
    return x_BNP.cumsum(1) / t_N1


def create_smart(
    *,
    num_classes: int,
    dim: int = FEATURES,
    project: int | None = 512,
    hidden: int = 512,
    dropout: float = 0.3,
    weigh_by_alpha: bool = False,
) -> Smart:
    """SMART over frames of `dim` numbers; see `GlobalSelector` for the others. Raises WrongOption."""
    return Smart(
        num_classes=num_classes,
        dim=dim,
        project=project,
        hidden=hidden,
        dropout=dropout,
        weigh_by_alpha=weigh_by_alpha,
    )


NETWORKS = (
    Network(
        name="smart",
        title="SMART",
        build=create_smart,
        takes=Takes.FRAMES,
        classes=101,
        parameters=5_024_350,
        source="Gowda, Rohrbach, Sevilla-Lara (AAAI 2021, arXiv 2012.10671); no weights were published",
        frames=32,
        stride=0,
        side=0,
    ),
)

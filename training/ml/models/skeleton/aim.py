"""AIM, the A-link inference module of AS-GCN: which joints act together, in an auto-encoder of motion.

Li et al.: "Actional-Structural Graph Convolutional Networks" (CVPR 2019, arXiv 1904.12659), section 3.1,
after Kipf et al.: "Neural Relational Inference for Interacting Systems" (ICML 2018, arXiv 1802.04687). Names
of parameters are the public code's: `encoder.mlp1.fc1`, `decoder.msg_fc1.1`, ...

Axes: B bodies (clips · persons), V joints, P = V · (V - 1) ordered pairs, K types of link, of which type 0
says that there is none. A pair's row in a link matrix is its sender, its column its receiver.

Deviations from the public code, each on purpose: all bodies at once instead of a loop, without the 1e-10
that it adds to each 1 / D; no noise and no dropout in evaluation, where every pair takes its likeliest type;
bodies that are never seen count in no loss; the fifty frames begin at the first one, where the public code
draws an offset, in evaluation too. As there, messages are divided by the number of coordinates and joints'
sums by the number of joints. The decoder's perceptrons of type 0 are never used and frozen: they are kept for
their names and their 49,408 numbers.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.ml.models.skeleton.future import ended
from training.ml.models.skeleton.graphs import graph_named
from training.ml.models.skeleton.layers import checked, folded

FRAMES = 50
HIDDEN = 128
TEMPERATURE = 0.5
DECAY = 0.1
"""What the columns of a link matrix sum to."""
VARIANCE = 5e-4
NO_LINK = 0.95
"""The prior of type 0; the others share the rest."""


class Guess(NamedTuple):
    """What the module says of bodies, and what it is judged by."""

    links_BEVV: Tensor
    """A matrix for each active type, (A + I) · D⁻¹ · 0.1."""
    logits_BPK: Tensor
    predicted_BVTC: Tensor
    """Frames 1 to T - 1, each from the true one before it."""
    true_BVTC: Tensor
    seen_B: Tensor
    """Bodies that are not zeros all along."""


class Relations(nn.Module):
    """Every ordered pair of different joints, sender by sender; not in the state dict."""

    senders_PV: Tensor
    receivers_PV: Tensor

    def __init__(self, joints: int) -> None:
        super().__init__()
        sender_P, receiver_P = (1 - torch.eye(joints, device="cpu")).nonzero().T
        one_VV = torch.eye(joints)
        self.joints = joints
        self.register_buffer("senders_PV", one_VV[sender_P], persistent=False)
        self.register_buffer("receivers_PV", one_VV[receiver_P], persistent=False)

    def pairs(self, x_BVD: Tensor) -> Tensor:
        """What the receiver has, then what the sender has, for every pair: (B, P, 2D)."""
        return torch.cat([self.receivers_PV @ x_BVD, self.senders_PV @ x_BVD], -1)

    def mapped_pairs(self, layer: nn.Linear, x_BVD: Tensor) -> Tensor:
        """What a layer makes of `pairs`, computed joint by joint: for 25 joints a 24th of its products."""
        of_receiver, of_sender = layer.weight.chunk(2, 1)
        received_BVD = functional.linear(x_BVD, of_receiver, layer.bias)
        return self.receivers_PV @ received_BVD + self.senders_PV @ functional.linear(x_BVD, of_sender)

    def received(self, x_BPD: Tensor) -> Tensor:
        """The sum of what reaches each joint: (B, V, D)."""
        return self.receivers_PV.T @ x_BPD

    def matrices(self, edges_BPK: Tensor) -> Tensor:
        """Link matrices (B, K - 1, V, V) of active types, columns summing to 0.1."""
        active_BEP = edges_BPK[..., 1:].transpose(1, 2)
        links_BEVV = (active_BEP[..., None, :] * self.senders_PV.T) @ self.receivers_PV
        links_BEVV = links_BEVV + torch.eye(self.joints, dtype=edges_BPK.dtype, device=edges_BPK.device)
        return links_BEVV / links_BEVV.sum(-2, keepdim=True) * DECAY


class Perceptron(nn.Module):
    """Two layers with ELU, then a batch norm over bodies and rows."""

    def __init__(self, width: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.bn = nn.BatchNorm1d(hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x_BRD: Tensor) -> Tensor:
        """(B, R, hidden)."""
        x_BRD = functional.elu(self.fc2(self.dropout(functional.elu(self.fc1(x_BRD)))))
        normed_BDR: Tensor = self.bn(x_BRD.transpose(1, 2))
        return normed_BDR.transpose(1, 2)


class Encoder(nn.Module):
    """The type of every pair's link, from joints to pairs to joints to pairs: equations 2 to 5."""

    def __init__(self, width: int, types: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.mlp1 = Perceptron(width, hidden, dropout)
        self.mlp2 = Perceptron(2 * hidden, hidden, dropout)
        self.mlp3 = Perceptron(hidden, hidden, dropout)
        self.mlp4 = Perceptron(3 * hidden, hidden, dropout)
        self.fc_out = nn.Linear(hidden, types)

    def forward(self, x_BVTC: Tensor, relations: Relations) -> Tensor:
        """Logits (B, P, K)."""
        pairs_BPD = self.mlp2(relations.pairs(self.mlp1(x_BVTC.flatten(2))))
        joints_BVD = self.mlp3(relations.received(pairs_BPD) / relations.joints)
        pairs_BPD = self.mlp4(torch.cat([relations.pairs(joints_BVD), pairs_BPD], -1))
        logits_BPK: Tensor = self.fc_out(pairs_BPD)
        return logits_BPK


class Decoder(nn.Module):
    """The next pose from this one and messages along the active links, by a gated unit: equations 6 and 7."""

    def __init__(self, channels: int, types: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.hidden, self.types, self.rate = hidden, types, dropout
        self.msg_fc1 = nn.ModuleList([nn.Linear(2 * hidden, hidden) for _ in range(types)])
        self.msg_fc2 = nn.ModuleList([nn.Linear(hidden, hidden) for _ in range(types)])
        for unused in (self.msg_fc1[0], self.msg_fc2[0]):
            unused.requires_grad_(False)
        self.hidden_r = nn.Linear(hidden, hidden, bias=False)
        self.hidden_i = nn.Linear(hidden, hidden, bias=False)
        self.hidden_n = nn.Linear(hidden, hidden, bias=False)
        self.input_r = nn.Linear(channels, hidden)
        self.input_i = nn.Linear(channels, hidden)
        self.input_n = nn.Linear(channels, hidden)
        self.out_fc1 = nn.Linear(hidden, hidden)
        self.out_fc2 = nn.Linear(hidden, hidden)
        self.out_fc3 = nn.Linear(hidden, channels)

    def forward(self, x_BVTC: Tensor, edges_BPK: Tensor, relations: Relations) -> Tensor:
        """Frames 1 to T - 1 foretold one step at a time, (B, V, T - 1, C)."""
        memory_BVD = x_BVTC.new_zeros(*x_BVTC.shape[:2], self.hidden)
        foretold = []
        for pose_BVC in x_BVTC[:, :, :-1].unbind(2):
            memory_BVD = self._remembered(pose_BVC, memory_BVD, edges_BPK, relations)
            foretold.append(pose_BVC + self._moved(memory_BVD))
        return torch.stack(foretold, 2)

    def _remembered(
        self, pose_BVC: Tensor, memory_BVD: Tensor, edges_BPK: Tensor, relations: Relations
    ) -> Tensor:
        messages_BPD = memory_BVD.new_zeros(*edges_BPK.shape[:2], self.hidden)
        for k in range(1, self.types):
            first = self.msg_fc1[k]
            assert isinstance(first, nn.Linear)  # noqa: S101 - as __init__ made them
            heard_BPD = self._dropped(torch.tanh(relations.mapped_pairs(first, memory_BVD)))
            said_BPD = torch.tanh(self.msg_fc2[k](heard_BPD))
            messages_BPD = messages_BPD + said_BPD * edges_BPK[..., k : k + 1] / (self.types - 1)
        heard_BVD = relations.received(messages_BPD) / pose_BVC.shape[-1]
        reset_BVD = torch.sigmoid(self.input_r(pose_BVC) + self.hidden_r(heard_BVD))
        keep_BVD = torch.sigmoid(self.input_i(pose_BVC) + self.hidden_i(heard_BVD))
        new_BVD = torch.tanh(self.input_n(pose_BVC) + reset_BVD * self.hidden_n(heard_BVD))
        return (1 - keep_BVD) * new_BVD + keep_BVD * memory_BVD

    def _moved(self, memory_BVD: Tensor) -> Tensor:
        x_BVD = self._dropped(torch.relu(self.out_fc1(memory_BVD)))
        moved_BVC: Tensor = self.out_fc3(self._dropped(torch.relu(self.out_fc2(x_BVD))))
        return moved_BVC

    def _dropped(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.rate, self.training)


class AIM(nn.Module):
    """The whole module, which the first stage of training trains by itself."""

    def __init__(self, graph: str, channels: int, active_links: int, dropout: float) -> None:
        super().__init__()
        self.graph, self.channels, self.joints = graph, channels, len(graph_named(graph).joints)
        self.relations = Relations(self.joints)
        self.encoder = Encoder(FRAMES * channels, active_links + 1, HIDDEN, dropout)
        self.decoder = Decoder(channels, active_links + 1, HIDDEN, dropout)

    def forward(self, x_NCTVM: Tensor) -> Guess:
        """Links of all bodies and the motion told again from them; draws from torch's numbers in training."""
        true_BVTC = sampled(checked(x_NCTVM, self.channels, self.joints, self.graph))
        logits_BPK = self.encoder(true_BVTC, self.relations)
        edges_BPK = chosen(logits_BPK, draw=self.training)
        return Guess(
            links_BEVV=self.relations.matrices(edges_BPK),
            logits_BPK=logits_BPK,
            predicted_BVTC=self.decoder(true_BVTC, edges_BPK, self.relations),
            true_BVTC=true_BVTC,
            seen_B=(true_BVTC != 0).flatten(1).any(1),
        )


def sampled(x_NCTVM: Tensor) -> Tensor:
    """Fifty frames at even steps of each clip, (B, V, 50, C), from its first to the last in which anybody is.

    Clips of fifty frames or fewer repeat themselves from the beginning.
    """
    lengths_N = ended(x_NCTVM).clamp(min=1)[:, None]
    number_T = torch.arange(FRAMES, device=x_NCTVM.device)
    at_NT = torch.where(lengths_N > FRAMES, number_T * lengths_N // FRAMES, number_T % lengths_N)
    n, c, _, v, m = x_NCTVM.shape
    return folded(x_NCTVM.gather(2, at_NT[:, None, :, None, None].expand(n, c, FRAMES, v, m))).permute(
        0, 3, 2, 1
    )


def chosen(logits_BPK: Tensor, *, draw: bool) -> Tensor:
    """One type for every pair, as ones and zeros: drawn by Gumbel softmax, or else the likeliest."""
    if draw:
        return functional.gumbel_softmax(logits_BPK, TEMPERATURE, hard=True)
    return functional.one_hot(logits_BPK.argmax(-1), logits_BPK.shape[-1]).to(logits_BPK.dtype)


def aim_loss(guess: Guess) -> Tensor:
    """Negative log-likelihood of the motion and divergence of links from their prior: equation 8.

    Both are summed over what a body has, divided by its joints, and averaged over the bodies that are seen.
    """
    joints, types = guess.true_BVTC.shape[1], guess.logits_BPK.shape[-1]
    miss_B = (guess.predicted_BVTC - guess.true_BVTC[:, :, 1:]).square().sum((1, 2, 3)) / (2 * VARIANCE)
    prior_K = guess.logits_BPK.new_full((types,), (1 - NO_LINK) / (types - 1))
    prior_K[0] = NO_LINK
    log_BPK = guess.logits_BPK.log_softmax(-1)
    divergence_B = (log_BPK.exp() * (log_BPK - prior_K.log())).sum((1, 2))
    per_body_B = (miss_B + divergence_B) / joints
    return (per_body_B * guess.seen_B).sum() / guess.seen_B.sum().clamp(min=1)


def create_aim(
    *, graph: str = "ntu25", channels: int = 3, active_links: int = 2, dropout: float = 0.5
) -> AIM:
    """The module with random numbers; seed torch before. Raises BadGraph for a graph that is none."""
    net = AIM(graph, channels, active_links, dropout)
    for part in net.encoder.modules():
        if isinstance(part, nn.Linear):
            nn.init.xavier_normal_(part.weight)
            nn.init.constant_(part.bias, 0.1)
    return net

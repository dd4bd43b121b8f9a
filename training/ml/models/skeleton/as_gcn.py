"""AS-GCN: graph convolutions along bones, up to four hops, and along links inferred from the motion.

Li, Chen, Chen, Zhang, Wang, Tian: "Actional-Structural Graph Convolutional Networks for Skeleton-Based
Action Recognition" (CVPR 2019, arXiv 1904.12659), sections 3 and 4. Parameters have the names of the public
code (AS-GCN, the authors'), so that its checkpoints load by key; `public.py` joins their
two files.

Links of the body are the buffer `A`; those of the action come from AIM, whose encoder is held here as
buffers (`aim.encoder.*`): it is trained before, by itself, and frozen here. Every block has two tables of
kernels: out = Σ_k A_k ∘ M_k · (W_k x) over the nine, + λ · Σ over the active types.

Deviations from the public code, each on purpose; with its weights, links and last poses the logits and the
moves of the prediction head are its own to the last digits:

- an edge importance is a Parameter of its own, `edge_importance.0` to `.8`, where a list of them was empty in
  replicas; `edge_importance_recon.7` and `.8` are never used there: frozen here, kept for name and count;
- links are drawn in training, but each pair takes its likeliest type in evaluation, where the public code
  draws too; and AIM stays as its own stage left it, while there its norms go on counting and it drops out;
- the last pose is repeated along the future: number f of the ten starts at the last x, y, z. The public code
  mixes the axes (coordinate c of pose f starts at the last pose's coordinate (10 c + f) mod 3), and weights
  that were learnt so foretell with `anchor="public"` only;
- the last block of the prediction head drops nothing out: a dropped move is a pose that stands still;
- the prediction head takes any length: what reaches its last temporal convolution is averaged to the five
  frames that it spans, which leaves clips of 257 to 320 observed frames as they are;
- `class_layer_1` sees each batch once, not twice.
"""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.ml.layers import Layers
from training.ml.models.contract import Network, Takes, WrongInput, WrongOption
from training.ml.models.skeleton.aim import AIM, create_aim
from training.ml.models.skeleton.as_gcn_blocks import Block, FrozenLinks, ReconBlock
from training.ml.models.skeleton.future import last_pose
from training.ml.models.skeleton.graphs import S_HOPS, graph_named, s_links
from training.ml.models.skeleton.layers import (
    Importances,
    checked,
    classified,
    folded,
    normalised,
    unfolded,
)

Anchor = Literal["pose", "public"]
"""Where foretold poses start: at the last one, or as the public code mixes its coordinates."""
STRENGTH = 0.5
"""λ, the weight of the active links."""
FUTURE = 10
"""Poses that the prediction head foretells."""
_CLASS = ((64, 1), (64, 1), (64, 1), (128, 2), (128, 1), (128, 1), (256, 2), (256, 1), (256, 1))
"""Channels and temporal stride."""
_RECON = ((9, 1), (9, 2), (9, 2), (9, 2), (3, 2))
"""Temporal kernel and stride, with 128 channels."""
_RECON_WIDTH, _RECON_LAST, _RECON_IMPORTANCES = 128, 5, 9


class Heads(NamedTuple):
    """Both heads' outputs for one batch."""

    logits_NC: Tensor
    future_NCFVM: Tensor


class ASGCN(nn.Module):
    """The network with both heads; a fresh one has random links until `take_links` gives it trained ones."""

    A: Tensor

    def __init__(
        self,
        num_classes: int,
        graph: str,
        channels: int,
        active_links: int,
        adjacency_KVV: Tensor,
        strength: float,
        dropout: float,
        checkpointing: bool,
        anchor: Anchor,
    ) -> None:
        super().__init__()
        joints, kernels = adjacency_KVV.shape[1], len(adjacency_KVV) + active_links
        self.graph, self.channels, self.joints = graph, channels, joints
        self.active_links, self.strength, self.anchor = active_links, strength, anchor
        self.register_buffer("A", adjacency_KVV)
        self.data_bn = nn.BatchNorm1d(channels * joints)
        width = channels
        for n, (out, stride) in enumerate(_CLASS):
            block = Block(
                width, out, kernels, (9, stride), dropout, plain=n == 0, checkpointing=checkpointing
            )
            self.add_module(f"class_layer_{n}", block)
            width = out
        self.fcn = nn.Conv2d(width, num_classes, 1)
        for n, time in enumerate(_RECON):
            block = Block(width, _RECON_WIDTH, kernels, time, dropout, checkpointing=checkpointing)
            self.add_module(f"recon_layer_{n}", block)
            width = _RECON_WIDTH
        self.recon_layer_5 = Block(
            width,
            width,
            kernels,
            (_RECON_LAST, 1),
            dropout,
            plain=True,
            padded=False,
            checkpointing=checkpointing,
        )
        self.recon_layer_6 = ReconBlock(width + channels, FUTURE * channels, kernels)
        self.edge_importance = Importances(len(_CLASS), adjacency_KVV)
        self.edge_importance_recon = Importances(_RECON_IMPORTANCES, adjacency_KVV)
        for unused in (7, 8):
            self.edge_importance_recon[unused].requires_grad_(False)
        self.aim = FrozenLinks(channels, joints, active_links)

    def forward(self, x_NCTVM: Tensor) -> Tensor:
        """Logits (N, classes) along links inferred from the same skeletons; one frame is enough."""
        return self.recognise(x_NCTVM, self.links(x_NCTVM))

    def links(self, x_NCTVM: Tensor) -> Tensor:
        """AIM's links of every body, (N · M, active types, V, V): drawn in training, else the likeliest."""
        x_NCTVM = checked(x_NCTVM, self.channels, self.joints, self.graph)
        links_BEVV: Tensor = self.aim(x_NCTVM, draw=self.training)
        return links_BEVV

    def recognise(self, x_NCTVM: Tensor, links_BEVV: Tensor) -> Tensor:
        """Logits (N, classes) along given links, as `links` gives them."""
        return classified(self.fcn, self._seen(x_NCTVM, links_BEVV), x_NCTVM.shape[4])

    def features(self, x_NCTVM: Tensor) -> Tensor:
        """The last block of recognition, every person by itself: (N · M, 256, ⌈T / 4⌉, V)."""
        return self._seen(x_NCTVM, self.links(x_NCTVM))

    def predict(self, x_NCTVM: Tensor) -> Tensor:
        """The ten poses after the last that was seen of each person, (N, C, 10, V, M); zeros if none was."""
        last_NCVM, seen_NM = last_pose(x_NCTVM)
        future_NCFVM = self.heads(x_NCTVM, last_NCVM, self.links(x_NCTVM)).future_NCFVM
        return future_NCFVM * seen_NM[:, None, None, None, :]

    def heads(self, x_NCTVM: Tensor, last_NCVM: Tensor, links_BEVV: Tensor) -> Heads:
        """Logits, and the ten poses that follow `last_NCVM`, from one pass over the observed frames."""
        persons = x_NCTVM.shape[4]
        features_BCTV = self._seen(x_NCTVM, links_BEVV)
        last_BC1V = folded(last_NCVM[:, :, None])
        moved_BCFV = torch.unflatten(
            self._moved(features_BCTV, last_BC1V, links_BEVV)[:, :, 0], 1, (self.channels, FUTURE)
        )
        logits_NC = classified(self.fcn, features_BCTV, persons)
        return Heads(logits_NC, unfolded(self._start(last_BC1V) + moved_BCFV, persons))

    def layers(self) -> Layers:
        """The nine blocks of recognition with their importances, then all that foretells poses."""
        first, *others = ((f"class_layer_{n}", f"edge_importance.{n}") for n in range(len(_CLASS)))
        foretelling = (*(f"recon_layer_{n}" for n in range(len(_RECON) + 2)), "edge_importance_recon")
        return Layers((("data_bn", *first), *others, foretelling), ("fcn",), fixed=("A",))

    def take_links(self, aim: AIM) -> None:
        """AIM's encoder as it is now; raises WrongInput for one of another size or graph."""
        theirs, ours = aim.encoder.state_dict(), self.aim.encoder.state_dict()
        sizes_differ = any(ours[name].shape != tensor.shape for name, tensor in theirs.items())
        if aim.graph != self.graph or sizes_differ:
            raise WrongInput(
                f"The links were learnt on {aim.graph} with {aim.decoder.types - 1} active types, this "
                f"network is on {self.graph} with {self.active_links}: train AIM with the network's options."
            )
        self.aim.encoder.load_state_dict(theirs)

    def _seen(self, x_NCTVM: Tensor, links_BEVV: Tensor) -> Tensor:
        x_BCTV = folded(checked(x_NCTVM, self.channels, self.joints, self.graph))
        wanted = (x_BCTV.shape[0], self.active_links, self.joints, self.joints)
        if links_BEVV.shape != wanted:
            raise WrongInput(f"These skeletons need links of shape {wanted}, not {tuple(links_BEVV.shape)}.")
        x_BCTV = normalised(self.data_bn, x_BCTV)
        for n in range(len(_CLASS)):
            block = self.get_submodule(f"class_layer_{n}")
            x_BCTV = block(x_BCTV, self.A * self.edge_importance[n], self.strength * links_BEVV)
        return x_BCTV

    def _start(self, last_BC1V: Tensor) -> Tensor:
        if self.anchor == "pose":
            return last_BC1V
        return torch.unflatten(last_BC1V[:, :, 0].repeat(1, FUTURE, 1), 1, (self.channels, FUTURE))

    def _moved(self, x_BCTV: Tensor, last_BC1V: Tensor, links_BEVV: Tensor) -> Tensor:
        for n in range(len(_RECON) + 2):
            if n == len(_RECON):
                x_BCTV = functional.adaptive_avg_pool2d(x_BCTV, (_RECON_LAST, self.joints))
            if n == len(_RECON) + 1:
                x_BCTV = torch.cat([x_BCTV, last_BC1V], 1)
            block = self.get_submodule(f"recon_layer_{n}")
            x_BCTV = block(x_BCTV, self.A * self.edge_importance_recon[n], self.strength * links_BEVV)
        return x_BCTV


def create_as_gcn(
    *,
    num_classes: int = 60,
    graph: str = "ntu25",
    channels: int = 3,
    active_links: int = 2,
    hops: int = S_HOPS,
    strength: float = STRENGTH,
    dropout: float = 0.5,
    checkpointing: bool = False,
    anchor: Anchor = "pose",
) -> ASGCN:
    """The network with torch's random numbers; seed torch before.

    `active_links` are the types beside "no link", which AIM tells apart too but which has no kernel.
    `checkpointing` computes graph convolutions again in the backward pass instead of keeping them.
    `anchor` "public" is for weights of the public code, whose prediction head learnt from mixed coordinates.
    Raises BadGraph for a graph that is none, WrongOption for another anchor.
    """
    if anchor not in ("pose", "public"):
        raise WrongOption(f"Foretold poses start at a pose or as the public code has it, not at {anchor!r}.")
    links_KVV = s_links(graph_named(graph), hops)
    adjacency_KVV = torch.empty(links_KVV.shape).copy_(links_KVV)  # on the default device, in its precision
    net = ASGCN(
        num_classes, graph, channels, active_links, adjacency_KVV, strength, dropout, checkpointing, anchor
    )
    net.take_links(create_aim(graph=graph, channels=channels, active_links=active_links))
    return net


NETWORKS = (
    Network(
        name="as_gcn",
        title="AS-GCN",
        build=create_as_gcn,
        takes=Takes.SKELETON,
        classes=60,
        parameters=6_987_478,
        source="Li et al., CVPR 2019; the authors' AS-GCN; AIM's weights are a file of their own",
        frames=290,
        side=0,
        mean=(0.0,) * 3,
        deviation=(1.0,) * 3,
    ),
)

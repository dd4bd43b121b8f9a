"""A linear classifier of how head and arms lie and move: few numbers to learn, for sites with few clips.

Of each person the places of head, shoulders, elbows and wrists about the neck, in lengths of the trunk, and
their speeds are told by statistics over the clip: means, deviations, deciles, means of its quarters, how long
a wrist is near the head, and the spectrum of what moves to and fro (of longer clips in the first 64 frames).
Persons are told by their mean and half their range, whoever comes first. Everything is given as the pose
network sees it, in the picture's plane. A joint that is seen in no frame of a clip lies at the origin.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.ml.layers import Layers
from training.ml.models.contract import Network, Takes, WrongOption
from training.ml.models.skeleton.graphs import graph_named
from training.ml.models.skeleton.layers import checked

ARMS = ("right_elbow", "right_wrist", "left_elbow", "left_wrist")
TOLD = ("head", *ARMS, "right_shoulder", "left_shoulder")
NEAR = (0.2, 0.3, 0.45, 0.6, 0.9)
"""Lengths of the trunk within which a wrist is near the head."""
QUARTERS, WAVES = 4, 16
_FRAME = 4 * len(TOLD) + 6
"""Numbers of a person in a frame: places, speeds, and wrists seen from the head and from each other."""
FEATURES = 2 * ((4 + QUARTERS) * _FRAME + 2 * len(NEAR) + 2 * WAVES * (1 + len(ARMS)))
_SHOULDERS = 1.3
"""Widths of the shoulders, seen from the front, that a trunk is long."""
_LEAST_TRUNK = 0.05
"""In heights of the tallest body."""


class LimbStatistics(nn.Module):
    """The statistics, brought to mean 0 and deviation 1, and one linear layer."""

    def __init__(self, num_classes: int, graph: str, dropout: float) -> None:
        super().__init__()
        joints = {name: n for n, name in enumerate(graph_named(graph).joints)}
        if graph_named(graph).dims != 2 or not {"neck", "right_hip", "left_hip", *TOLD} <= joints.keys():
            raise WrongOption(
                "Statistics of limbs need head, neck, shoulders, arms and hips in the picture, and the "
                f"graph {graph} has not all of them: take cpm14."
            )
        self.graph, self.joints = graph, len(joints)
        self._told = [joints[name] for name in TOLD]
        self._neck, self._hips = joints["neck"], [joints["right_hip"], joints["left_hip"]]
        self.norm = nn.BatchNorm1d(FEATURES, affine=False)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(FEATURES, num_classes)
        nn.init.zeros_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x_NCTVM: Tensor) -> Tensor:
        """Logits (N, classes). Channels are x, y and confidence; a confidence of 0 is a joint not seen."""
        x_NF = self.statistics(checked(x_NCTVM, 3, self.joints, self.graph))
        if self.training and len(x_NF) == 1:  # one clip has no deviation
            norm = self.norm
            x_NF = functional.batch_norm(x_NF, norm.running_mean, norm.running_var, eps=norm.eps)
        else:
            x_NF = self.norm(x_NF)
        logits_NC: Tensor = self.fc(self.dropout(x_NF))
        return logits_NC

    def statistics(self, x_NCTVM: Tensor) -> Tensor:
        """(N, FEATURES) of clips, zeros where nobody is seen."""
        x_NMTVC = x_NCTVM.permute(0, 4, 2, 3, 1)
        seen_NMTV = x_NMTVC[..., 2] > 0
        place_NMTV2 = _filled(x_NMTVC[..., :2], seen_NMTV)
        neck_NMT2 = place_NMTV2[:, :, :, self._neck]
        size_NM = self._trunk(place_NMTV2, seen_NMTV)
        told_NMTJ2 = (place_NMTV2[:, :, :, self._told] - neck_NMT2[:, :, :, None]) / size_NM[
            :, :, None, None, None
        ]
        there_NM = seen_NMTV.flatten(2).any(2)
        person_NMF = _person(told_NMTJ2)
        return _together(person_NMF, there_NM)

    def _trunk(self, place_NMTV2: Tensor, seen_NMTV: Tensor) -> Tensor:
        """The length of each person's trunk; told by the shoulders of who stands behind something."""
        neck_NMT2 = place_NMTV2[:, :, :, self._neck]
        trunk_NMT = (place_NMTV2[:, :, :, self._hips].mean(3) - neck_NMT2).norm(dim=-1)
        right, left = (place_NMTV2[:, :, :, joint] for joint in self._told[-2:])
        width_NMT = _SHOULDERS * (right - left).norm(dim=-1)
        hips_NM1 = seen_NMTV[:, :, :, self._hips].any(2).all(2, keepdim=True)
        return torch.where(hips_NM1, trunk_NMT, width_NMT).median(2).values.clamp(min=_LEAST_TRUNK)

    def layers(self) -> Layers:
        """There is but the head."""
        return Layers((), ("fc",))


def _filled(place_NMTV2: Tensor, seen_NMTV: Tensor) -> Tensor:
    """Places with what was not seen put on the line between the frames before and after in which it was."""
    frames = seen_NMTV.shape[2]
    t_T = torch.arange(frames, device=place_NMTV2.device)[:, None]
    before = torch.where(seen_NMTV, t_T, -1).cummax(2).values
    after = torch.where(seen_NMTV, t_T, frames).flip(2).cummin(2).values.flip(2)
    first, last = after[:, :, :1], before[:, :, -1:]
    before = torch.where(before < 0, first, before).clamp(0, frames - 1)
    after = torch.where(after >= frames, last, after).clamp(0, frames - 1)
    share = ((t_T - before) / (after - before).clamp(min=1)).clamp(0, 1)[..., None]
    a, b = (place_NMTV2.gather(2, each[..., None].expand_as(place_NMTV2)) for each in (before, after))
    return a + (b - a) * share


def _person(told_NMTJ2: Tensor) -> Tensor:
    """(N, M, F) of each person."""
    head, wrists = told_NMTJ2[:, :, :, :1], told_NMTJ2[:, :, :, [2, 4]]
    seen_from = torch.cat([wrists - head, wrists[:, :, :, :1] - wrists[:, :, :, 1:]], 3)
    speed = torch.gradient(told_NMTJ2, dim=2)[0] if told_NMTJ2.shape[2] > 1 else torch.zeros_like(told_NMTJ2)
    frame_NMTF = torch.cat([told_NMTJ2.flatten(3), seen_from.flatten(3), 2 * speed.flatten(3)], 3)
    low, high = frame_NMTF.quantile(torch.tensor([0.1, 0.9], device=frame_NMTF.device).to(frame_NMTF), dim=2)
    parts = [frame_NMTF.mean(2), frame_NMTF.std(2, correction=0), low, high]
    parts += [part.mean(2) for part in _quarters(frame_NMTF)]
    far_NMT2 = (wrists - head).norm(dim=-1).sort(-1).values
    parts += [(far_NMT2 < near).to(far_NMT2).mean(2) for near in NEAR]
    waving = told_NMTJ2[:, :, :, : 1 + len(ARMS)].flatten(3)
    spectrum = torch.fft.rfft(waving - waving.mean(2, keepdim=True), n=4 * WAVES, dim=2).abs()
    parts.append(spectrum[:, :, 1 : 1 + WAVES].flatten(2) / waving.shape[2])
    return torch.cat(parts, 2)


def _quarters(frame_NMTF: Tensor) -> list[Tensor]:
    frames = frame_NMTF.shape[2]
    edges = [k * frames // QUARTERS for k in range(QUARTERS + 1)]
    return [frame_NMTF[:, :, min(a, frames - 1) : max(b, a + 1)] for a, b in pairwise(edges)]


def _together(person_NMF: Tensor, there_NM: Tensor) -> Tensor:
    """Mean and half the range over the persons who are there."""
    there = there_NM[..., None]
    count_N1 = there_NM.sum(1, keepdim=True).clamp(min=1)
    mean_NF = torch.where(there, person_NMF, 0).sum(1) / count_N1
    top_NF = torch.where(there, person_NMF, -torch.inf).amax(1)
    low_NF = torch.where(there, person_NMF, torch.inf).amin(1)
    range_NF = torch.where(there_NM.any(1, keepdim=True), (top_NF - low_NF) / 2, 0)
    return torch.cat([mean_NF, range_NF], 1)


def create_limb_statistics(
    *, num_classes: int = 8, graph: str = "cpm14", dropout: float = 0.3
) -> LimbStatistics:
    """A classifier of x_NCTVM with any T and M. Raises WrongOption for graphs that lack what it tells of."""
    return LimbStatistics(num_classes, graph, dropout)


NETWORKS = (
    Network(
        name="limb_statistics",
        title="Statistics of limbs",
        build=create_limb_statistics,
        takes=Takes.SKELETON,
        classes=8,
        parameters=FEATURES * 8 + 8,
        source="Rushes; nothing is published with it",
        frames=48,
        joints=14,
        side=0,
        mean=(0.0,) * 3,
        deviation=(1.0,) * 3,
    ),
)

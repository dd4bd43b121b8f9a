"""Joints, velocities and bones: the three inputs that a multi-branch network makes of skeletons.

Song, Zhang, Shan, Wang: "Constructing Stronger and Faster Baselines for Skeleton-based Action Recognition"
(TPAMI 2022, arXiv 2106.15125), section 3.1. Each input has 2 C channels for C coordinates:

- joint: where it is, and where from the graph's centre;
- velocity: its way to the next frame and to the one after; zeros in the last two, as in the authors' code;
- bone: from the next joint towards the centre, and the angle between that and each axis,
  arccos(b_c / (|b| + 0.0001)), the centre's own bone being nothing.

An absent person is zeros, of which every joint and bone is zeros and every angle a right one, as there.
"""

from collections import deque

import torch
from torch import Tensor

from training.ml.models.skeleton.graphs import Graph

BRANCHES = ("joint", "velocity", "bone")
_TINY = 1e-4


def towards_centre(graph: Graph) -> tuple[int, ...]:
    """For every joint the next one on the way to the graph's centre; the centre is its own."""
    near: list[list[int]] = [[] for _ in graph.joints]
    for a, b in graph.bones:
        near[a].append(b)
        near[b].append(a)
    next_V = list(range(len(graph.joints)))
    waiting, seen = deque([graph.centre]), {graph.centre}
    while waiting:
        here = waiting.popleft()
        for there in near[here]:
            if there not in seen:
                seen.add(there)
                next_V[there] = here
                waiting.append(there)
    return tuple(next_V)


def joints_of(x_BCTV: Tensor, centre: int) -> Tensor:
    """Places, and places from the centre: (B, 2C, T, V)."""
    return torch.cat([x_BCTV, x_BCTV - x_BCTV[..., centre : centre + 1]], 1)


def velocities_of(x_BCTV: Tensor) -> Tensor:
    """Ways within one and within two frames: (B, 2C, T, V), of which the last two frames are zeros."""
    velocity_BDTV = torch.zeros_like(torch.cat([x_BCTV, x_BCTV], 1))
    if x_BCTV.shape[2] > 2:
        before_BCTV = x_BCTV[:, :, :-2]
        ways = [x_BCTV[:, :, 1:-1] - before_BCTV, x_BCTV[:, :, 2:] - before_BCTV]
        velocity_BDTV[:, :, :-2] = torch.cat(ways, 1)
    return velocity_BDTV


def bones_of(x_BCTV: Tensor, next_V: Tensor) -> Tensor:
    """Bones, and their angles with the axes in radians: (B, 2C, T, V)."""
    bone_BCTV = x_BCTV - x_BCTV[..., next_V]
    length_B1TV = torch.linalg.vector_norm(bone_BCTV, dim=1, keepdim=True) + _TINY
    return torch.cat([bone_BCTV, torch.acos(bone_BCTV / length_B1TV)], 1)

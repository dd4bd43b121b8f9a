"""Skeletons as graphs, and the adjacencies that graph convolutions take from them.

Yan, Xiong, Lin: "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition" (AAAI
2018, arXiv 1801.07455), section 3.3; Li et al.: "Actional-Structural Graph Convolutional Networks" (CVPR
2019, arXiv 1904.12659), section 3.2, whose structural links are the same partition with `max_hop` 4.

Every adjacency is A[..., v, w]: what joint w gathers from joint v; columns sum to one.

As in both public codes, joints whose hops to the root are more than `max_hop` count as equally far from it:
public weights were learned so. With `max_hop` 1 "closer" and "further" are therefore told apart beside the
root only, and what an unlimited distance would split falls into the first two parts together.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from training.ml.errors import LearningError
from training.ml.models.skeleton import layouts

Strategy = Literal["uniform", "distance", "spatial"]
S_HOPS = 4
"""Hops of AS-GCN's structural links: 1 + 2 · 4 = 9 adjacencies."""


class BadGraph(LearningError):  # noqa: N818
    """No skeleton graph has this name, or no adjacency can be made with these numbers."""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """One skeleton; joints are numbered as its source writes them."""

    name: str
    joints: tuple[str, ...]
    bones: tuple[tuple[int, int], ...]
    """Pairs of joint numbers, a tree over all joints."""
    root: int
    """The joint that the spatial partition is seen from."""
    dims: int
    """3 for x, y, z in metres; 2 for x, y in the picture and a confidence."""
    centre: int
    """The joint that preprocessing moves to the origin."""

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Every left joint with its right one."""
        number = {joint: n for n, joint in enumerate(self.joints)}
        return tuple(
            (n, number[joint.replace("left_", "right_", 1)])
            for n, joint in enumerate(self.joints)
            if joint.startswith("left_")
        )

    @property
    def mirrored(self) -> tuple[int, ...]:
        """For every joint the number of the one on the other side, itself where there is none."""
        swapped = {a: b for pair in self.pairs for a, b in (pair, pair[::-1])}
        return tuple(swapped.get(n, n) for n in range(len(self.joints)))


def _graph(
    name: str, joints: tuple[str, ...], bones: tuple[tuple[int, int], ...], root: str, centre: str, dims: int
) -> Graph:
    return Graph(
        name=name,
        joints=joints,
        bones=bones,
        root=joints.index(root),
        centre=joints.index(centre),
        dims=dims,
    )


GRAPHS: dict[str, Graph] = {
    each.name: each
    for each in (
        _graph("ntu25", layouts.NTU25, layouts.NTU25_BONES, "shoulder_centre", "spine", 3),
        _graph("openpose25", layouts.OPENPOSE25, layouts.OPENPOSE25_BONES, "hip_centre", "hip_centre", 2),
        _graph("openpose18", layouts.OPENPOSE18, layouts.OPENPOSE18_BONES, "neck", "neck", 2),
        _graph("coco17", layouts.COCO17, layouts.COCO17_BONES, "nose", "nose", 2),
        _graph("utd20", layouts.UTD20, layouts.UTD20_BONES, "shoulder_centre", "spine", 3),
        _graph("kinect20", layouts.KINECT20, layouts.KINECT20_BONES, "shoulder_centre", "spine", 3),
        _graph("msr20", layouts.MSR20, layouts.MSR20_BONES, "shoulder_centre", "spine", 3),
        _graph("cpm14", layouts.CPM14, layouts.CPM14_BONES, "neck", "neck", 2),
        _graph("mads19", layouts.MADS19, layouts.MADS19_BONES, "neck", "hip_centre", 3),
    )
}


def graph_named(name: str) -> Graph:
    """The graph of that name; raises BadGraph with those that there are."""
    if name not in GRAPHS:
        raise BadGraph(f"There is no skeleton graph named {name}; there are: {', '.join(sorted(GRAPHS))}.")
    return GRAPHS[name]


def hop_distance(graph: Graph, max_hop: int | None = None) -> Tensor:
    """Bones between every two joints, (V, V) float64; infinite beyond `max_hop` where one is given."""
    near: list[list[int]] = [[] for _ in graph.joints]
    for a, b in graph.bones:
        near[a].append(b)
        near[b].append(a)
    rows = [_hops_from(start, near) for start in range(len(graph.joints))]
    hops_VV = torch.tensor(rows, dtype=torch.float64, device="cpu")
    return hops_VV if max_hop is None else hops_VV.masked_fill(hops_VV > max_hop, torch.inf)


def _hops_from(start: int, near: list[list[int]]) -> list[float]:
    hops = [float("inf")] * len(near)
    hops[start] = 0
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there in near[here]:
            if hops[there] == float("inf"):
                hops[there] = hops[here] + 1
                waiting.append(there)
    return hops


def column_normalised(adjacency_VV: Tensor) -> Tensor:
    """A · D⁻¹, D the column sums: what every joint gathers is a mean. Empty columns stay empty."""
    sums_V = adjacency_VV.sum(-2, keepdim=True)
    return adjacency_VV / sums_V.masked_fill(sums_V == 0, 1)


def partition(graph: Graph, strategy: Strategy = "spatial", *, max_hop: int = 1, dilation: int = 1) -> Tensor:
    """The adjacencies (K, V, V) of a partition of the neighbours, float64.

    `uniform`: K = 1. `distance`: one a hop. `spatial`: the joint itself with what is as far from the root or
    farther, and what is nearer, a hop each: K = 1 + 2 · hops. `dilation` takes every so-many-th hop only.
    Raises BadGraph for numbers below one or another strategy.
    """
    if max_hop < 1 or dilation < 1:
        raise BadGraph(f"max_hop and dilation are at least 1, not {max_hop} and {dilation}.")
    hops_VV = hop_distance(graph, max_hop)
    taken = range(0, max_hop + 1, dilation)
    at_KVV = torch.stack([hops_VV == hop for hop in taken])
    whole_VV = column_normalised(at_KVV.any(0).to(torch.float64))
    if strategy == "uniform":
        return whole_VV[None]
    if strategy == "distance":
        return at_KVV * whole_VV
    if strategy != "spatial":
        raise BadGraph(f"There is no partition named {strategy}; there are: uniform, distance, spatial.")
    from_root_V = hops_VV[:, graph.root]
    # v is taken by w: the neighbour v is nearer to the root than the joint w that gathers
    nearer_VV = from_root_V[:, None] < from_root_V[None, :]
    parts = [at_KVV[0]]
    for at_VV in at_KVV[1:]:
        parts += [at_VV & ~nearer_VV, at_VV & nearer_VV]
    return torch.stack(parts) * whole_VV


def s_links(graph: Graph, hops: int = S_HOPS) -> Tensor:
    """AS-GCN's structural links, (1 + 2 · hops, V, V) float64."""
    return partition(graph, "spatial", max_hop=hops)

"""Skeleton graphs are trees with two sides, and their partitions share out one normalised adjacency."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.ml.models.skeleton.graphs import (
    GRAPHS,
    BadGraph,
    Graph,
    column_normalised,
    graph_named,
    hop_distance,
    partition,
    s_links,
)

ALL = pytest.mark.parametrize("graph", GRAPHS.values(), ids=list(GRAPHS))
graphs = st.sampled_from(list(GRAPHS.values()))


@st.composite
def trees(draw: st.DrawFn) -> Graph:
    """Any tree, not only those of people."""
    v = draw(st.integers(2, 12))
    bones = tuple((n, draw(st.integers(0, n - 1))) for n in range(1, v))
    joints = tuple(str(n) for n in range(v))
    root = draw(st.integers(0, v - 1))
    return Graph(name="tree", joints=joints, bones=bones, root=root, centre=0, dims=3)


@ALL
def test_bones_reach_every_joint_once(graph: Graph) -> None:
    assert len(set(graph.joints)) == len(graph.joints)
    assert len(graph.bones) == len(graph.joints) - 1
    assert torch.isfinite(hop_distance(graph)).all()


@ALL
def test_a_bone_on_one_side_is_there_on_the_other(graph: Graph) -> None:
    bones = {frozenset(bone) for bone in graph.bones}
    assert {frozenset(graph.mirrored[n] for n in bone) for bone in bones} == bones
    assert [graph.mirrored[n] for n in graph.mirrored] == list(range(len(graph.joints)))
    assert len(graph.pairs) * 2 == sum("left" in each or "right" in each for each in graph.joints)


@pytest.mark.parametrize(
    ("name", "joints", "root"),
    [
        ("ntu25", 25, 20),
        ("openpose25", 25, 8),
        ("openpose18", 18, 1),
        ("coco17", 17, 0),
        ("utd20", 20, 1),
        ("cpm14", 14, 1),
        ("mads19", 19, 0),
    ],
)
def test_graphs_have_the_size_and_the_root_of_their_source(name: str, joints: int, root: int) -> None:
    graph = graph_named(name)
    assert (len(graph.joints), graph.root) == (joints, root)


def test_joints_are_where_the_sources_write_them() -> None:
    ntu, openpose = graph_named("ntu25").joints, graph_named("openpose25").joints
    assert [ntu.index(j) for j in ("spine", "left_shoulder", "right_shoulder", "right_thumb")] == [
        1,
        4,
        8,
        24,
    ]
    assert openpose[8] == "hip_centre"
    assert [openpose[n] for n in (2, 5, 9, 12, 15, 19, 22, 24)] == [
        *("right_shoulder", "left_shoulder", "right_hip", "left_hip"),
        *("right_eye", "left_big_toe", "right_big_toe", "right_heel"),
    ]
    assert graph_named("coco17").joints[5:9] == (
        *("left_shoulder", "right_shoulder", "left_elbow", "right_elbow"),
    )
    assert graph_named("utd20").joints[12:14] == ("left_hip", "left_knee")


@given(trees())
@settings(deadline=None, max_examples=50)
def test_hops_are_a_distance(graph: Graph) -> None:
    hops = hop_distance(graph)
    assert torch.equal(hops, hops.T)
    assert torch.equal(hops.diagonal(), torch.zeros(len(hops), dtype=torch.float64))
    assert (hops[:, None] <= hops[:, :, None] + hops[None]).all(), "by way of any third joint it is no nearer"
    assert (hops == 1).sum() == 2 * len(graph.bones)


def test_hops_beyond_the_last_one_are_infinite() -> None:
    graph = graph_named("ntu25")
    whole, cut = hop_distance(graph), hop_distance(graph, 4)
    assert whole.max() == 12  # from the tip of one hand to the other
    assert torch.equal(cut[whole <= 4], whole[whole <= 4])
    assert cut[whole > 4].isinf().all()


@given(
    trees() | graphs,
    st.sampled_from(["uniform", "distance", "spatial"]),
    st.integers(1, 5),
    st.integers(1, 3),
)
@settings(deadline=None, max_examples=60)
def test_every_partition_shares_out_one_adjacency_whose_columns_sum_to_one(
    graph: Graph, strategy: str, max_hop: int, dilation: int
) -> None:
    parts = partition(graph, strategy, max_hop=max_hop, dilation=dilation)  # type: ignore[arg-type]
    hops = len(range(0, max_hop + 1, dilation))
    assert len(parts) == {"uniform": 1, "distance": hops, "spatial": 2 * hops - 1}[strategy]
    torch.testing.assert_close(parts.sum((0, 1)), torch.ones(len(graph.joints), dtype=torch.float64))
    assert ((parts > 0).sum(0) <= 1).all(), "no pair of joints is in two parts"
    torch.testing.assert_close(
        parts.sum(0), partition(graph, "uniform", max_hop=max_hop, dilation=dilation)[0]
    )


@given(trees() | graphs)
@settings(deadline=None, max_examples=40)
def test_who_is_nearer_to_the_root_is_told_from_who_is_not(graph: Graph) -> None:
    hops = len(graph.joints)  # no joint is out of reach
    parts = partition(graph, "spatial", max_hop=hops)
    distance = hop_distance(graph)
    to_root = distance[:, graph.root]
    assert torch.equal(parts[0] > 0, torch.eye(len(to_root), dtype=torch.bool))
    for n, part in enumerate(parts[1:], start=1):
        for v, w in (part > 0).nonzero().tolist():
            assert distance[v, w] == (n + 1) // 2
            assert (to_root[v] < to_root[w]) == (n % 2 == 0)


def test_structural_links_are_nine() -> None:
    graph = graph_named("ntu25")
    links = s_links(graph)
    assert links.shape == (9, 25, 25)
    hops = hop_distance(graph)
    assert links[7:].gt(0).any(0).equal(hops == 4)
    # the head gathers from all within four hops, itself included, each alike
    assert links[0, 3, 3] == pytest.approx(1 / (hops[3] <= 4).sum().item())


def test_joints_out_of_reach_of_the_root_count_as_equally_far() -> None:
    """As the public code has it: the hand (7) is no farther from the shoulders (20) than the wrist (6)."""
    one_hop = partition(graph_named("ntu25"), max_hop=1)
    assert one_hop[1, 6, 7] > 0
    assert one_hop[1, 7, 6] > 0
    assert one_hop[2, 20, 4] > 0
    assert one_hop[1, 4, 20] > 0


def test_an_empty_column_stays_empty() -> None:
    assert column_normalised(torch.tensor([[0.0, 1.0], [0.0, 3.0]])).tolist() == [[0, 0.25], [0, 0.75]]


def test_a_graph_or_a_partition_that_is_none_is_told() -> None:
    with pytest.raises(BadGraph, match=r"no skeleton graph named ntu; there are: .*ntu25"):
        graph_named("ntu")
    with pytest.raises(BadGraph, match="at least 1, not 0 and 1"):
        partition(graph_named("ntu25"), max_hop=0)
    with pytest.raises(BadGraph, match="no partition named star"):
        partition(graph_named("ntu25"), "star")  # type: ignore[arg-type]

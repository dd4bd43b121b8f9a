"""Limbs are told by what they do, and by nothing of who does it, where, or how large."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from training.ml.models import create_model
from training.ml.models.contract import WrongInput, WrongOption
from training.ml.models.skeleton.layouts import CPM14
from training.ml.models.skeleton.limb_statistics import (
    FEATURES,
    LimbStatistics,
    create_limb_statistics,
)

FRAMES = 24
HEAD, NECK, WRIST, HIPS = (
    CPM14.index("head"),
    CPM14.index("neck"),
    CPM14.index("right_wrist"),
    [CPM14.index("right_hip"), CPM14.index("left_hip")],
)


@pytest.fixture(scope="module")
def net() -> LimbStatistics:
    return create_limb_statistics(num_classes=3).eval()


def body(seed: int = 0, frames: int = FRAMES) -> Tensor:
    """One person, x_1CTV1, every joint seen; the neck lies above the hips by half a height."""
    generator = torch.Generator().manual_seed(seed)
    place_CTV = torch.rand(3, frames, len(CPM14), generator=generator) - 0.5
    place_CTV[:2, :, NECK], place_CTV[:2, :, HIPS] = 0, 0
    place_CTV[1, :, HIPS] = 0.5
    place_CTV[2] = 0.9
    return place_CTV[None, ..., None]


def test_where_and_how_large_a_person_is_plays_no_part(net: LimbStatistics) -> None:
    here = body()
    there = here.clone()
    there[:, :2] = 0.3 * there[:, :2] + torch.tensor([0.2, -0.1])[None, :, None, None, None]
    assert torch.allclose(net.statistics(here), net.statistics(there), atol=1e-5)


def test_hips_behind_a_desk_play_no_part(net: LimbStatistics) -> None:
    desk = body()
    desk[0, :, :, HIPS] = 0
    moved = desk.clone()
    moved[0, :2] += 1.0
    moved[0, :, :, HIPS] = 0
    assert torch.allclose(net.statistics(desk), net.statistics(moved), atol=1e-4)


def test_who_comes_first_plays_no_part(net: LimbStatistics) -> None:
    one, other = body(1), body(2)
    assert torch.allclose(
        net.statistics(torch.cat([one, other], 4)), net.statistics(torch.cat([other, one], 4)), atol=1e-6
    )


def test_an_absent_person_changes_nothing(net: LimbStatistics) -> None:
    alone = body()
    assert torch.equal(net.statistics(alone), net.statistics(torch.cat([alone, torch.zeros_like(alone)], 4)))


def test_a_joint_that_was_not_seen_lies_on_the_line_between_where_it_was(net: LimbStatistics) -> None:
    straight = body()
    straight[0, 0, :, WRIST, 0] = torch.linspace(-0.5, 0.5, FRAMES)
    straight[0, 1, :, WRIST, 0] = 0.1
    gaps = straight.clone()
    gaps[0, :, 5:9, WRIST] = 0
    assert torch.allclose(net.statistics(straight), net.statistics(gaps), atol=1e-5)


def test_before_and_after_it_was_seen_a_joint_stays_where_it_was(net: LimbStatistics) -> None:
    still = body()
    still[0, :2, :, WRIST] = 0.2
    ends = still.clone()
    ends[0, :, :4, WRIST], ends[0, :, -4:, WRIST] = 0, 0
    assert torch.allclose(net.statistics(still), net.statistics(ends), atol=1e-6)


def test_nobody_is_told_by_zeros_and_named_like_any_other(net: LimbStatistics) -> None:
    nobody = torch.zeros(2, 3, FRAMES, len(CPM14), 2)
    assert torch.equal(net.statistics(nobody), torch.zeros(2, FEATURES))
    assert net(nobody).isfinite().all()


@pytest.mark.parametrize("frames", [1, 2, 3, 100])
def test_any_length_gives_as_many_numbers(net: LimbStatistics, frames: int) -> None:
    statistics = net.statistics(body(frames=frames))
    assert statistics.shape == (1, FEATURES)
    assert statistics.isfinite().all()


def test_one_clip_alone_can_be_learned_from() -> None:
    net = create_limb_statistics(num_classes=2).train()
    assert net(body()).shape == (1, 2)
    assert net.norm.num_batches_tracked == 0


def waving(seed: int, still: bool) -> Tensor:
    """A person whose right wrist goes to and fro above the head, or hangs."""
    x = body(seed)
    x[0, :2, :, :, 0] = x[0, :2, :1, :, 0] * 0.2  # the rest stands still
    x[0, :2, :, NECK], x[0, :2, :, HIPS] = 0, 0
    x[0, 1, :, HIPS] = 0.5
    phase = torch.rand(1, generator=torch.Generator().manual_seed(seed)) * 6
    x[0, 0, :, WRIST, 0] = 0.2 if still else 0.3 * torch.sin(torch.arange(FRAMES) * 1.3 + phase)
    x[0, 1, :, WRIST, 0] = 0.4 if still else -0.6
    return x


def test_it_learns_to_tell_a_waving_arm_from_a_hanging_one() -> None:
    torch.manual_seed(0)
    net = create_limb_statistics(num_classes=2, dropout=0.0)
    x_NCTVM = torch.cat([waving(seed, still=seed % 2 == 0) for seed in range(16)])
    truth_N = torch.arange(16) % 2
    descent = torch.optim.AdamW(net.parameters(), 1e-2)
    for _ in range(20):
        descent.zero_grad()
        functional.cross_entropy(net.train()(x_NCTVM), truth_N).backward()  # type: ignore[no-untyped-call]
        descent.step()
    unseen = torch.cat([waving(seed, still=seed % 2 == 0) for seed in range(100, 120)])
    assert torch.equal(net.eval()(unseen).argmax(1), torch.arange(20) % 2)


@pytest.mark.parametrize("graph", ["ntu25", "coco17"])
def test_a_skeleton_without_its_joints_in_the_picture_is_refused(graph: str) -> None:
    with pytest.raises(WrongOption, match=f"the graph {graph} has not all of them: take cpm14"):
        create_model("limb_statistics", num_classes=2, graph=graph)


def test_skeletons_of_another_graph_are_refused(net: LimbStatistics) -> None:
    with pytest.raises(WrongInput, match="on cpm14"):
        net(torch.zeros(1, 3, FRAMES, 25, 2))

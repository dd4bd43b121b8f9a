"""Random moves keep to their limits, mirrors swap sides, and nobody appears out of nothing."""

import numpy as np
import pytest
import torch

from tests.training.ml.augment.footage import generators, skeletons
from training.ml.augment.bodies import Move, RandomMove, Sides, mirrored
from training.ml.augment.clips import Clips, Kind
from training.ml.augment.moves import Flip
from training.ml.augment.pipeline import Pipeline
from training.ml.models.skeleton.graphs import GRAPHS, BadGraph, graph_named

MOVED = Pipeline("moved", (RandomMove(),))


def moved(x_CTVM: torch.Tensor, seed: int) -> torch.Tensor:
    clips = Clips(x_CTVM[None], Kind.SKELETON, graph="ntu25")
    return MOVED(clips, [np.random.default_rng(seed)]).x[0]


def test_a_move_is_one_for_all_persons_and_frames_follow_each_other() -> None:
    out = moved(torch.ones(3, 9, 4, 2), 3)
    assert torch.equal(out, out[:, :, :1, :1].expand_as(out))
    assert float(out[:2].diff(dim=1).abs().max()) < 0.2
    assert (out[2] == 1).all()


def test_moves_keep_to_their_limits_and_differ() -> None:
    x = torch.zeros(3, 5, 2, 1)
    x[0, :, 1], x[2] = 1.0, 1.0  # one joint on the axis, one a unit beside it
    outs = torch.stack([moved(x, seed) for seed in range(100)]).numpy()
    arms = outs[:, :2, :, 1, 0] - outs[:, :2, :, 0, 0]
    lengths, angles = np.linalg.norm(arms, axis=1), np.rad2deg(np.arctan2(arms[:, 1], arms[:, 0]))
    assert (lengths.min(), lengths.max()) == pytest.approx((0.9, 1.1))
    assert (angles.min(), angles.max()) == pytest.approx((-10, 10))
    shifts = outs[:, :2, :, 0, 0]
    assert (shifts.min(), shifts.max()) == pytest.approx((-0.2, 0.2))


def test_a_quarter_turn_goes_from_x_to_y_and_grows() -> None:
    x = torch.tensor([1.0, 0.0, 0.5]).view(1, 3, 1, 1, 1).expand(1, 3, 3, 1, 1)
    move = Move((0.0, 90.0), (1.0, 3.0), (0.0, 0.0), (0.0, 0.5))
    out = Move.applied(Clips(x, Kind.SKELETON), [move])[0, :, :, 0, 0]
    half = 2 * np.sqrt(0.5)
    assert out[:, 0].tolist() == pytest.approx([1, 0, 0.5])
    assert out[:, 1].tolist() == pytest.approx([half, half + 0.25, 0.5])
    assert out[:, 2].tolist() == pytest.approx([0, 3.5, 0.5], abs=1e-6)


def test_the_absent_stay_absent() -> None:
    clips = skeletons()
    for step in (RandomMove(), Flip(1.0)):
        out = Pipeline("", (step,))(clips, generators(1)).x
        assert not out[:, :, 5:, :, 1].any()
        assert out.dtype == torch.float32


@pytest.mark.parametrize("name", GRAPHS)
def test_mirroring_twice_changes_nothing(name: str) -> None:
    graph = graph_named(name)
    x = torch.randn(3, 2, len(graph.joints), 1)
    assert torch.equal(mirrored(mirrored(x, graph), graph), x)


def test_the_left_hand_becomes_the_right_one() -> None:
    x = skeletons(count=1).x[0]
    out = mirrored(x, graph_named("ntu25"))
    sign = torch.tensor([-1.0, 1.0, 1.0])
    assert torch.equal(out[:, 0, 11, 0], x[:, 0, 7, 0] * sign)
    assert torch.equal(out[:, 0, 3, 0], x[:, 0, 3, 0] * sign)


def test_mirrors_come_as_often_as_asked() -> None:
    shape = skeletons().shape
    kept = [not Flip(0.25).draw(np.random.default_rng(n), shape)[0].mirrored for n in range(200)]
    assert 0.65 < np.mean(kept) < 0.85


def test_a_skeleton_without_a_graph_cannot_be_mirrored() -> None:
    with pytest.raises(BadGraph, match="no skeleton graph named"):
        Sides.applied(Clips(skeletons().x, Kind.SKELETON), [Sides(True)] * 2)

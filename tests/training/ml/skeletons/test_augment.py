"""Random moves keep to their limits, mirrors swap sides, and nobody appears out of nothing."""

import numpy as np
import pytest

from training.ml.models.skeleton.graphs import GRAPHS, graph_named
from training.ml.skeletons.augment import mirrored, moved, randomly_mirrored
from training.ml.skeletons.bodies import Array


def recording() -> Array:
    x = np.random.default_rng(0).normal(size=(3, 8, 25, 2)).astype(np.float32)
    x[:, 5:, :, 1] = 0
    return x


def test_a_move_is_one_for_all_persons_and_frames_follow_each_other() -> None:
    x = np.ones((3, 9, 4, 2))
    out = moved(x, np.random.default_rng(3))
    assert (out == out[:, :, :1, :1]).all()
    assert np.abs(np.diff(out[:2], axis=1)).max() < 0.2
    assert (out[2] == 1).all()


def test_moves_keep_to_their_limits_and_differ() -> None:
    x = np.zeros((3, 5, 2, 1))
    x[0, :, 1], x[2] = 1.0, 1.0  # one joint on the axis, one a unit beside it
    outs = [moved(x, np.random.default_rng(seed)) for seed in range(100)]
    arms = np.stack([out[:2, :, 1, 0] - out[:2, :, 0, 0] for out in outs])
    lengths, angles = np.linalg.norm(arms, axis=1), np.rad2deg(np.arctan2(arms[:, 1], arms[:, 0]))
    assert (lengths.min(), lengths.max()) == pytest.approx((0.9, 1.1))
    assert (angles.min(), angles.max()) == pytest.approx((-10, 10))
    shifts = np.stack([out[:2, :, 0, 0] for out in outs])
    assert (shifts.min(), shifts.max()) == pytest.approx((-0.2, 0.2))


def test_the_absent_stay_absent() -> None:
    x = recording()
    assert not moved(x, np.random.default_rng(1))[:, 5:, :, 1].any()
    assert not mirrored(x, graph_named("ntu25"))[:, 5:, :, 1].any()
    assert moved(x, np.random.default_rng(1)).dtype == np.float32


@pytest.mark.parametrize("name", GRAPHS)
def test_mirroring_twice_changes_nothing(name: str) -> None:
    graph = graph_named(name)
    x = np.random.default_rng(0).normal(size=(3, 2, len(graph.joints), 1))
    assert np.array_equal(mirrored(mirrored(x, graph), graph), x)


def test_the_left_hand_becomes_the_right_one() -> None:
    graph, x = graph_named("ntu25"), recording()
    out = mirrored(x, graph)
    assert np.array_equal(out[:, 0, 11, 0], x[:, 0, 7, 0] * [-1, 1, 1])
    assert np.array_equal(out[:, 0, 3, 0], x[:, 0, 3, 0] * [-1, 1, 1])


def test_mirrors_come_as_often_as_asked() -> None:
    graph, x, generator = graph_named("ntu25"), recording(), np.random.default_rng(0)
    kept = [np.array_equal(randomly_mirrored(x, graph, generator, 0.25), x) for _ in range(200)]
    assert 0.65 < np.mean(kept) < 0.85

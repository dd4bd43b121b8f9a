"""Skeletons are moved to the origin, and those in space stand upright."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.ml.models.skeleton.graphs import GRAPHS, Graph, graph_named
from training.ml.skeletons.bodies import Array
from training.ml.skeletons.poses import WrongDimensions, centred, rotation, upright

NTU = graph_named("ntu25")
numbers = st.floats(-5, 5).filter(lambda x: abs(x) > 1e-3)
directions = st.tuples(numbers, numbers, numbers).map(np.array)


def recording(seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(2, 1, size=(3, 6, 25, 2))


def test_the_centre_of_body_0_is_the_origin_of_both() -> None:
    x = recording()
    moved = centred(x, NTU)
    assert not moved[:, :, 1, 0].any()
    np.testing.assert_allclose(moved[:, :, 7, 1], x[:, :, 7, 1] - x[:, :, 1, 0])


def test_what_is_missing_stays_zero_and_body_0_leaves_its_centre_behind() -> None:
    x = recording()
    x[:, 3, 7, 1] = 0
    x[:, 4, :, 0] = 0
    moved = centred(x, NTU)
    assert not moved[:, 3, 7, 1].any()
    assert not moved[:, 4, :, 0].any()
    np.testing.assert_allclose(moved[:, 4, :, 1], x[:, 4, :, 1] - x[:, 3, 1, 0][:, None])


def test_of_flat_poses_the_confidence_stays_and_a_lost_centre_is_where_it_was() -> None:
    graph = graph_named("openpose25")
    x = np.abs(recording())
    x[:, 2, graph.centre, 0] = 0
    moved = centred(x, graph)
    np.testing.assert_array_equal(moved[2], x[2])
    assert not moved[:2, :2, graph.centre, 0].any()
    np.testing.assert_allclose(moved[:2, 2, 7], x[:2, 2, 7] - x[:2, 1, graph.centre, :1])


@given(directions, directions)
@settings(deadline=None, max_examples=50)
def test_a_rotation_turns_one_direction_into_the_other(start: Array, end: Array) -> None:
    turn = rotation(start, end)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-6)
    assert np.linalg.det(turn) == pytest.approx(1)
    np.testing.assert_allclose(turn @ start / np.linalg.norm(start), end / np.linalg.norm(end), atol=1e-6)


def test_opposite_and_empty_directions_have_a_rotation() -> None:
    np.testing.assert_allclose(
        rotation(np.array([0, 0, -2.0]), np.array([0, 0, 1.0])) @ [0, 0, -2], [0, 0, 2]
    )
    np.testing.assert_allclose(rotation(np.zeros(3), np.array([1.0, 0, 0])), np.eye(3))


@pytest.mark.parametrize("graph", [each for each in GRAPHS.values() if each.dims == 3], ids=lambda g: g.name)
def test_shoulders_of_the_first_frame_lie_along_x(graph: Graph) -> None:
    x: Array = np.random.default_rng(1).normal(size=(3, 4, len(graph.joints), 1))
    x[:, 0] = 0  # the first frame that counts is the first with a body
    x = upright(centred(x, graph), graph)
    left, right = (graph.joints.index(f"{side}_shoulder") for side in ("left", "right"))
    across = x[:, 1, right, 0] - x[:, 1, left, 0]
    assert across[0] > 0
    np.testing.assert_allclose(across[1:], 0, atol=1e-12)


def test_a_person_who_lies_is_put_on_their_feet() -> None:
    x: Array = np.zeros((3, 1, 25, 1))
    for joint, place in (
        (0, (0, -0.3, 0)),
        (1, (0, 0, 0)),
        (3, (0, 0.6, 0)),
        (4, (0, 0.4, 0.2)),
        (8, (0, 0.4, -0.2)),
    ):
        x[:, 0, joint, 0] = place
    x = upright(x, NTU)
    np.testing.assert_allclose(x[:, 0, 3, 0], (0, 0, 0.6), atol=1e-12)
    np.testing.assert_allclose(x[:, 0, 8, 0], (0.2, 0, 0.4), atol=1e-12)


def test_lengths_do_not_change() -> None:
    x = recording()
    turned = upright(x, NTU)
    np.testing.assert_allclose(np.linalg.norm(turned, axis=0), np.linalg.norm(x, axis=0))


def test_flat_poses_cannot_be_turned_upright() -> None:
    with pytest.raises(WrongDimensions, match="openpose18 are flat"):
        upright(np.zeros((3, 1, 18, 1)), graph_named("openpose18"))

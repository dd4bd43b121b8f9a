"""The three inputs of multi-branch networks, against what they are said to be, number by number."""

import math

import pytest
import torch

from tests.training.ml.models.skeleton.filling import skeletons
from training.ml.models.skeleton.branches import bones_of, joints_of, towards_centre, velocities_of
from training.ml.models.skeleton.graphs import GRAPHS, graph_named, hop_distance

NTU_NEXT = [1, 1, 20, 2, 20, 4, 5, 6, 20, 8, 9, 10, 0, 12, 13, 14, 0, 16, 17, 18, 1, 22, 7, 24, 11]
"""As the authors' code lists them."""
X = skeletons(2, 3, 6, 25, 1)[..., 0]


def test_ntus_joints_lead_to_the_spine() -> None:
    assert list(towards_centre(graph_named("ntu25"))) == NTU_NEXT


@pytest.mark.parametrize("graph", GRAPHS)
def test_every_joint_but_the_centre_leads_one_bone_nearer(graph: str) -> None:
    skeleton = graph_named(graph)
    far_V = hop_distance(skeleton)[skeleton.centre]
    for joint, near in enumerate(towards_centre(skeleton)):
        assert far_V[near] == max(far_V[joint] - 1, 0)


def test_joints_are_places_and_places_from_the_centre() -> None:
    joints = joints_of(X, 1)
    assert torch.equal(joints[:, :3], X)
    assert torch.equal(joints[:, 3:, :, 7], X[..., 7] - X[..., 1])
    assert not joints[:, 3:, :, 1].any()


def test_velocities_are_ways_within_one_and_two_frames() -> None:
    velocities = velocities_of(X)
    assert torch.equal(velocities[0, 1, 2], X[0, 1, 3] - X[0, 1, 2])
    assert torch.equal(velocities[0, 4, 3], X[0, 1, 5] - X[0, 1, 3])
    assert not velocities[:, :, 4:].any()
    assert velocities[:, :, 3].any()
    for frames in (1, 2):
        assert velocities_of(X[:, :, :frames]).shape == (2, 6, frames, 25)
        assert not velocities_of(X[:, :, :frames]).any()


def test_bones_have_a_way_and_angles() -> None:
    bones = bones_of(X, torch.tensor(NTU_NEXT))
    bone = X[0, :, 2, 5] - X[0, :, 2, 4]
    assert torch.equal(bones[0, :3, 2, 5], bone)
    length = math.sqrt(sum(float(each) ** 2 for each in bone)) + 1e-4
    for c in range(3):
        assert float(bones[0, 3 + c, 2, 5]) == pytest.approx(math.acos(float(bone[c]) / length), rel=1e-12)


def test_nobody_has_right_angles_and_nothing_else() -> None:
    bones = bones_of(torch.zeros(1, 3, 2, 25), torch.tensor(NTU_NEXT))
    assert not bones[:, :3].any()
    assert torch.allclose(bones[:, 3:], torch.tensor(math.pi / 2))


def test_gradients_pass_where_somebody_is() -> None:
    x = X.clone().requires_grad_()
    bones_of(x, torch.tensor(NTU_NEXT))[..., 5].sum().backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    assert x.grad.isfinite().all()

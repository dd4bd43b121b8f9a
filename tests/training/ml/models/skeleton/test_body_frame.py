"""A body's own numbers do not change with where it stands and how large it is, as far as they are said to."""

import math

import pytest
import torch
from torch import Tensor

from tests.training.ml.models.skeleton.filling import skeletons
from training.ml.models.contract import WrongOption
from training.ml.models.skeleton.body_frame import Landmarks, features, in_own_frame, width
from training.ml.models.skeleton.graphs import graph_named

NTU = Landmarks(graph_named("ntu25"))
X = skeletons(2, 3, 6, 25, 1)[..., 0]


def turned(x_BCTV: Tensor, seed: int) -> Tensor:
    """All bodies turned alike about any axis."""
    drawn = torch.randn(3, 3, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    turn_CC, _ = torch.linalg.qr(drawn)
    turn_CC = turn_CC * torch.linalg.det(turn_CC).sign()
    return torch.einsum("dc,bctv->bdtv", turn_CC, x_BCTV)


def test_of_25_joints_a_frame_has_423_numbers() -> None:
    assert (width(25), width(20)) == (423, 190 + 60 + 38)
    assert features(X, NTU).shape == (2, 6, 423)
    assert NTU.spine == (0, 1, 20)
    assert Landmarks(graph_named("utd20")).spine == (3, 2, 1)


def test_where_a_body_stands_and_how_large_it_is_changes_nothing() -> None:
    moved = X * 1.7 + torch.tensor([3.0, -2.0, 0.5]).view(1, 3, 1, 1)
    torch.testing.assert_close(features(moved, NTU), features(X, NTU), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_how_a_body_is_turned_changes_distances_and_coordinates_not(seed: int) -> None:
    before, after = features(X, NTU), features(turned(X, seed), NTU)
    torch.testing.assert_close(after[..., :375], before[..., :375], rtol=1e-7, atol=1e-7)
    assert not torch.allclose(after[..., 375:], before[..., 375:], atol=0.1), "angles are the camera's"


def test_numbers_are_those_of_the_description() -> None:
    body_VC = X[1, :, 3].T
    scaled_VC = body_VC * 0.4 / ((body_VC[20] - body_VC[1]).norm() + (body_VC[1] - body_VC[0]).norm())
    found = features(X, NTU)[1, 3]
    own_VC = found[300:375].view(25, 3)
    o = (scaled_VC[16] + scaled_VC[12]) / 2
    x, z = ((scaled_VC[joint] - o) / (scaled_VC[joint] - o).norm() for joint in (12, 20))
    axes = torch.stack([x, torch.linalg.cross(x, z), z], 1)
    torch.testing.assert_close(axes @ own_VC[7] + o, scaled_VC[7], rtol=1e-9, atol=1e-12)
    assert float(found[0]) == pytest.approx(float((own_VC[0] - own_VC[1]).norm()), rel=1e-9)
    assert float(found[24]) == pytest.approx(float((own_VC[1] - own_VC[2]).norm()), rel=1e-9)
    way = scaled_VC[11] - scaled_VC[10]
    assert float(found[375 + 10]) == pytest.approx(
        math.atan2(float(way[2]), math.hypot(float(way[0]), float(way[1]))), rel=1e-9
    )
    assert float(found[399 + 10]) == pytest.approx(math.atan2(float(way[1]), float(way[0])), rel=1e-9)


def test_the_left_hip_and_the_shoulders_lie_on_axes() -> None:
    own_BTVC = in_own_frame(X.permute(0, 2, 3, 1), NTU)
    torch.testing.assert_close(own_BTVC[:, :, 12, 1:], torch.zeros(2, 6, 2, dtype=torch.float64))
    torch.testing.assert_close(own_BTVC[:, :, 20, :2], torch.zeros(2, 6, 2, dtype=torch.float64))
    torch.testing.assert_close(own_BTVC[:, :, 16], -own_BTVC[:, :, 12])


def test_bodies_without_axes_take_the_cameras() -> None:
    heap = torch.ones(1, 3, 1, 25, dtype=torch.float64)
    assert features(heap, NTU).isfinite().all()
    line = X[:1, :, :1].clone()
    line[0, :, 0, 16] = -line[0, :, 0, 12]
    line[0, :, 0, 20] = 2 * line[0, :, 0, 12]
    own_BTVC = in_own_frame(line.permute(0, 2, 3, 1), NTU)
    torch.testing.assert_close(own_BTVC[0, 0], line[0, :, 0].T, rtol=1e-9, atol=1e-9)


def test_frames_without_anybody_are_zeros_and_break_no_gradient() -> None:
    x = X.clone()
    x[0, :, 2] = 0
    x.requires_grad_()
    found = features(x, NTU)
    assert not found[0, 2].any()
    found.sum().backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    assert x.grad.isfinite().all()


def test_flat_graphs_are_told_what_is_missing() -> None:
    for graph in ("coco17", "openpose25"):
        with pytest.raises(WrongOption, match=f"and {graph} has them not"):
            Landmarks(graph_named(graph))

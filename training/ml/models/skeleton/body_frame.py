"""Skeletons seen from the body itself: 423 numbers of 25 joints that hardly change with where one stands.

Sabater, Santos, Santos-Victor, Bernardino, Montesano, Murillo: "One-shot action recognition in challenging
therapy scenarios" (CVPR workshops 2021, arXiv 2102.08997), section 3.1. Every body is scaled so that its
torso, hip centre to shoulder centre along the spine, is 0.4 long. Of V joints a frame has

- the V (V - 1) / 2 distances between them, the first joint's to the others first;
- their 3 V coordinates in a frame of the body: from the middle of the hips, x to the left hip, z to the
  shoulder centre, y across both, neither made upright nor of one length;
- elevation and azimuth of the V - 1 ways from each joint to the next by number, in the camera's frame:
  these alone change when the body turns. (The method's own code takes joints in this order, not bones.)

Axes that have no length are the camera's own, and so are all three where they lie in one plane.
"""

from collections import deque

import torch
from torch import Tensor

from training.ml.models.contract import WrongOption
from training.ml.models.skeleton.graphs import Graph

TORSO = 0.4
_TINY = 1e-6


def width(joints: int) -> int:
    """How many numbers a frame has: 423 of 25 joints."""
    return joints * (joints - 1) // 2 + 3 * joints + 2 * (joints - 1)


class Landmarks:
    """The joints that a body's frame hangs on. Raises WrongOption for graphs without them in space."""

    def __init__(self, graph: Graph) -> None:
        number = {joint: n for n, joint in enumerate(graph.joints)}
        top = "shoulder_centre" if "shoulder_centre" in number else "neck"
        wanted = ("left_hip", "right_hip", "hip_centre", top)
        if graph.dims != 3 or any(joint not in number for joint in wanted):
            raise WrongOption(
                f"A body's own frame hangs on hips, hip centre and shoulders in space, and {graph.name} "
                "has them not: take a network that looks at joints alone, as st_gcn."
            )
        self.left_hip, self.right_hip, hips, self.top = (number[joint] for joint in wanted)
        self.spine = _way(graph, hips, self.top)


def _way(graph: Graph, start: int, end: int) -> tuple[int, ...]:
    """The joints from one to another along bones."""
    ways: dict[int, tuple[int, ...]] = {start: (start,)}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for a, b in graph.bones:
            for near, far in ((a, b), (b, a)):
                if near == here and far not in ways:
                    ways[far] = (*ways[here], far)
                    waiting.append(far)
    return ways[end]


def features(x_BCTV: Tensor, marks: Landmarks) -> Tensor:
    """What each frame of each body says, (B, T, width). Frames in which nobody is are zeros."""
    x_BTVC = x_BCTV.permute(0, 2, 3, 1)
    scaled_BTVC = x_BTVC * (TORSO / _torso(x_BTVC, marks))[..., None, None]
    own_BTVC = in_own_frame(scaled_BTVC, marks)
    first, second = torch.triu_indices(x_BTVC.shape[2], x_BTVC.shape[2], 1, device=x_BCTV.device)
    apart_BTP = torch.linalg.vector_norm(own_BTVC[:, :, first] - own_BTVC[:, :, second], dim=-1)
    way_BTWC = scaled_BTVC[:, :, 1:] - scaled_BTVC[:, :, :-1]
    flat_BTW = torch.linalg.vector_norm(way_BTWC[..., :2], dim=-1)
    elevation_BTW = torch.atan2(way_BTWC[..., 2], flat_BTW)
    azimuth_BTW = torch.atan2(way_BTWC[..., 1], way_BTWC[..., 0])
    all_BTD = torch.cat([apart_BTP, own_BTVC.flatten(2), elevation_BTW, azimuth_BTW], -1)
    return all_BTD * (x_BTVC != 0).any(3).any(2)[..., None]


def in_own_frame(x_BTVC: Tensor, marks: Landmarks) -> Tensor:
    """Coordinates of joints in the frame of their body, (B, T, V, 3)."""
    left_BTC = x_BTVC[:, :, marks.left_hip]
    origin_BTC = (left_BTC + x_BTVC[:, :, marks.right_hip]) / 2
    camera_CC = torch.eye(3, dtype=x_BTVC.dtype, device=x_BTVC.device)
    x_BTC = _unit(left_BTC - origin_BTC, camera_CC[0])
    z_BTC = _unit(x_BTVC[:, :, marks.top] - origin_BTC, camera_CC[2])
    y_BTC = torch.linalg.cross(x_BTC, z_BTC)
    ways_BTCC = _inverse(x_BTC, y_BTC, z_BTC, camera_CC)
    moved_BTVC = x_BTVC - origin_BTC[:, :, None]
    own_BTVC: Tensor = moved_BTVC @ ways_BTCC.transpose(2, 3)
    return own_BTVC


def _inverse(x_BTC: Tensor, y_BTC: Tensor, z_BTC: Tensor, instead_CC: Tensor) -> Tensor:
    """The inverse (B, T, 3, 3) of the matrix with these columns, by Cramer's rule; `instead` where flat.

    Written out, because ONNX has no operator that solves equations.
    """
    rows = [torch.linalg.cross(*pair) for pair in ((y_BTC, z_BTC), (z_BTC, x_BTC), (x_BTC, y_BTC))]
    volume_BT11 = (x_BTC * rows[0]).sum(-1)[..., None, None]
    flat_BT11 = volume_BT11.abs() < _TINY
    inverse_BTCC = torch.stack(rows, -2) / torch.where(flat_BT11, 1.0, volume_BT11)
    return torch.where(flat_BT11, instead_CC, inverse_BTCC)


def _torso(x_BTVC: Tensor, marks: Landmarks) -> Tensor:
    """Lengths (B, T) of the spine; 1 where it has none, so that nothing is scaled."""
    spine_BTSC = x_BTVC[:, :, list(marks.spine)]
    length_BT = torch.linalg.vector_norm(spine_BTSC[:, :, 1:] - spine_BTSC[:, :, :-1], dim=-1).sum(-1)
    return torch.where(length_BT < _TINY, torch.full_like(length_BT, TORSO), length_BT)


def _unit(way_BTC: Tensor, instead_C: Tensor) -> Tensor:
    length_BT1 = torch.linalg.vector_norm(way_BTC, dim=-1, keepdim=True)
    return torch.where(length_BT1 < _TINY, instead_C, way_BTC / length_BT1.clamp(min=_TINY))

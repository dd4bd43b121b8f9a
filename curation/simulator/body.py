"""People as skeletons: a style per subject, a pose per frame, and the joints that follow from both.

A pose is given in the body's own frame in units of the person's height: x forward, y to the left, z up, the
origin on the ground under the hips. Limbs reach their targets by two-bone inverse kinematics.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from curation.simulator.camera import Floats
from curation.simulator.paint import Colour, rgb

# Joint numbers; a pair is (left, right).
PELVIS, CHEST, HEAD, CROWN, FACE = 0, 1, 2, 3, 4
SHOULDERS, ELBOWS, HANDS = (5, 6), (7, 8), (9, 10)
HIPS, KNEES, ANKLES, TOES = (11, 12), (13, 14), (15, 16), (17, 18)
JOINTS = 19

SPINE, THIGH, SHANK, UPPER, FORE = 0.29, 0.245, 0.245, 0.17, 0.19
SHOULDER, HIP = 0.115, 0.055

SKINS = ("#e3b994", "#c98f68", "#a56b45", "#7a4b31", "#54331f", "#d9a77f")
JACKETS = ("#2f3f55", "#4b5058", "#6b4f3a", "#3f5a48", "#7c8288", "#5a3340", "#9b8a64", "#2c2f35")
TROUSERS = ("#2b3040", "#3a3b3c", "#4d4536", "#27303a", "#5b5f63", "#38424c")
HELMETS = ("#f1efe6", "#e7b416", "#2f66b0", "#c8372d", "#e8762b", "#4b9b5a")
VESTS = ("#d3e234", "#ef7d21", "#c7dd2b", "#f08a1d")


@dataclass(frozen=True)
class Style:
    """How one subject looks and moves."""

    name: str
    height: float
    girth: float
    stoop: float
    swing: float
    stride: float
    tempo: float
    bounce: float
    lead: int
    skin: Colour
    jacket: Colour
    trousers: Colour
    helmet: Colour | None
    vest: Colour | None


def subject(index: int, seed: int) -> Style:
    """Return subject ``index`` of an installation: the same seed gives the same people."""
    rng = np.random.default_rng([seed, 77, index])

    def pick(palette: tuple[str, ...]) -> Colour:
        return rgb(palette[int(rng.integers(len(palette)))])

    return Style(
        name=f"s{index + 1:02d}",
        height=float(rng.uniform(1.56, 1.94)),
        girth=float(rng.uniform(0.9, 1.28)),
        stoop=float(rng.uniform(-0.02, 0.16)),
        swing=float(rng.uniform(0.6, 1.35)),
        stride=float(rng.uniform(0.85, 1.12)),
        tempo=float(rng.uniform(0.78, 1.28)),
        bounce=float(rng.uniform(0.6, 1.6)),
        lead=int(rng.random() < 0.7),
        skin=pick(SKINS),
        jacket=pick(JACKETS),
        trousers=pick(TROUSERS),
        helmet=rgb(HELMETS[index % len(HELMETS)]) if rng.random() < 0.88 else None,
        vest=pick(VESTS) if rng.random() < 0.78 else None,
    )


@dataclass
class Pose:
    """Targets of T frames: pelvis (T, 3), hands and feet (T, 2, 3), angles (T,) in radians."""

    pelvis: Floats
    hands: Floats
    feet: Floats
    lean: Floats
    side: Floats
    twist: Floats
    tilt: Floats
    tilt_to: Floats
    nod: Floats


def blend(a: Pose, b: Pose, weight: Floats) -> Pose:
    """Return the pose ``weight`` (T,) of the way from a to b."""
    mixed = {}
    for part in fields(Pose):
        left, right = getattr(a, part.name), getattr(b, part.name)
        w = weight.reshape(-1, *([1] * (left.ndim - 1)))
        mixed[part.name] = (left + w * (right - left)).astype(np.float32)
    return Pose(**mixed)


def _bend(root: Floats, target: Floats, first: float, second: float, pole: Floats) -> tuple[Floats, Floats]:
    """Return the middle joint and end (T, 3) of a limb reaching for ``target``, bent towards ``pole``."""
    reach = target - root
    distance = np.linalg.norm(reach, axis=-1, keepdims=True)
    direction = reach / np.maximum(distance, 1e-6)
    length = np.clip(distance, abs(first - second) + 1e-3, (first + second) * 0.995)
    along = (first**2 - second**2 + length**2) / (2 * length)
    out = np.sqrt(np.maximum(first**2 - along**2, 0))
    away = pole - (pole * direction).sum(-1, keepdims=True) * direction
    away /= np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-6)
    return root + direction * along + away * out, root + direction * length


def _vector(x: Floats, y: Floats, z: Floats) -> Floats:
    return np.stack(np.broadcast_arrays(x, y, z), -1).astype(np.float32)


def solve(pose: Pose, style: Style) -> Floats:
    """Return the joints (T, 19, 3) in the body's frame and in units of height."""
    frames = len(pose.lean)
    joints = np.zeros((frames, JOINTS, 3), np.float32)
    lean, side, twist = pose.lean + style.stoop, pose.side, pose.twist
    spine = _vector(np.sin(lean) * np.cos(side), np.sin(side), np.cos(lean) * np.cos(side))
    left = _vector(-np.sin(twist) * np.cos(lean), np.cos(twist), np.sin(twist) * np.sin(lean) - np.sin(side))
    hips = _vector(-np.sin(twist * 0.4), np.cos(twist * 0.4), 0 * twist)
    chest = pose.pelvis + SPINE * spine
    nod = lean * 0.55 + pose.nod
    neck = _vector(np.sin(nod), np.sin(side * 0.6), np.cos(nod))
    joints[:, PELVIS], joints[:, CHEST] = pose.pelvis, chest
    joints[:, HEAD] = chest + 0.115 * neck
    joints[:, CROWN] = joints[:, HEAD] + 0.06 * neck
    joints[:, FACE] = joints[:, HEAD] + 0.08 * np.cross(left, neck)
    for i, sign in enumerate((1.0, -1.0)):
        shoulder = chest + sign * SHOULDER * left - 0.02 * spine
        pole = -0.9 * np.cross(left, spine) + 0.35 * sign * left - 0.5 * spine
        elbow, hand = _bend(shoulder, pose.hands[:, i], UPPER, FORE, pole)
        hip = pose.pelvis + sign * HIP * hips
        ankle = pose.feet[:, i] + np.array([0, 0, 0.04], np.float32)
        forward = _vector(np.ones(frames), np.full(frames, 0.18 * sign), np.zeros(frames))
        knee, ankle = _bend(hip, ankle, THIGH, SHANK, forward)
        joints[:, SHOULDERS[i]], joints[:, ELBOWS[i]], joints[:, HANDS[i]] = shoulder, elbow, hand
        joints[:, HIPS[i]], joints[:, KNEES[i]], joints[:, ANKLES[i]] = hip, knee, ankle
        down = np.clip((ankle[:, 2] - 0.04) * 1.4, 0, 0.05)
        joints[:, TOES[i]] = ankle + _vector(
            np.full(frames, 0.085), np.full(frames, 0.015 * sign), -0.022 - down
        )
    _topple(joints, pose)
    return joints


def _topple(joints: Floats, pose: Pose) -> None:
    """Turn whole bodies about their feet by the tilt, in place; nothing goes below the ground."""
    if not np.any(pose.tilt):
        return
    cos_to, sin_to = np.cos(pose.tilt_to)[:, None], np.sin(pose.tilt_to)[:, None]
    sin, cos = np.sin(pose.tilt)[:, None], np.cos(pose.tilt)[:, None]
    along = joints[..., 0] * cos_to + joints[..., 1] * sin_to
    across = -joints[..., 0] * sin_to + joints[..., 1] * cos_to
    turned = along * cos + joints[..., 2] * sin
    floor = np.where(pose.tilt[:, None] > 0.3, 0.045, -1.0)
    joints[..., 2] = np.maximum(-along * sin + joints[..., 2] * cos, floor)
    joints[..., 0], joints[..., 1] = turned * cos_to - across * sin_to, turned * sin_to + across * cos_to


def place(points: Floats, height: float, position: Floats, heading: Floats) -> Floats:
    """Return points (T, K, 3) of the body's frame in metres of the world; position (T, 2)."""
    cos, sin = np.cos(heading)[:, None], np.sin(heading)[:, None]
    x, y = points[..., 0] * height, points[..., 1] * height
    world = [
        x * cos - y * sin + position[:, :1],
        x * sin + y * cos + position[:, 1:2],
        points[..., 2] * height,
    ]
    return np.stack(world, -1).astype(np.float32)

"""What people do: each action turns a clock and a style into poses and into the tool or load in their hands.

Two kinds: actions that last as long as the clip, and brief ones (``BRIEF``) that take a fifth of it at most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from curation.simulator.body import Pose, Style
from curation.simulator.camera import Floats

LASTING = ("walking", "carrying", "pushing_cart", "climbing", "digging", "hammering", "sweeping")
BRIEF = ("lifting", "signalling", "falling")
ACTIONS = LASTING + BRIEF
PACE = {"walking": 1.0, "carrying": 0.82, "pushing_cart": 0.85, "sweeping": 0.16}


@dataclass
class Motion:
    """The clock of an action, all (T,): seconds, ``part`` done (0 .. 1), metres ``walked``, ``pace``."""

    t: Floats
    part: Floats
    walked: Floats
    pace: Floats
    style: Style
    whim: Floats


@dataclass
class Prop:
    """A thing drawn with a person: key points (T, K, 3) in the body's frame, or in the ``world``'s."""

    kind: str
    points: Floats
    size: tuple[float, float, float] = (0, 0, 0)
    world: bool = False
    seed: int = 0
    turn: Floats | None = None
    extra: dict[str, float] = field(default_factory=dict)


Result = tuple[Pose, list[Prop]]


def ease(x: ArrayLike) -> Floats:
    """Return the smooth step of x, 0 below 0 and 1 above 1."""
    s = np.clip(np.asarray(x, np.float32), 0, 1)
    return (s * s * (3 - 2 * s)).astype(np.float32)


def keyed(at: Floats, times: Sequence[float], values: ArrayLike, cyclic: bool = True) -> Floats:
    """Return (T, D) values that glide through keys (K, D) at ``times``; cyclic ones close at 1."""
    stops, table = np.array(times, np.float32), np.asarray(values, np.float32)
    if cyclic:
        stops, table = np.append(stops, 1.0), np.vstack([table, table[:1]])
        at = at % 1
    i = np.clip(np.searchsorted(stops, at, side="right") - 1, 0, len(stops) - 2)
    share = ease((at - stops[i]) / (stops[i + 1] - stops[i]))[:, None]
    return np.asarray(table[i] + share * (table[i + 1] - table[i]), np.float32)


def gait(m: Motion) -> Result:
    """Stand where the pace is 0, walk where it is 1: planted feet, swinging arms, a little sway."""
    style, frames = m.style, len(m.t)
    stride = 0.80 * style.stride
    phase = m.walked / (stride * style.height)
    feet, hands = np.zeros((frames, 2, 3), np.float32), np.zeros((frames, 2, 3), np.float32)
    reach = np.clip(m.pace * 1.6, 0, 1)
    sway = 0.35 * np.sin(m.t * 0.9 * style.tempo + m.whim[0] * 6) + 0.2 * np.sin(m.t * 2.1 + m.whim[1] * 6)
    for i, sign in enumerate((1.0, -1.0)):
        p = (phase + 0.5 * i) % 1
        swing = ease((p - 0.6) / 0.4)
        step = np.where(p < 0.6, 0.3 * stride - p * stride, -0.3 * stride + 0.6 * stride * swing)
        lift = np.where(p < 0.6, 0, np.sin(np.pi * np.clip((p - 0.6) / 0.4, 0, 1))) * 0.06
        feet[:, i] = np.stack([reach * step, np.full(frames, sign * 0.065), reach * lift], -1)
        angle = -style.swing * 0.5 * reach * np.cos(2 * np.pi * (p - 0.02)) + 0.06
        angle = angle + (1 - reach) * 0.05 * sway
        hands[:, i] = np.stack(
            [
                0.33 * np.sin(angle) + 0.02 + 0.3 * np.sin(style.stoop),
                np.full(frames, sign * 0.155),
                0.80 - 0.345 * np.cos(angle),
            ],
            -1,
        )
    rise = 0.516 - 0.014 * reach + reach * 0.010 * style.bounce * np.cos(4 * np.pi * (phase - 0.3))
    zero = np.zeros(frames, np.float32)
    pelvis = np.stack([zero, 0.02 * (1 - reach) * sway, rise], -1).astype(np.float32)
    twist = (reach * 0.12 * style.swing * np.cos(2 * np.pi * phase)).astype(np.float32)
    look = (0.1 + 0.12 * (1 - reach) * sway).astype(np.float32)
    lean = (0.05 * reach).astype(np.float32)
    return Pose(pelvis, hands, feet, lean, 0.03 * (1 - reach) * sway, twist, zero, zero.copy(), look), []


def carrying(m: Motion) -> Result:
    """Walk with a box held before the belly with both hands."""
    pose, _ = gait(m)
    high = 0.56 + 0.1 * m.whim[2]
    wide = 0.36 + 0.14 * m.whim[3]
    bob = pose.pelvis[:, 2] - 0.5
    for i, sign in enumerate((1.0, -1.0)):
        pose.hands[:, i, 0] = 0.235
        pose.hands[:, i, 1] = sign * wide / 2 / m.style.height
        pose.hands[:, i, 2] = high + bob
    points = np.stack([np.full_like(bob, 0.27), 0 * bob, high + bob - 0.06], -1)[:, None]
    pose = replace(pose, lean=pose.lean - 0.1, twist=pose.twist * 0.3)
    return pose, [Prop("crate", points, (0.34, wide, 0.26 + 0.1 * m.whim[4]), seed=int(m.whim[5] * 99))]


def pushing_cart(m: Motion) -> Result:
    """Walk bent forward behind a flat trolley."""
    pose, _ = gait(m)
    for i, sign in enumerate((1.0, -1.0)):
        pose.hands[:, i] = (0.33, sign * 0.13, 0.60)
    pose = replace(pose, lean=pose.lean + 0.24, twist=pose.twist * 0.3)
    points = np.tile(np.array([[[0.36, 0, 0]]], np.float32), (len(m.t), 1, 1))
    return pose, [Prop("cart", points, (1.05, 0.62, 1.02), seed=int(m.whim[5] * 99))]


def digging(m: Motion) -> Result:
    """Thrust a shovel into the ground, lever, lift, throw aside."""
    pose, _ = gait(m)
    phase = m.t * 0.42 * m.style.tempo + m.whim[0]
    keys = [
        (0.28, 0.02, 0.36, 0.06, -0.10, 0.62, 0.42, 0.470, 0.0),
        (0.33, 0.02, 0.22, 0.15, -0.08, 0.50, 0.78, 0.415, 0.0),
        (0.25, 0.02, 0.33, 0.03, -0.06, 0.36, 0.66, 0.440, 0.0),
        (0.27, 0.10, 0.54, 0.03, -0.08, 0.54, 0.24, 0.500, 0.35),
        (0.20, 0.30, 0.64, 0.04, -0.02, 0.54, 0.12, 0.505, 0.9),
        (0.27, 0.12, 0.50, 0.06, -0.12, 0.62, 0.28, 0.490, 0.3),
    ]
    k = keyed(phase, (0.0, 0.18, 0.38, 0.58, 0.74, 0.88), keys)
    mirror = 1.0 if m.style.lead else -1.0
    low, top = k[:, 0:3].copy(), k[:, 3:6].copy()
    low[:, 1] *= mirror
    top[:, 1] *= mirror
    lead = 0 if m.style.lead else 1
    pose.hands[:, lead], pose.hands[:, 1 - lead] = low, top
    pose.feet[:, lead, 0], pose.feet[:, 1 - lead, 0] = 0.12, -0.12
    pose.pelvis[:, 2], pose.pelvis[:, 0] = k[:, 7], -0.03
    along = (low - top) / np.maximum(np.linalg.norm(low - top, axis=-1, keepdims=True), 1e-3)
    tip = low + along * 0.36
    tip[:, 2] = np.maximum(tip[:, 2], -0.02)
    pose = replace(pose, lean=k[:, 6], twist=k[:, 8] * mirror, nod=pose.nod + 0.25)
    return pose, [Prop("shovel", np.stack([top - along * 0.06, tip], 1))]


def hammering(m: Motion) -> Result:
    """Swing a sledge hammer overhead down on a stake."""
    pose, _ = gait(m)
    phase = m.t * 0.6 * m.style.tempo + m.whim[0]
    keys = [
        (0.30, 0.46, -0.1, 0.50, 0.460),
        (0.30, 0.49, 0.15, 0.46, 0.465),
        (0.18, 0.78, 1.6, 0.10, 0.508),
        (0.03, 1.00, 2.7, -0.12, 0.515),
        (0.16, 0.98, 1.7, 0.05, 0.515),
    ]
    k = keyed(phase, (0.0, 0.12, 0.48, 0.74, 0.88), keys)
    zero = np.zeros(len(m.t), np.float32)
    aim = np.stack([np.cos(k[:, 2]), zero, np.sin(k[:, 2])], -1)
    grip = np.stack([k[:, 0], zero, k[:, 1]], -1)
    lead = m.style.lead
    pose.hands[:, lead], pose.hands[:, 1 - lead] = grip + aim * 0.07, grip - aim * 0.05
    pose.feet[:, 0, 0], pose.feet[:, 1, 0] = 0.08 - 0.16 * lead, -0.08 + 0.16 * lead
    pose.feet[:, :, 1] *= 1.7
    pose.pelvis[:, 2], pose.pelvis[:, 0] = k[:, 4], -0.02
    pose = replace(pose, lean=k[:, 3], nod=pose.nod + 0.1)
    stake = np.tile(np.array([[[0.70, 0, 0], [0.70, 0, 0.39]]], np.float32), (len(m.t), 1, 1))
    return pose, [Prop("hammer", np.stack([grip - aim * 0.09, grip + aim * 0.40], 1)), Prop("stake", stake)]


def sweeping(m: Motion) -> Result:
    """Sweep the ground from side to side with a broom, drifting forward."""
    pose, _ = gait(m)
    phase = 2 * np.pi * (m.t * 0.62 * m.style.tempo + m.whim[0])
    wave = np.sin(phase + 0.35 * np.sin(phase))
    zero = np.zeros(len(m.t), np.float32)
    mirror = 1.0 if m.style.lead else -1.0
    top = np.stack([zero + 0.10, mirror * 0.06 + 0.05 * wave, zero + 0.72], -1)
    tip = np.stack([zero + 0.58, 0.40 * wave, zero + 0.02], -1)
    low = top + (tip - top) * 0.38
    lead = m.style.lead
    pose.hands[:, 1 - lead], pose.hands[:, lead] = top, low
    pose = replace(pose, lean=pose.lean + 0.26, twist=0.5 * wave.astype(np.float32), nod=pose.nod + 0.3)
    return pose, [Prop("broom", np.stack([top - (tip - top) * 0.08, tip], 1))]


def climbing(m: Motion) -> Result:
    """Go up and down a step ladder, hand over hand."""
    pose, _ = gait(m)
    rung = 0.28 / m.style.height
    swing = m.t * 0.8 * m.style.tempo + m.whim[0] * 2
    level = 3.4 * (0.5 - 0.5 * np.cos(2 * np.pi * swing / 7.5)) + 0.3
    slant = 0.32

    def step(x: Floats) -> Floats:
        return (np.floor(x) + ease((x % 1 - 0.2) / 0.6)).astype(np.float32)

    for i, sign in enumerate((1.0, -1.0)):
        foot = 2 * step((level + i) / 2) - i
        z = np.maximum(foot, 0) * rung
        pose.feet[:, i] = np.stack([0.08 + slant * z, np.full_like(z, sign * 0.07), z], -1)
        grip = (2 * step((level + 1 - i) / 2) - (1 - i)) * rung + 0.66
        pose.hands[:, i] = np.stack([0.08 + slant * grip, np.full_like(z, sign * 0.12), grip], -1)
    pose.pelvis[:, 2] = 0.475 + level * rung
    pose.pelvis[:, 0] = slant * level * rung - 0.0
    pose = replace(pose, lean=pose.lean * 0 + 0.16, twist=pose.twist * 0, nod=pose.nod - 0.25)
    ladder = np.tile(np.array([[[0.11, 0, 0]]], np.float32), (len(m.t), 1, 1))
    return pose, [Prop("ladder", ladder, (0.55, slant, 2.5))]


def lifting(m: Motion) -> Result:
    """Bend to a box, lift it to the chest, set it down again."""
    pose, _ = gait(m)
    wide = 0.34 + 0.12 * m.whim[3]
    keys = [
        (0.10, 0.50, 0.05, 0.505),
        (0.27, 0.12, 0.92, 0.350),
        (0.25, 0.34, 0.45, 0.440),
        (0.23, 0.66, -0.08, 0.508),
        (0.25, 0.34, 0.45, 0.440),
        (0.27, 0.12, 0.92, 0.350),
        (0.10, 0.50, 0.05, 0.505),
    ]
    k = keyed(m.part, (0.0, 0.26, 0.4, 0.55, 0.7, 0.82, 1.0), keys, cyclic=False)
    for i, sign in enumerate((1.0, -1.0)):
        pose.hands[:, i] = np.stack([k[:, 0], np.full(len(k), sign * wide / 2 / m.style.height), k[:, 1]], -1)
    pose.pelvis[:, 2], pose.pelvis[:, 0] = k[:, 3], -0.25 * (0.51 - k[:, 3])
    held = (m.part > 0.26) & (m.part < 0.82)
    z = np.where(held, k[:, 1] - 0.12, 0.0)
    x = np.where(held, k[:, 0] + 0.02, 0.29)
    pose = replace(pose, lean=k[:, 2], nod=pose.nod + 0.1)
    points = np.stack([x, 0 * x, z], -1)[:, None].astype(np.float32)
    return pose, [Prop("crate", points, (0.34, wide, 0.3), seed=int(m.whim[5] * 99))]


def signalling(m: Motion) -> Result:
    """Raise one arm, or both, and wave it overhead."""
    pose, _ = gait(m)
    up = np.minimum(ease(m.part / 0.2), ease((1 - m.part) / 0.2))[:, None]
    wave = np.sin(2 * np.pi * m.t * 1.7 * m.style.tempo)
    arms = (0, 1) if m.whim[2] > 0.55 else (1 if m.style.lead else 0,)
    for i in arms:
        sign = 1.0 if i == 0 else -1.0
        raised = np.stack([0 * wave + 0.06, sign * (0.17 + 0.15 * wave), 1.12 - 0.05 * wave**2], -1)
        pose.hands[:, i] += up * (raised - pose.hands[:, i])
    return pose, []


def falling(m: Motion) -> Result:
    """Stumble, go to the ground, lie, and get up (or stay down: whim 4 above a half)."""
    pose, _ = gait(m)
    stays = m.whim[4] > 0.5
    times = (0.0, 0.12, 0.46, 0.6, 1.0) if stays else (0.0, 0.08, 0.42, 0.56, 0.8, 1.0)
    keys = [
        (0.00, 0.505, 0.05, 0.0),
        (0.25, 0.47, 0.25, 0.6),
        (1.32, 0.34, 0.15, 1.0),
        (1.50, 0.34, 0.0, 0.8),
        (1.50, 0.34, 0.0, 0.8) if stays else (0.45, 0.30, 0.6, 0.5),
    ]
    if not stays:
        keys.append((0.0, 0.505, 0.05, 0.0))
    k = keyed(m.part, times, keys, cyclic=False)
    flail = k[:, 3:4]
    for i, sign in enumerate((1.0, -1.0)):
        thrown = np.array([0.22, sign * 0.26, 0.92], np.float32)
        pose.hands[:, i] += flail * (thrown - pose.hands[:, i])
        pose.feet[:, i, 0] += flail[:, 0] * (0.1 * sign * (1 - k[:, 0] / 1.5) - 0.02)
    pose.pelvis[:, 2] = k[:, 1]
    to = np.full(len(k), (m.whim[3] - 0.5) * 2 * np.pi * 0.9, np.float32)
    return replace(pose, lean=k[:, 2], tilt=k[:, 0].copy(), tilt_to=to), []


def walking(m: Motion) -> Result:
    """Walk."""
    return gait(m)


MOVES: dict[str, Callable[[Motion], Result]] = {
    "walking": walking,
    "carrying": carrying,
    "pushing_cart": pushing_cart,
    "climbing": climbing,
    "digging": digging,
    "hammering": hammering,
    "sweeping": sweeping,
    "lifting": lifting,
    "signalling": signalling,
    "falling": falling,
}

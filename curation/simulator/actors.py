"""Who does what when: scripts of acts become tracks of joints and props in the world, a row a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from curation.simulator.actions import MOVES, PACE, Motion, Prop, ease, gait
from curation.simulator.body import Style, blend, place, solve
from curation.simulator.camera import Floats

Room = tuple[float, float, float, float]
GRID = 50
FIXED = ("stake", "ladder", "cart")


@dataclass(frozen=True)
class Act:
    """One action in seconds; ``whole`` fills the video, ``to_end`` lasts until its last frame."""

    action: str
    start: float
    end: float
    whole: bool = False
    to_end: bool = False


@dataclass(frozen=True)
class Script:
    """What one person does in one video, where (x0, x1, y0, y1), and the seed of all chance."""

    style: Style
    acts: tuple[Act, ...]
    room: Room
    seed: int


@dataclass
class Track:
    """A person through a video: joints (T, 19, 3) in metres of the world, and the props with theirs."""

    style: Style
    joints: Floats
    props: list[Prop]


def _paces(script: Script, grid: Floats, rng: np.random.Generator) -> Floats:
    """Return the wanted pace on the grid: as the acts say, else standing and strolling by turns."""
    pace = np.zeros(len(grid), np.float32)
    at, walk = float(grid[0]), rng.random() < 0.5
    while at < grid[-1]:
        end = at + rng.uniform(1.0, 2.6)
        pace[(grid >= at) & (grid < end)] = rng.uniform(0.75, 1.0) if walk else 0.0
        at, walk = end, not walk
    for act in script.acts:
        lead = 0.0 if act.whole else 0.35
        inside = (grid >= act.start - lead) & (grid < act.end + lead) | act.whole
        pace[inside] = PACE.get(act.action, 0.0)
    kernel = np.hanning(int(0.5 * GRID) + 2)
    return np.convolve(np.pad(pace, len(kernel) // 2, "edge"), kernel / kernel.sum(), "valid")[: len(grid)]


def _route(length: float, room: Room, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return corners (K, 2) of a walk of at least ``length`` metres inside the room, and their metres."""
    x0, x1, y0, y1 = room
    corners = [np.array([rng.uniform(x0, x1), rng.uniform(y0, y1)])]
    total = [0.0]
    least = min(2.5, 0.6 * max(x1 - x0, y1 - y0))
    while total[-1] < length + 1 or len(corners) < 2:
        best = corners[-1]
        for _ in range(12):
            best = np.array([rng.uniform(x0, x1), rng.uniform(y0, y1)])
            if np.hypot(*(best - corners[-1])) >= least:
                break
        corners.append(best)
        total.append(total[-1] + float(np.hypot(*(corners[-1] - corners[-2]))))
    return np.array(corners, np.float32), np.array(total, np.float32)


def _smooth(values: Floats, seconds: float) -> Floats:
    kernel = np.hanning(max(3, int(seconds * GRID) | 1))
    half = len(kernel) // 2
    columns = [np.convolve(np.pad(c, half, "edge"), kernel / kernel.sum(), "valid") for c in values.T]
    return np.stack(columns, -1).astype(np.float32)


def perform(script: Script, times: Floats) -> Track:
    """Return the track of a script at the given frame times (T,) in seconds."""
    rng = np.random.default_rng(script.seed)
    style = script.style
    grid = np.arange(times[0] - 1, times[-1] + 1 + 1 / GRID, 1 / GRID, dtype=np.float32)
    pace = _paces(script, grid, rng)
    speed = 1.22 * style.tempo**0.8 * style.stride * style.height / 1.75
    walked = np.cumsum(pace) * speed / GRID
    corners, total = _route(float(walked[-1]), script.room, rng)
    ahead = np.stack([np.interp(walked + 0.25, total, corners[:, i]) for i in (0, 1)], -1)
    behind = np.stack([np.interp(walked, total, corners[:, i]) for i in (0, 1)], -1)
    facing = _smooth((ahead - behind).astype(np.float32), 0.9)
    spot = _smooth(behind.astype(np.float32), 0.5)
    turn = np.unwrap(np.arctan2(facing[:, 1], facing[:, 0]))
    position = np.stack([np.interp(times, grid, spot[:, i]) for i in (0, 1)], -1).astype(np.float32)
    heading = np.interp(times, grid, turn).astype(np.float32)
    at_pace = np.interp(times, grid, pace).astype(np.float32)
    at_walk = np.interp(times, grid, walked).astype(np.float32)
    whim = rng.random(8).astype(np.float32)
    pose, _ = gait(Motion(times, times * 0, at_walk, at_pace, style, whim))
    props: list[Prop] = []
    for act in script.acts:
        whim = rng.random(8).astype(np.float32)
        whim[4] = act.to_end if act.action == "falling" else whim[4]
        part = np.clip((times - act.start) / (act.end - act.start), 0, 1).astype(np.float32)
        moved, held = MOVES[act.action](Motion(times, part, at_walk, at_pace, style, whim))
        ramp = min(0.3, 0.25 * (act.end - act.start))
        weight = np.minimum(ease((times - act.start) / ramp), ease((act.end - times) / ramp))
        if act.whole:
            weight = np.ones_like(times)
        elif act.to_end:
            weight = ease((times - act.start) / ramp)
        pose = blend(pose, moved, weight)
        props += [_settle(prop, style, position, heading, weight) for prop in held]
    return Track(style, place(solve(pose, style), style.height, position, heading), props)


def _settle(prop: Prop, style: Style, position: Floats, heading: Floats, weight: Floats) -> Prop:
    """Return a prop in the world: in use while the weight is 1, else lying where it was or will be used."""
    held = place(prop.points, style.height, position, heading)
    busy = np.flatnonzero(weight > 0.5)
    if not len(busy):
        busy = np.array([len(weight) // 2])
    first, last = int(busy[0]), int(busy[-1])
    middle = (first + last) // 2
    before = np.arange(len(weight)) <= middle
    rest = np.where(before[:, None, None], held[first], held[last])
    turn = np.where(before, heading[first], heading[last])
    if prop.kind not in FIXED:
        rest = rest.copy()
        rest[..., 2] = 0.03 if prop.points.shape[1] > 1 else 0.0
    share = weight[:, None, None] if prop.kind not in FIXED else (weight > 0)[:, None, None]
    points = rest + share * (held - rest)
    return replace(
        prop, points=points.astype(np.float32), world=True, turn=turn + (weight > 0) * (heading - turn)
    )


def litter(room: Room, frames: int, seed: int, count: int) -> list[Prop]:
    """Return things that lie about and mean nothing: (so that no tool in sight gives an action away)."""
    rng = np.random.default_rng(seed)
    x0, x1, y0, y1 = room
    things = []
    for _ in range(count):
        kind = str(rng.choice(["crate", "crate", "cart", "ladder", "shovel", "broom", "hammer", "stake"]))
        x, y, turn = rng.uniform(x0, x1), rng.uniform(y0 + 0.2, y1 + 0.8), rng.uniform(-np.pi, np.pi)
        along = np.array([np.cos(turn), np.sin(turn), 0], np.float32)
        foot = np.array([x, y, 0.0], np.float32)
        points, size = foot[None], (0.34, float(rng.uniform(0.34, 0.5)), 0.3)
        if kind in ("shovel", "broom", "hammer"):
            points = np.stack([foot, foot + along * 1.3]) + np.array([0, 0, 0.03], np.float32)
        elif kind == "stake":
            points = np.stack([foot, foot + np.array([0, 0, 0.7], np.float32)])
        elif kind == "cart":
            size = (1.05, 0.62, 1.02)
        elif kind == "ladder":
            size = (0.55, 0.32, 2.5)
        tiled = np.broadcast_to(points, (frames, *points.shape)).astype(np.float32)
        turns = np.full(frames, turn, np.float32)
        things.append(Prop(kind, tiled, size, True, int(rng.integers(99)), turns))
    return things


def slices(room: Room, count: int) -> Sequence[Room]:
    """Return ``count`` neighbouring parts of a room, left to right."""
    x0, x1, y0, y1 = room
    wide = (x1 - x0) / count
    return [(x0 + i * wide, x0 + (i + 1) * wide, y0, y1) for i in range(count)]

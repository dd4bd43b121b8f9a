"""Decides everything before anything is drawn: videos, who does what when, faults, encodings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from curation.simulator.actions import ACTIONS, BRIEF
from curation.simulator.camera import Floats
from curation.simulator.faults import FAULTS, Fault
from curation.simulator.scenes import cameras

START = datetime(2026, 10, 12)  # noqa: DTZ001 - a camera's own clock, as it prints it
CLOCK = 90_000


@dataclass(frozen=True)
class Order:
    """What is asked for; sizes in pixels, rates in frames a second."""

    seed: int = 1
    cameras: int = 4
    subjects: int = 6
    clips: int = 8
    hours: float = 0.25
    rates: tuple[Fraction, ...] = (Fraction(30),)
    size: tuple[int, int] = (1280, 720)
    codes: bool = True
    clip_seconds: tuple[float, float] = (4.0, 8.0)
    recording_seconds: tuple[float, float] = (60.0, 180.0)
    actions: tuple[str, ...] = ACTIONS


@dataclass(frozen=True)
class Encoding:
    """How a video is written: ticks are of 1/90000 s, ``late`` is the first frame's."""

    rate: Fraction
    variable: bool
    late: int
    crf: int
    bframes: int
    gop: int


@dataclass(frozen=True)
class Segment:
    """One action: person ``who`` of the shot does ``label`` on frames [start, end)."""

    label: str
    who: int
    start: int
    end: int


@dataclass(frozen=True)
class Shot:
    """One video, fully decided: ``people`` are subject numbers, the first ``performers`` of them act."""

    file: str
    camera: str
    night: bool
    frames: int
    label: str | None
    people: tuple[int, ...]
    performers: int
    segments: tuple[Segment, ...]
    faults: tuple[Fault, ...]
    encoding: Encoding
    litter: int
    gain: float
    when: datetime
    seed: int
    size: tuple[int, int]
    codes: bool
    world: int
    ticks: tuple[int, ...] = field(repr=False, default=())

    @property
    def times(self) -> Floats:
        """Return when each frame was taken, in seconds from the first."""
        return (np.array(self.ticks, np.float64) / CLOCK).astype(np.float32)


def shots(order: Order) -> list[Shot]:
    """Return every video of an order; the same order gives the same list."""
    taken: set[str] = set()
    return [*_clips(order, taken), *_recordings(order, taken)]


def _deal(rng: np.random.Generator, count: int, kinds: int) -> list[int]:
    """Return ``count`` numbers below ``kinds``, each about as often, in an order of chance."""
    dealt: list[int] = []
    while len(dealt) < count:
        dealt += [int(i) for i in rng.permutation(kinds)]
    return dealt[:count]


def _clips(order: Order, taken: set[str]) -> Iterator[Shot]:
    names = cameras(order.cameras)
    for a, label in enumerate(order.actions):
        rng = np.random.default_rng([order.seed, 1, a])
        where, who = _deal(rng, order.clips, len(names)), _deal(rng, order.clips, order.subjects)
        nights = [(i // 2 + i + a) % 2 == 0 and i % 3 != 2 for i in range(order.clips)]
        for i in range(order.clips):
            yield _clip(order, label, names[where[i]], who[i], nights[i], i + a, rng, taken)


def _clip(
    order: Order,
    label: str,
    camera: str,
    who: int,
    night: bool,
    turn: int,
    rng: np.random.Generator,
    taken: set[str],
) -> Shot:
    encoding = _encoding(order, turn, rng)
    shortest, longest = order.clip_seconds
    seconds = rng.uniform(shortest + (longest - shortest) * (0.5 if label in BRIEF else 0), longest)
    frames = max(10, round(float(encoding.rate) * seconds))
    ticks = _ticks(frames, encoding, rng)
    segment = Segment(label, 0, 0, frames)
    if label in BRIEF:
        long = int(frames * rng.uniform(0.17, 0.2))
        start = int(rng.uniform(0.08, 0.92 - 0.2) * frames)
        if label == "falling" and rng.random() < 0.5:
            start = frames - long
        segment = Segment(label, 0, start, start + long)
    faults: tuple[Fault, ...] = ()
    if rng.random() < 0.1:
        faults = _clip_fault(frames, segment if label in BRIEF else None, rng)
    around = int(rng.choice([0, 0, 0, 1, 1, 2]))
    others = [s for s in rng.permutation(order.subjects) if s != who][:around]
    return Shot(
        **_place(order, camera, night, encoding, rng, taken),
        frames=frames, label=label, people=(who, *(int(s) for s in others)), performers=1,
        segments=(segment,), faults=faults, litter=int(rng.integers(0, 4)), ticks=ticks,
    )  # fmt: skip


def _clip_fault(frames: int, avoid: Segment | None, rng: np.random.Generator) -> tuple[Fault, ...]:
    """Return one fault of a fifth of the clip that leaves a brief action alone, or none."""
    long = max(4, frames // 5)
    for _ in range(8):
        start = int(rng.integers(0, frames - long))
        if avoid is None or start + long <= avoid.start or start >= avoid.end:
            kind = str(rng.choice(FAULTS))
            return (
                Fault(
                    kind,
                    start,
                    start + long,
                    round(float(rng.uniform(0.5, 1)), 2),
                    int(rng.integers(1 << 30)),
                ),
            )
    return ()


def _recordings(order: Order, taken: set[str]) -> Iterator[Shot]:
    rng = np.random.default_rng([order.seed, 2])
    names = cameras(order.cameras)
    left, turn = order.hours * 3600, 0
    kinds: list[int] = []
    while left > 1:
        seconds = min(float(rng.uniform(*order.recording_seconds)), left)
        if left - seconds < order.recording_seconds[0] / 2:
            seconds = left
        left -= seconds
        encoding = _encoding(order, turn + 1, rng)
        frames = max(10, round(float(encoding.rate) * seconds))
        camera, night = names[turn % len(names)], turn % 3 == 2
        people = [int(s) for s in rng.permutation(order.subjects)[: int(rng.integers(2, 5))]]
        segments = _segments(order, frames, float(encoding.rate), min(2, len(people)), rng)
        kinds += [int(k) for k in rng.permutation(len(FAULTS))] if len(kinds) < len(FAULTS) else []
        faults = _spans(frames, float(encoding.rate), kinds, rng)
        yield Shot(
            **_place(order, camera, night, encoding, rng, taken),
            frames=frames, label=None, people=tuple(people), performers=min(2, len(people)),
            segments=segments, faults=faults, litter=1, ticks=_ticks(frames, encoding, rng),
        )  # fmt: skip
        turn += 1


def _segments(
    order: Order, frames: int, rate: float, performers: int, rng: np.random.Generator
) -> tuple[Segment, ...]:
    """Return acts one after another, by one performer or the other, with pauses between them."""
    acts: list[Segment] = []
    at, queue = rng.uniform(0.5, 2.0) * rate, _deal(rng, 400, len(order.actions))
    for kind in queue:
        label = order.actions[kind]
        long = (rng.uniform(1.6, 2.6) if label in BRIEF else rng.uniform(4.5, 9.0)) * rate
        if at + long > frames - rate * 0.5:
            break
        acts.append(Segment(label, int(rng.integers(performers)), int(at), int(at + long)))
        at += long + rng.uniform(1.5, 4.0) * rate
    return tuple(acts)


def _spans(frames: int, rate: float, kinds: list[int], rng: np.random.Generator) -> tuple[Fault, ...]:
    """Return faults of 1.5 to 4 s about every twelve seconds, never touching; takes kinds from the list."""
    spans: list[Fault] = []
    at = rng.uniform(3.0, 7.0) * rate
    while kinds:
        long = rng.uniform(1.5, 4.0) * rate
        if at + long > frames - rate:
            break
        strength, seed = round(float(rng.uniform(0.5, 1)), 2), int(rng.integers(1 << 30))
        spans.append(Fault(FAULTS[kinds.pop(0)], int(at), int(at + long), strength, seed))
        at += long + rng.uniform(6.0, 12.0) * rate
    return tuple(spans)


def _encoding(order: Order, turn: int, rng: np.random.Generator) -> Encoding:
    """Mix the kinds of files by turns: constant and variable rate, B-frames or none, on time or late."""
    rate = order.rates[turn % len(order.rates)]
    # MP4 edit lists count milliseconds: a start between two would come back rounded.
    late = int(rng.integers(200, 2500)) * (CLOCK // 1000) if turn % 5 == 3 else 0
    return Encoding(
        rate=rate,
        variable=turn % 4 == 1,
        late=late,
        crf=int(rng.integers(20, 26)),
        bframes=(0, 2, 3)[turn % 3],
        gop=int(rng.choice([25, 50, 120, 250])),
    )


def _ticks(frames: int, encoding: Encoding, rng: np.random.Generator) -> tuple[int, ...]:
    """Return the ticks of all frames from 0: even steps, or steps of 0.75 to twice the nominal one."""
    step = round(CLOCK / encoding.rate)
    steps: Floats = np.full(frames, step)
    if encoding.variable:
        steps = (step * rng.choice([1.0, 1.0, 1.0, 0.75, 1.5, 2.0], frames)).astype(np.int64)
    return (0, *(int(tick) for tick in np.cumsum(steps)[:-1]))


def _place(
    order: Order, camera: str, night: bool, encoding: Encoding, rng: np.random.Generator, taken: set[str]
) -> dict[str, Any]:
    """Return when and where: the name of the file says no more than a recorder's would."""
    hour = (20 + rng.uniform(0, 8)) if night else rng.uniform(7.5, 16.5)
    when = START + timedelta(
        days=int(rng.integers(0, 14)), hours=float(hour), seconds=int(rng.integers(3600)) / 4
    )
    when = when.replace(microsecond=0)
    while (file := f"{camera}/{when:%Y%m%d_%H%M%S}.mp4") in taken:
        when += timedelta(seconds=1)
    taken.add(file)
    return {
        "file": file,
        "camera": camera,
        "night": night,
        "encoding": encoding,
        "gain": round(float(rng.uniform(0.92, 1.08)), 3),
        "when": when,
        "seed": int(rng.integers(1 << 30)),
        "size": order.size,
        "codes": order.codes,
        "world": order.seed,
    }


def scenes_of(plan: Sequence[Shot]) -> list[tuple[str, bool, int, int, int]]:
    """Return the distinct scenes that shots need, as arguments of ``scenes.scene``."""
    return sorted({(shot.camera, shot.night, *shot.size, shot.world) for shot in plan})

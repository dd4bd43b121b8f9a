"""The cameras: which scene each sees, from where, by day and by night. A picture is painted once and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from curation.simulator import indoors, outdoors
from curation.simulator.camera import Lamp, Light, View
from curation.simulator.paint import Canvas, Colour, Occluder


@dataclass(frozen=True)
class Site:
    """One kind of scene: how to paint it, where its camera hangs, its lamps and where people may walk."""

    paint: Callable[[Canvas, bool], None]
    position: tuple[float, float, float]
    yaw: float
    pitch: float
    focal: float
    room: tuple[float, float, float, float]
    lamps: tuple[Lamp, ...]
    indoor: bool
    sun: tuple[float, float, float] = (-0.5, -0.35, 0.8)


@dataclass(frozen=True)
class Scene:
    """A camera ready to film: picture (H, W, 3) RGB, light, and where to walk (x0, x1, y0, y1) in metres."""

    camera: str
    view: View
    light: Light
    picture: NDArray[np.uint8]
    occluders: tuple[Occluder, ...]
    room: tuple[float, float, float, float]
    night: bool
    grade: Colour


SODIUM, LED = (2.3, 1.55, 0.8), (1.6, 1.75, 1.9)

SITES: dict[str, Site] = {
    "yard_north": Site(
        outdoors.yard, (0, 0, 3.9), 0.0, 0.205, 0.95, (-4.2, 4.6, 6.0, 10.6),
        (Lamp((-2.5, 12.5, 6.5), SODIUM, 7.0), Lamp((6.5, 11.0, 6.5), SODIUM, 7.0)), False,
    ),
    "loading_bay_2": Site(
        indoors.bay, (0.3, 0, 3.8), 0.02, 0.235, 0.88, (-4.2, 4.2, 6.0, 10.2),
        tuple(Lamp((x, y, 6.5), (0.85, 0.84, 0.78), 5.5) for x in (-4, 0, 4) for y in (6, 11)), True,
    ),
    "corridor_east": Site(
        indoors.corridor, (0, 0, 2.8), 0.0, 0.23, 0.80, (-1.6, 1.6, 5.0, 9.6),
        tuple(Lamp((0, y, 3.3), (0.9, 0.93, 0.9), 2.7) for y in (3.5, 7.5, 11.5, 15.5)), True,
    ),
    "gate_1": Site(
        outdoors.gate, (0, 0, 4.0), -0.06, 0.215, 0.94, (-4.0, 4.0, 6.0, 10.8),
        (Lamp((-5.0, 12.5, 6.0), LED, 7.0), Lamp((4.6, 14.0, 6.0), LED, 7.0)), False, (0.55, -0.3, 0.78),
    ),
    "crane_pad": Site(
        outdoors.pad, (0, 0, 4.2), 0.04, 0.24, 0.94, (-4.2, 4.2, 6.0, 10.8),
        (Lamp((-6.5, 10.0, 7.0), LED, 7.5), Lamp((6.0, 14.0, 7.0), SODIUM, 7.5)), False, (-0.35, 0.4, 0.85),
    ),
    "stair_c": Site(
        indoors.stair, (-0.2, 0, 3.1), 0.03, 0.24, 0.82, (-2.9, 2.6, 5.0, 8.4),
        (Lamp((-2.0, 6.0, 4.6), (1.1, 1.12, 1.1), 3.4), Lamp((2.4, 8.0, 4.6), (1.1, 1.12, 1.1), 3.4)), True,
    ),
}  # fmt: skip


def cameras(count: int) -> list[str]:
    """Return the names of the first ``count`` cameras; after six they come again from other angles."""
    names = list(SITES)
    return [names[i % 6] + ("" if i < 6 else f"_{i // 6 + 1}") for i in range(count)]


def _light(site: Site, *, night: bool, warm: float) -> Light:
    if site.indoor:
        level = 0.52 if not night else 0.33
        lamps = site.lamps if not night else site.lamps[::2]
        dim = 1.0
        lit = tuple(
            replace(p, colour=(p.colour[0] * dim, p.colour[1] * dim, p.colour[2] * dim)) for p in lamps
        )
        return Light((level, level, level * 1.02), lamps=lit, shadow=0.3)
    if night:
        return Light((0.075, 0.085, 0.115), lamps=site.lamps, shadow=0.4)
    sun = np.array(site.sun) / np.linalg.norm(site.sun)
    colour = (0.78 + warm, 0.74, 0.66 - warm)
    return Light((0.40, 0.43, 0.48), (float(sun[0]), float(sun[1]), float(sun[2])), colour, shadow=0.42)


@lru_cache(maxsize=16)
def scene(camera: str, night: bool, width: int, height: int, seed: int) -> Scene:
    """Paint what a camera sees; the seed moves cameras a little, so that no two installations look alike."""
    kind = next(name for name in SITES if camera.startswith(name))
    site = SITES[kind]
    rng = np.random.default_rng([seed, *camera.encode()])
    turn, tilt, lift = rng.uniform(-1, 1, 3) * (1.0 if camera == kind else 1.6)
    x, y, z = site.position
    view = View(
        width, height, (x, y, z + 0.15 * lift), site.yaw + 0.02 * turn, site.pitch + 0.012 * tilt, site.focal
    )
    light = _light(site, night=night, warm=float(rng.uniform(-0.02, 0.05)))
    canvas = Canvas(view, light, int(rng.integers(1 << 30)))
    site.paint(canvas, night)
    if night:
        for lamp in light.lamps:
            if not site.indoor:
                red, green, blue = lamp.colour
                canvas.glow(lamp.position, (red * 0.4, green * 0.4, blue * 0.4), 1.5)
    grade = (1.0, 1.0, 0.98) if not night else (0.95, 1.0, 1.02)
    picture = canvas.finish(grade=grade, contrast=1.06, dull=0.12 if not night else 0.3)
    room = _room(site.room, view)
    return Scene(camera, view, light, picture, tuple(canvas.occluders), room, night, grade)


def _room(room: tuple[float, float, float, float], view: View) -> tuple[float, float, float, float]:
    """Return the part of a room that the camera sees down to the feet, with a margin on all sides."""
    x0, x1, y0, y1 = room
    steep = view.pitch + np.arctan(0.44 * view.height / view.pixels)
    near = max(y0, view.position[2] / float(np.tan(steep)))
    reach = 0.42 * near / view.focal
    centre = view.position[0] + near * float(np.tan(view.yaw))
    return max(x0, centre - reach), min(x1, centre + reach), near, max(y1, near + 2.0)

"""The indoor scenes: the loading bay, the corridor and the stairwell."""

from __future__ import annotations

from functools import partial

import numpy as np

from curation.simulator import texture
from curation.simulator.camera import Floats
from curation.simulator.furniture import (
    RED,
    STEEL,
    WHITE,
    YELLOW,
    block,
    bollard,
    cone,
    crate_side,
    frame,
    outline,
    pallet,
    rail,
)
from curation.simulator.outdoors import grained, stripe
from curation.simulator.paint import Canvas, rgb

GREEN = rgb("#2f8a5b")


def _wall(canvas: Canvas, a: tuple[float, float], b: tuple[float, float], high: float, flat: Floats) -> None:
    """Paint an upright wall from a to b as seen with a on the left."""
    along = np.array([b[0] - a[0], b[1] - a[1]])
    normal = np.array([along[1], -along[0]]) / np.linalg.norm(along)
    corners = [(*a, high), (*b, high), (*b, 0.0), (*a, 0.0)]
    canvas.quad(corners, flat, (float(normal[0]), float(normal[1]), 0))


def _lit_panel(canvas: Canvas, x: float, y: float, z: float, wide: float, deep: float, night: bool) -> None:
    tone = (0.98, 1.0, 0.97) if not night else (0.55, 0.58, 0.6)
    corners = [
        (x - wide / 2, y, z),
        (x + wide / 2, y, z),
        (x + wide / 2, y + deep, z),
        (x - wide / 2, y + deep, z),
    ]
    canvas.polygon(corners, tone, glow=True)


def bay(canvas: Canvas, night: bool) -> None:
    """Paint a loading bay: concrete floor, dock doors, shutters, bollards and racks."""
    canvas.image[:] = np.array(rgb("#3c4042"), np.float32) * (0.8 if not night else 0.25)

    def concrete(x: Floats, y: Floats) -> Floats:
        ground = grained(canvas, x, y, rgb("#93928c"), 0.06)
        worn = canvas.noise(x, y, 2.2)
        for along, step in ((x, 4.0), (y, 4.0)):
            stripe(ground, (along + step / 2) % step - step / 2, 0.03, rgb("#55544f"), worn, 0.8)
        for edge in (-4.9, 4.9):
            stripe(ground, x - edge, 0.14, YELLOW, worn)
        band = (y > 12.5) & (y < 13.3)
        slant = np.where(((x + y) / 0.7 % 1 < 0.5) & band, 0, 9).astype(np.float32)
        stripe(ground, slant, 0.2, YELLOW, worn, 0.7)
        skid = np.abs(x - 1.2 - 0.9 * np.sin(y / 3)) - 0.08
        ground *= (1 - 0.14 * np.clip(1 - np.abs(skid) / 0.12, 0, 1))[..., None]
        return ground

    canvas.ground(concrete)
    back = 15.0
    _wall(
        canvas, (-9, back), (9, back), 7.5, texture.ribbed(18, 7.5, rgb("#7f8688"), 5, pitch=0.45, depth=0.1)
    )
    _wall(canvas, (-7.6, 4.0), (-7.6, back), 7.5, texture.blocks(11.0, 7.5, rgb("#a2a39c"), 7))
    _wall(canvas, (7.6, back), (7.6, 4.0), 7.5, texture.blocks(11.0, 7.5, rgb("#a5a59e"), 8))
    for i, x in enumerate((-4.9, 0.0, 4.9)):
        door = texture.slats(3.2, 3.8, rgb("#9aa2a3"), 20 + i)
        if i == 1:
            door = _open_dock(3.2, 3.8, night)
        _wall(canvas, (x - 1.6, back - 0.05), (x + 1.6, back - 0.05), 3.8, door)
        frame(canvas, x, back - 0.1, 3.3, 3.85)
        sign = texture.sheet(0.7, 0.7, rgb("#2e5f8c"), 3)
        top = [(x - 0.4, back - 0.08, 5.0), (x + 0.4, back - 0.08, 5.0)]
        low = [(x + 0.4, back - 0.08, 4.25), (x - 0.4, back - 0.08, 4.25)]
        canvas.quad([*top, *low], sign, (0, -1, 0))
        for dx in (-2.0, 2.0):
            bollard(canvas, x + dx, back - 0.8)
    canvas.shadow([outline((-5.8, 12.0, 0), (1.2, 3.6, 2)), outline((5.9, 11.8, 0), (1.2, 1.0, 1.5))], 0.4, 6)
    canvas.hides((-5.2, 10.2, 0), lambda: _racks(canvas, -6.4, 12.0))
    canvas.hides((5.8, 11.3, 0), lambda: pallet(canvas, 5.9, 11.8, 3, 12, -0.05))
    pallet(canvas, 6.0, 13.4, 2, 15, 0.03)
    for x in (-4, 0, 4):
        _lit_panel(canvas, x, 9.0, 6.6, 0.35, 3.0, night)


def _open_dock(wide: float, high: float, night: bool) -> Floats:
    """Return the view (h, w, 3) through an open dock door into a trailer."""
    flat = texture.sheet(wide, high, rgb("#2b2d2e") if night else rgb("#6e7375"), 6, grime=0.03)
    h, w = flat.shape[:2]
    flat[: h // 7] = texture.slats(wide, high / 7, rgb("#9aa2a3"), 3)[: h // 7, :w][:1]
    deep = flat[h // 5 : int(h * 0.86), w // 5 : -w // 5]
    deep *= np.linspace(0.55, 0.75, deep.shape[0], dtype=np.float32)[:, None, None]
    for i in range(3):
        x = w // 4 + i * w // 6
        flat[int(h * (0.58 - 0.06 * (i % 2))) : int(h * 0.85), x : x + w // 6 - 3] = rgb("#a07c4e")
    flat[int(h * 0.86) :] = rgb("#3b3c3c")
    return flat


def _racks(canvas: Canvas, x: float, y: float) -> None:
    for level in (0.1, 1.4, 2.7):
        block(canvas, (x, y, level), (1.0, 3.8, 0.1), rgb("#c46a2b"))
        for i in range(4):
            skin = partial(crate_side, seed=30 + i)
            spot = (x, y + 1.35 - 0.92 * i, level + 0.1)
            canvas.box(spot, (0.8, 0.7, 0.5 + 0.12 * ((i + int(level)) % 3)), skin)
    for dy in (-1.95, 0.0, 1.95):
        for dx in (-0.5, 0.5):
            canvas.tube([(x + dx, y + dy, 0), (x + dx, y + dy, 4.0)], 0.09, rgb("#35567e"))


def corridor(canvas: Canvas, night: bool) -> None:
    """Paint a corridor: shiny floor, two-tone walls, doors, ceiling lights, an exit sign."""
    wide, high, end = 2.5, 3.4, 19.0

    def vinyl(x: Floats, y: Floats) -> Floats:
        ground = grained(canvas, x, y, rgb("#868c8b"), 0.045)
        worn = canvas.noise(x, y, 2.0)
        for edge in (-2.1, 2.1):
            stripe(ground, x - edge, 0.1, rgb("#4d6f7d"), worn, 0.8)
        shine = np.exp(-((x / 0.7) ** 2)) * (0.5 + 0.5 * np.cos((y - 1.2) * 2 * np.pi / 4)) ** 2
        ground += (0.16 * shine * np.clip(y / 8, 0, 1.4))[..., None]
        return ground

    canvas.ground(vinyl)
    ceiling = texture.blocks(2 * wide, end, rgb("#b9bbb6"), 2, (0.6, 0.6))
    corners = [(-wide, 3.0, high), (wide, 3.0, high), (wide, end, high), (-wide, end, high)]
    canvas.quad(corners, ceiling, (0, 0, -1))
    wall = texture.sheet(end - 3.0, high, rgb("#b4b6ac"), 9, grime=0.04)
    h = wall.shape[0]
    wall[int(h * 0.66) : int(h * 0.70)] = rgb("#41626f")
    wall[int(h * 0.70) :] *= np.array([0.62, 0.7, 0.74], np.float32)
    wall[int(h * 0.965) :] *= 0.45
    _wall(canvas, (-wide, 3.0), (-wide, end), high, wall)
    _wall(canvas, (wide, end), (wide, 3.0), high, wall[:, ::-1])
    _wall(canvas, (-wide, end), (wide, end), high, texture.sheet(5, high, rgb("#9fa29b"), 4))
    for x in (-0.8, 0.8):
        leaf = texture.panelled(1.6, 2.5, rgb("#56707c"), 3, glass=True)
        _wall(canvas, (x - 0.8, end - 0.05), (x + 0.8, end - 0.05), 2.5, leaf)
    for i, y in enumerate((6.4, 11.0, 15.2)):
        leaf = texture.panelled(1.1, 2.2, rgb("#8c7658"), 5 + i)
        _wall(canvas, (-wide + 0.03, y), (-wide + 0.03, y + 1.1), 2.2, leaf)
        _wall(canvas, (wide - 0.03, y + 3.3), (wide - 0.03, y + 2.2), 2.2, leaf)
    for y in (3.2, 7.2, 11.2, 15.2):
        _lit_panel(canvas, 0, y, high - 0.01, 0.65, 1.3, night)
    canvas.polygon([(-0.4, 13, 3.0), (0.4, 13, 3.0), (0.4, 13, 2.75), (-0.4, 13, 2.75)], GREEN, glow=True)
    for y in (9.6, 14.0):
        canvas.tube([(wide - 0.12, y, 1.0), (wide - 0.12, y, 1.5)], 0.17, RED)
    canvas.tube([(-wide + 0.15, 0.5, 3.15), (-wide + 0.15, end, 3.15)], 0.12, STEEL)
    canvas.tube([(-wide + 0.4, 0.5, 3.25), (-wide + 0.4, end, 3.25)], 0.08, rgb("#b5573c"))
    canvas.shadow([outline((-2.1, 12.8, 0), (0.5, 0.5, 0.9))], 0.3, 4)
    canvas.hides((-2.1, 12.5, 0), lambda: block(canvas, (-2.1, 12.8, 0), (0.5, 0.5, 0.85), rgb("#5f6a6d")))


def stair(canvas: Canvas, night: bool) -> None:
    """Paint a concrete stairwell: a flight rising to a landing, rails, a door and a big letter."""
    canvas.image[:] = 0.12

    def screed(x: Floats, y: Floats) -> Floats:
        ground = grained(canvas, x, y, rgb("#8d8c86"), 0.06)
        worn = canvas.noise(x, y, 2.0)
        stripe(ground, y - 9.15, 0.12, YELLOW, worn, 0.7)
        stripe(ground, (x + 1.5) % 3.0 - 1.5, 0.03, rgb("#54534e"), worn, 0.7)
        return ground

    canvas.ground(screed)
    back, left, right, high = 11.4, -4.3, 4.6, 6.4
    wall = texture.blocks(right - left, high, rgb("#b2b0a6"), 6, (2.4, 1.2))
    wall[int(wall.shape[0] * 0.78) :] *= np.array([0.55, 0.68, 0.66], np.float32)
    _wall(canvas, (left, back), (right, back), high, wall)
    side = texture.blocks(back - 3.0, high, rgb("#a8a69d"), 5, (2.4, 1.2))
    side[int(side.shape[0] * 0.78) :] *= np.array([0.55, 0.68, 0.66], np.float32)
    _wall(canvas, (left, 3.0), (left, back), high, side)
    _wall(canvas, (right, back), (right, 3.0), high, side[:, ::-1])
    leaf = texture.panelled(1.2, 2.2, rgb("#8a4a3c"), 8, glass=True)
    _wall(canvas, (-3.7, back - 0.04), (-2.5, back - 0.04), 2.2, leaf)
    canvas.polygon(
        [
            (-3.5, back - 0.05, 2.7),
            (-2.7, back - 0.05, 2.7),
            (-2.7, back - 0.05, 2.42),
            (-3.5, back - 0.05, 2.42),
        ],
        GREEN,
        glow=True,
    )
    steps = [(0.0 + 0.34 * i, 0.18 * (i + 1)) for i in range(10)]
    canvas.shadow([outline((2.9, 10.2, 0), (3.4, 2.0, 1.4))], 0.35, 8)
    for x, z in reversed(steps):
        block(canvas, (x, 10.3, 0), (0.34, 1.9, z), rgb("#9d9b93"), 0, int(z * 100))
        canvas.polygon(
            [(x - 0.17, 9.35, z), (x + 0.17, 9.35, z), (x + 0.17, 9.41, z), (x - 0.17, 9.41, z)],
            YELLOW,
            (0, 0, 1),
        )
    block(canvas, (4.0, 10.3, 0), (1.3, 1.9, 1.98), rgb("#979589"), 0, 3)
    rail(canvas, [(-0.2, 9.38, 0.1), (3.3, 9.38, 1.95)], 0.95, rgb("#c9a52f"), 9)
    rail(canvas, [(3.3, 9.38, 1.98), (4.6, 9.38, 1.98)], 0.95, rgb("#c9a52f"), 4)
    canvas.tube([(left + 0.15, 1, 5.6), (left + 0.15, back, 5.6)], 0.14, RED)
    letter = [(0.9, 4.6), (-0.3, 4.6), (-0.3, 3.2), (0.9, 3.2)]
    canvas.tube([(x - 1.4, back - 0.06, z) for x, z in letter], 0.24, rgb("#3e6673"))
    _lit_panel(canvas, -2.2, 7.0, 5.0, 1.3, 0.3, night)
    _lit_panel(canvas, 2.4, 9.0, 5.0, 1.3, 0.3, night)
    canvas.shadow([outline((-3.7, 9.9, 0), (0.5, 0.5, 0.5))], 0.3, 4)
    cone(canvas, -1.5, 10.2, 0.6)
    block(canvas, (-3.8, 9.2, 0), (0.5, 0.45, 0.8), WHITE, 0.1)

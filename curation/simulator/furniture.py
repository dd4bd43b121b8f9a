"""Things that stand on a site: containers, cones, pallets, posts, machines. Each is painted by a function."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from curation.simulator import texture
from curation.simulator.camera import Floats
from curation.simulator.paint import Canvas, Colour, Point, box_faces, rgb

STEEL = rgb("#8a8f91")
YELLOW, BLACK, WHITE, RED = rgb("#d9a520"), rgb("#26272a"), rgb("#e4e3dc"), rgb("#b0392c")
_LEAF = np.array([0.0, 1.1, 2.4, 3.6, 5.0])


def outline(centre: Point, size: Point, turn: float = 0) -> Floats:
    """Return the eight corners (8, 3) of a box, for its shadow."""
    front, back = (faces for faces in _ends(centre, size, turn))
    return np.concatenate([front, back])


def _ends(centre: Point, size: Point, turn: float) -> tuple[Floats, Floats]:
    sides = {side: corners for corners, _, _, _, side in box_faces(centre, size, turn)}
    return sides["front"], sides["back"]


def block(canvas: Canvas, centre: Point, size: Point, colour: Colour, turn: float = 0, seed: int = 1) -> None:
    """Paint a plain box."""
    canvas.box(centre, size, lambda w, h, _: texture.sheet(w, h, colour, seed), turn)


def container(
    canvas: Canvas, centre: Point, colour: Colour, turn: float, seed: int, length: float = 6.1
) -> None:
    """Paint a shipping container whose long side faces the camera."""

    def side(wide: float, high: float, name: str) -> Floats:
        if name == "top":
            return texture.ribbed(wide, high, colour, seed + 3, pitch=0.5, depth=0.1)
        return texture.ribbed(wide, high, colour, seed + len(name))

    canvas.box(centre, (length, 2.4, 2.55), side, turn)


def cone(canvas: Canvas, x: float, y: float, high: float = 0.75) -> None:
    """Paint a traffic cone with two white collars."""
    block(canvas, (x, y, 0), (high * 0.55, high * 0.55, 0.04), rgb("#5d3320"))
    for low, top, colour in (
        (0.0, 1.0, rgb("#dd5f22")),
        (0.30, 0.48, WHITE),
        (0.62, 0.74, WHITE),
    ):
        ra, rb = (0.2 * high * (1 - 0.82 * part) for part in (low, top))
        spread = np.array(canvas.view.basis()[0], np.float32)
        foot, tip = np.array([x, y, high * low + 0.03]), np.array([x, y, high * top + 0.03])
        shape = np.array([foot - spread * ra, foot + spread * ra, tip + spread * rb, tip - spread * rb])
        canvas.polygon(shape, colour)
        canvas.polygon(
            np.array(
                [foot + spread * ra * 0.2, foot + spread * ra, tip + spread * rb, tip + spread * rb * 0.2]
            ),
            (colour[0] * 0.72, colour[1] * 0.72, colour[2] * 0.72),
        )


def pallet(canvas: Canvas, x: float, y: float, layers: int, seed: int, turn: float = 0.1) -> None:
    """Paint a pallet with ``layers`` of cardboard boxes on it."""
    canvas.box((x, y, 0), (1.2, 1.0, 0.14), lambda w, h, _: texture.planks(w, h, seed, 0.07), turn)
    rng = np.random.default_rng(seed)
    cos, sin = np.cos(turn), np.sin(turn)
    for layer in range(layers):
        for dy in (0.25, -0.25):
            for dx in (-0.4, 0.0, 0.4):
                if layer == layers - 1 and rng.random() < 0.3:
                    continue
                spot = (x + dx * cos - dy * sin, y + dx * sin + dy * cos, 0.14 + 0.38 * layer)
                skin = partial(crate_side, seed=int(rng.integers(1000)))
                canvas.box(spot, (0.385, 0.47, 0.37), skin, turn)


def crate_side(wide: float, high: float, _side: str, seed: int) -> Floats:
    """Return the texture of any side of a cardboard box."""
    return texture.crate(wide, high, seed)


def planks(canvas: Canvas, x: float, y: float, size: Point, seed: int, turn: float = 0) -> None:
    """Paint a stack of sawn timber."""
    canvas.box((x, y, 0), size, lambda w, h, _: texture.planks(w, h, seed), turn)


def post(canvas: Canvas, x: float, y: float, high: float, arm: float, width: float = 0.14) -> None:
    """Paint a lamp post whose arm reaches ``arm`` metres along x, with its head."""
    canvas.tube([(x, y, 0), (x, y, high)], width, STEEL)
    canvas.tube([(x, y, high - 0.05), (x + arm, y, high + 0.12)], width * 0.7, STEEL)
    block(canvas, (x + arm, y, high + 0.05), (0.7, 0.3, 0.14), rgb("#6c7072"))


def bollard(canvas: Canvas, x: float, y: float, high: float = 1.0) -> None:
    """Paint a yellow and black bollard."""
    canvas.tube([(x, y, 0.05), (x, y, high)], 0.18, YELLOW)
    for part in (0.35, 0.7):
        canvas.tube([(x, y, high * part), (x, y, high * (part + 0.14))], 0.19, BLACK)


def fence(canvas: Canvas, points: Sequence[tuple[float, float]], high: float, gap: float = 0.16) -> None:
    """Paint a palisade fence along ground points."""
    for (ax, ay), (bx, by) in pairwise(points):
        long = float(np.hypot(bx - ax, by - ay))
        for i in range(int(long / gap)):
            part = i * gap / long
            x, y = ax + (bx - ax) * part, ay + (by - ay) * part
            canvas.polygon([(x, y, 0.1), (x + 0.05, y, 0.1), (x + 0.05, y, high), (x, y, high + 0.04)], STEEL)
        for z in (0.4, high - 0.3):
            canvas.tube([(ax, ay, z), (bx, by, z)], 0.06, STEEL)


def rail(canvas: Canvas, points: Sequence[Point], high: float, colour: Colour, posts: int = 6) -> None:
    """Paint a hand rail with posts and a middle bar along points of its foot."""
    path = np.array(points, np.float32)
    for part in (1.0, 0.55):
        canvas.tube(path + np.array([0, 0, high * part], np.float32), 0.05, colour)
    for part in np.linspace(0, 1, posts):
        foot = path[0] + (path[-1] - path[0]) * part
        canvas.tube([foot, foot + np.array([0, 0, high])], 0.045, colour)


def excavator(canvas: Canvas, x: float, y: float, turn: float = 0.0) -> None:
    """Paint a yellow excavator seen from its side."""
    body, dark = rgb("#d79a22"), rgb("#3a3935")
    for shift in (0.95, -0.95):
        block(canvas, (x, y + shift, 0.05), (3.6, 0.55, 0.75), dark, turn)
        for i in range(5):
            spot = np.array([x - 1.4 + 0.7 * i, y + shift - 0.3, 0.42])
            canvas.tube([spot, spot + np.array([0.02, 0, 0])], 0.5, rgb("#57554e"))
    block(canvas, (x, y, 0.85), (3.4, 2.3, 0.9), body, turn)
    block(canvas, (x - 1.2, y, 1.7), (1.0, 2.2, 0.5), rgb("#b98219"), turn)
    block(canvas, (x + 0.75, y - 0.5, 1.7), (1.3, 1.1, 1.35), body, turn)
    block(canvas, (x + 0.75, y - 0.53, 1.95), (1.12, 1.1, 0.92), rgb("#33424b"), turn)
    arm = [(x + 1.4, y + 0.5, 1.6), (x + 3.1, y + 0.4, 4.1), (x + 4.9, y + 0.3, 3.2)]
    canvas.tube(arm, 0.42, body)
    canvas.tube([arm[-1], (x + 4.6, y + 0.3, 1.2)], 0.3, body)
    canvas.tube([(x + 1.9, y + 0.45, 1.9), (x + 2.9, y + 0.4, 3.3)], 0.14, rgb("#b9bcbc"))
    bucket = [(4.2, 1.4), (5.2, 1.3), (5.1, 0.4), (4.4, 0.3)]
    canvas.polygon([(x + dx, y + 0.3, z) for dx, z in bucket], rgb("#494844"))


def tower_crane(canvas: Canvas, x: float, y: float, high: float, jib: float) -> None:
    """Paint a tower crane in the distance."""
    tone = rgb("#777a78")
    for dx in (-0.6, 0.6):
        canvas.tube([(x + dx, y, 0), (x + dx, y, high + 4)], 0.25, tone)
    for i in range(int(high / 2.4)):
        canvas.tube([(x - 0.6, y, i * 2.4), (x + 0.6, y, i * 2.4 + 2.4)], 0.12, tone)
    for dz in (0.0, 1.3):
        canvas.tube([(x - jib * 0.3, y, high + dz), (x + jib, y, high + dz)], 0.25, tone)
    for i in range(int(jib / 2.5)):
        canvas.tube([(x + i * 2.5, y, high), (x + i * 2.5 + 1.25, y, high + 1.3)], 0.12, tone)
    canvas.tube([(x, y, high + 4), (x + jib * 0.8, y, high + 1.3)], 0.12, tone)
    canvas.tube([(x, y, high + 4), (x - jib * 0.3, y, high + 1.3)], 0.12, tone)
    block(canvas, (x - jib * 0.27, y, high - 2), (2.2, 1, 2), rgb("#8d8f8c"))
    canvas.tube([(x + jib * 0.7, y, high), (x + jib * 0.7, y, high - 7)], 0.1, tone)


def skyline(canvas: Canvas, seed: int, count: int = 9, distance: float = 160) -> None:
    """Paint low hills and tower blocks at the horizon, pale with distance."""
    rng = np.random.default_rng(seed)
    edge = np.linspace(-180, 180, 40)
    hill = 5 + 4 * np.sin(edge / 31 + seed) + 3 * np.sin(edge / 13)
    ridge = [(float(x), distance * 1.5, float(z)) for x, z in zip(edge, hill, strict=True)]
    canvas.polygon([*ridge, (180, distance * 1.5, -1), (-180, distance * 1.5, -1)], rgb("#8a9799"))
    for _ in range(count):
        x, wide, high = rng.uniform(-110, 110), rng.uniform(7, 18), rng.uniform(8, 26)
        tone = float(rng.uniform(0.52, 0.62))
        canvas.polygon(
            [(x, distance, 0), (x + wide, distance, 0), (x + wide, distance, high), (x, distance, high)],
            (tone, tone * 1.05, tone * 1.08),
        )
        for row in (2 + 3.2 * i for i in range(int((high - 3) / 3.2) + 1)):
            canvas.polygon(
                [
                    (x + dx, distance, row + dz)
                    for dx, dz in ((1, 0), (wide - 1, 0), (wide - 1, 1.1), (1, 1.1))
                ],
                (tone * 0.8, tone * 0.86, tone * 0.92),
            )


def tree(canvas: Canvas, x: float, y: float, high: float, seed: int) -> None:
    """Paint a tree: a trunk and a crown of many leaves."""
    rng = np.random.default_rng(seed)
    canvas.tube([(x, y, 0), (x, y, high * 0.5)], 0.22, rgb("#5b4a38"))
    crown = np.array([x, y, high * 0.68])
    for i in range(420):
        away = rng.normal(0, 1, 3)
        away *= min(1.0, 1.6 / float(np.linalg.norm(away)))
        tone = 0.45 + 0.0011 * i + 0.12 * float(away[2]) + 0.1 * float(rng.random())
        spot = crown + away * np.array([0.16, 0.1, 0.15]) * high
        size = high * rng.uniform(0.012, 0.03)
        leaf = [
            (spot[0] + size * np.cos(a), spot[1], spot[2] + size * np.sin(a))
            for a in _LEAF + rng.uniform(0, 6)
        ]
        canvas.polygon(np.array(leaf, np.float32), (0.42 * tone, 0.50 * tone, 0.30 * tone))


def frame(canvas: Canvas, x: float, y: float, wide: float, high: float) -> None:
    """Paint a steel door frame in the plane y."""
    for dx in (-wide / 2, wide / 2):
        canvas.tube([(x + dx, y, 0), (x + dx, y, high)], 0.14, YELLOW)
    canvas.tube([(x - wide / 2, y, high), (x + wide / 2, y, high)], 0.14, rgb("#54585a"))

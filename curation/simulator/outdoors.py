"""The open-air scenes: the container yard, the gate and the crane pad."""

from __future__ import annotations

import numpy as np

from curation.simulator import texture
from curation.simulator.camera import Floats
from curation.simulator.furniture import (
    RED,
    STEEL,
    WHITE,
    YELLOW,
    block,
    cone,
    container,
    excavator,
    fence,
    outline,
    pallet,
    planks,
    post,
    skyline,
    tower_crane,
    tree,
)
from curation.simulator.paint import Canvas, Colour, rgb


def _sky(canvas: Canvas, night: bool) -> None:
    if night:
        canvas.sky((0.012, 0.016, 0.03), (0.07, 0.07, 0.085), 0.2)
    else:
        canvas.sky(rgb("#8fa6b9"), rgb("#cfd3d1"), 0.045)


def grained(canvas: Canvas, x: Floats, y: Floats, colour: Colour, rough: float) -> Floats:
    """Return a worn ground colour (H, W, 3): large stains, small grain that fades with distance."""
    near = np.clip(1.4 - np.hypot(x, y) / 26, 0.1, 1)
    shade = 1 + rough * 0.7 * canvas.noise(x, y, 23.0) + rough * 0.5 * canvas.noise(x + 7, y, 5.0)
    shade += (
        rough * near * (0.55 * canvas.noise(x, y, 9.0, fine=True) + 0.45 * canvas.noise(y, x, 3.1, fine=True))
    )
    return (shade[..., None] * np.array(colour, np.float32)).astype(np.float32)


def stripe(
    ground: Floats, distance: Floats, wide: float, colour: Colour, worn: Floats, cover: float = 0.75
) -> None:
    """Paint a line where ``distance`` (H, W) from it is under half its width, worn by noise, in place."""
    on = np.clip((wide / 2 - np.abs(distance)) / 0.02, 0, 1) * cover * np.clip(1.05 + 0.4 * worn, 0.1, 1)
    ground += on[..., None] * (np.array(colour, np.float32) - ground)


def yard(canvas: Canvas, night: bool) -> None:
    """Paint a container yard with an excavator, pallets and a tower crane behind."""
    _sky(canvas, night)
    skyline(canvas, 3)
    tower_crane(canvas, 16, 95, 34, 26)

    def gravel(x: Floats, y: Floats) -> Floats:
        ground = grained(canvas, x, y, rgb("#8f877a"), 0.10)
        for shift in (0.0, 1.9):
            bend = x - (-3.2 + shift + 0.011 * (y - 2) ** 2 + 0.16 * y)
            tread = np.clip((0.3 - np.abs(bend)) / 0.1, 0, 1) * (
                0.16 + 0.05 * canvas.noise(x, y, 4.0, fine=True)
            )
            ground *= 1 - tread[..., None]
        stripe(ground, y - 7.0 - 0.06 * x, 0.13, rgb("#cdb445"), canvas.noise(x, y, 2.5))
        wet = np.clip(canvas.noise(x + 31, y + 3, 40.0) - 1.0, 0, 1) * 0.3
        return (ground * (1 - wet[..., None])).astype(np.float32)

    canvas.ground(gravel)
    spots = [
        ((-6.2, 14.6, 0), 0.12),
        ((3.2, 24.0, 0), -0.05),
        ((-2.2, 30.0, 0), 0.0),
        ((11.5, 27.0, 0), 0.25),
    ]
    canvas.shadow(
        [outline(at, (6.1, 2.4, 5.1 if i == 0 else 2.5), turn) for i, (at, turn) in enumerate(spots)]
    )
    canvas.shadow([outline((5.0, 18.2, 0), (4.5, 2.4, 2.6)), outline((8.4, 18.2, 1.0), (3, 0.6, 2.6))])
    container(canvas, spots[2][0], rgb("#8b8f8d"), 0, 31)
    container(canvas, spots[3][0], rgb("#7d5a49"), 0.25, 41)
    container(canvas, spots[1][0], rgb("#6d7b5b"), -0.05, 21)
    fence(canvas, [(-30, 36), (-10, 38), (30, 38)], 2.2, 0.35)
    excavator(canvas, 5.0, 18.2)
    canvas.hides((-6.2, 13.4, 0), lambda: _stack(canvas))
    for x, y in ((-2.2, 14.3), (1.4, 16.2), (5.4, 13.0)):
        canvas.shadow([outline((x, y, 0), (0.3, 0.3, 0.6))], soft=2)
        cone(canvas, x, y)
    canvas.shadow([outline((3.4, 13.9, 0), (1.2, 1.0, 0.9), 0.15)])
    canvas.hides((3.4, 13.4, 0), lambda: pallet(canvas, 3.4, 13.9, 2, 8, 0.15))
    post(canvas, -2.2, 17.2, 7.0, 0.9)


def _stack(canvas: Canvas) -> None:
    container(canvas, (-6.2, 14.6, 0), rgb("#4b7189"), 0.12, 11)
    container(canvas, (-6.3, 14.65, 2.58), rgb("#9c4f3f"), 0.12, 13)


def gate(canvas: Canvas, night: bool) -> None:
    """Paint a site gate: asphalt road, barrier, guard house, fence, trees and a van."""
    _sky(canvas, night)
    skyline(canvas, 8, 6, 190)

    def asphalt(x: Floats, y: Floats) -> Floats:
        verge = np.clip((np.abs(x + 0.3) - 5.9) / 0.5, 0, 1)[..., None]
        ground = grained(canvas, x, y, rgb("#6a6c6e"), 0.085)
        worn = canvas.noise(x, y, 3.0)
        for edge in (-5.6, 5.0):
            stripe(ground, x - edge, 0.14, WHITE, worn)
        dash = np.where((y % 4.5) < 2.6, x + 0.3, 9).astype(np.float32)
        stripe(ground, dash, 0.13, WHITE, worn, 0.65)
        stop = np.where((x > -5.5) & (x < 5), y - 13.4, 9).astype(np.float32)
        stripe(ground, stop, 0.4, WHITE, worn)
        cracks = np.clip(0.06 - np.abs(canvas.noise(x, y, 19.0)), 0, 0.06) * 3
        ground *= 1 - cracks[..., None]
        grass = grained(canvas, x, y, rgb("#6d7550"), 0.16)
        return (ground * (1 - verge) + grass * verge).astype(np.float32)

    canvas.ground(asphalt)
    for i, (x, y, high) in enumerate(((-15, 32, 8), (-9, 38, 7), (9, 34, 8.5), (15, 30, 7), (21, 40, 9))):
        canvas.shadow([outline((x, y, 0), (2.2, 2.2, high * 0.8))], soft=6)
        tree(canvas, x, y, high, 60 + i)
    fence(canvas, [(-24, 21), (-6.4, 21)], 2.3, 0.2)
    fence(canvas, [(5.9, 21), (26, 21)], 2.3, 0.2)
    _van(canvas, 1.9, 25.0)
    canvas.shadow([outline((-7.6, 15.5, 0), (2.8, 2.8, 2.7))])
    canvas.hides((-6.2, 14.2, 0), lambda: _guardhouse(canvas, -7.6, 15.5))
    canvas.shadow(
        [outline((5.6, 15.0, 0), (0.4, 0.4, 1.1)), outline((0.4, 15.0, 0.95), (10, 0.1, 0.1))], soft=2
    )
    canvas.hides((0, 14.9, 0), lambda: _barrier(canvas))
    for edge in (-5.3, 6.2):
        canvas.shadow([outline((edge, 11.5, 0), (0.5, 2.2, 0.8))])
        block(canvas, (edge, 11.5, 0), (0.45, 2.2, 0.8), rgb("#a5a49d"), 0.02, 5)
    cone(canvas, -4.6, 13.0)
    cone(canvas, 4.6, 13.2)
    post(canvas, 5.6, 17.0, 6.2, -0.9)


def _guardhouse(canvas: Canvas, x: float, y: float) -> None:
    block(canvas, (x, y, 0), (2.6, 2.6, 2.6), rgb("#c9c6ba"), 0, 4)
    block(canvas, (x, y, 2.6), (3.1, 3.1, 0.22), rgb("#59636a"))
    face = y - 1.31
    window = texture.sheet(1.6, 0.9, rgb("#46565f"), 9)
    window += np.linspace(0.22, -0.05, window.shape[1], dtype=np.float32)[None, :, None]
    spots = [(x - 0.9, face, 2.05), (x + 0.7, face, 2.05), (x + 0.7, face, 1.1), (x - 0.9, face, 1.1)]
    canvas.quad(spots, window, (0, -1, 0))
    side = x + 1.31
    leaf = texture.panelled(0.9, 2.1, rgb("#51707f"), 3, glass=True)
    canvas.quad(
        [(side, y - 0.6, 2.1), (side, y + 0.4, 2.1), (side, y + 0.4, 0), (side, y - 0.6, 0)], leaf, (1, 0, 0)
    )


def _barrier(canvas: Canvas) -> None:
    block(canvas, (5.6, 15.0, 0), (0.45, 0.45, 1.15), rgb("#d0562a"))
    block(canvas, (-5.3, 15.0, 0), (0.15, 0.15, 0.95), STEEL)
    for i in range(18):
        start = 5.4 - 0.6 * i
        canvas.tube([(start, 15.0, 1.0), (start - 0.6, 15.0, 1.0)], 0.13, WHITE if i % 2 else RED)


def _van(canvas: Canvas, x: float, y: float) -> None:
    canvas.shadow([outline((x, y, 0), (2.1, 4.6, 2.1))])
    block(canvas, (x, y, 0.35), (2.0, 4.6, 1.75), rgb("#d5d7d6"), 0, 17)
    glass = rgb("#36444c")
    front = y - 2.32
    canvas.polygon(
        [(x - 0.8, front, 1.9), (x + 0.8, front, 1.9), (x + 0.9, front, 1.3), (x - 0.9, front, 1.3)], glass
    )
    canvas.polygon(
        [(x - 0.9, front, 0.6), (x + 0.9, front, 0.6), (x + 0.9, front, 0.4), (x - 0.9, front, 0.4)], STEEL
    )
    for dx in (-0.8, 0.8):
        canvas.tube([(x + dx, front, 0.85), (x + dx + 0.05, front, 0.85)], 0.26, rgb("#f2efdf"))
        block(canvas, (x + dx, y - 1.5, 0), (0.25, 0.7, 0.45), rgb("#222324"))


def pad(canvas: Canvas, night: bool) -> None:
    """Paint a crane pad: concrete slabs, markings, a mobile crane, beams, pipes and a scaffold."""
    _sky(canvas, night)
    skyline(canvas, 5, 7, 170)

    def slabs(x: Floats, y: Floats) -> Floats:
        ground = grained(canvas, x, y, rgb("#a3a199"), 0.07)
        cell = canvas.noise(
            np.floor(x / 3.2).astype(np.float32) * 1.7, np.floor(y / 3.2).astype(np.float32), 6.0
        )
        ground *= (1 + 0.035 * cell)[..., None]
        worn = canvas.noise(x, y, 2.0)
        for along in (x, y):
            stripe(ground, (along + 1.6) % 3.2 - 1.6, 0.05, rgb("#5c5b56"), worn, 0.8)
        ring = np.hypot(x - 0.4, y - 10.0)
        stripe(ground, ring - 3.4, 0.16, YELLOW, worn)
        oil = np.clip(canvas.noise(x + 11, y + 20, 12.0) - 1.1, 0, 1)
        return (ground * (1 - 0.35 * oil[..., None])).astype(np.float32)

    canvas.ground(slabs)
    canvas.shadow([outline((-8.5, 21, 0), (9, 2.6, 3)), outline((6.5, 24, 0), (7, 2, 7))])
    _scaffold(canvas, 6.5, 24.0)
    _mobile_crane(canvas, -7.0, 21.0)
    canvas.shadow([outline((5.9, 14.4, 0), (4, 1.2, 0.8))])
    canvas.hides((5.9, 13.8, 0), lambda: _beams(canvas, 5.9, 14.4))
    canvas.shadow([outline((-5.4, 14.8, 0), (2.6, 1.0, 0.7), 0.2)])
    canvas.hides((-5.4, 14.2, 0), lambda: planks(canvas, -5.4, 14.8, (2.6, 1.0, 0.6), 6, 0.2))
    for x, y in ((-3.6, 14.5), (0.3, 15.2), (3.2, 14.9)):
        canvas.shadow([outline((x, y, 0), (0.3, 0.3, 0.6))], soft=2)
        cone(canvas, x, y)
    post(canvas, -7.2, 12.5, 7.2, 0.8)


def _mobile_crane(canvas: Canvas, x: float, y: float) -> None:
    body = rgb("#c8952a")
    for dx in (-3.2, -1.8, 1.6, 3.0):
        for shift in (0.08, 0.0):
            spot = np.array([x + dx + shift, y - 1.25, 0.55])
            canvas.tube([spot, spot + np.array([0.04, 0, 0])], 1.05 - 4 * shift, rgb("#2c2c2b"))
    block(canvas, (x, y, 0.75), (8.6, 2.4, 0.7), body, 0, 7)
    block(canvas, (x + 3.4, y, 1.45), (1.7, 2.3, 1.2), body, 0, 8)
    block(canvas, (x + 3.4, y - 0.05, 1.75), (1.5, 2.3, 0.7), rgb("#33424b"))
    block(canvas, (x - 1.2, y, 1.45), (3.4, 2.2, 1.3), rgb("#b1821f"), 0, 9)
    canvas.tube([(x - 2.2, y, 2.8), (x + 8.5, y + 3, 11.5)], 0.85, body)
    canvas.tube([(x + 5.0, y + 2, 8.7), (x + 14, y + 5, 16)], 0.55, rgb("#d8a53a"))
    for dx in (-4.0, 4.2):
        canvas.tube([(x + dx, y - 1.3, 0.8), (x + dx, y - 2.2, 0.1)], 0.25, STEEL)


def _scaffold(canvas: Canvas, x: float, y: float) -> None:
    block(canvas, (x, y + 1.6, 0), (8.4, 0.3, 8), rgb("#8f8d86"), 0, 12)
    for i in range(5):
        canvas.tube([(x - 4 + 2 * i, y, 0), (x - 4 + 2 * i, y, 8)], 0.1, STEEL)
    for level in range(1, 4):
        block(canvas, (x, y + 0.4, 2 * level), (8.2, 0.9, 0.09), rgb("#a48457"))
        canvas.tube([(x - 4, y, 2 * level + 1), (x + 4, y, 2 * level + 1)], 0.07, YELLOW)
    for i in range(4):
        canvas.tube([(x - 4 + 2 * i, y, 2 * (i % 3)), (x - 2 + 2 * i, y, 2 * (i % 3) + 2)], 0.06, STEEL)


def _beams(canvas: Canvas, x: float, y: float) -> None:
    for dx in (-1.4, 1.4):
        block(canvas, (x + dx, y, 0), (0.12, 1.2, 0.12), rgb("#7c6543"))
    for layer in range(2):
        for row in range(3):
            spot = (x + 0.1 * layer, y + 0.36 - 0.36 * row, 0.12 + 0.3 * layer)
            block(canvas, spot, (4.0, 0.26, 0.28), rgb("#8a4a38"), 0, row + 5 * layer)
            face = y + 0.36 - 0.36 * row - 0.135
            lo, hi = spot[2] + 0.05, spot[2] + 0.23
            dark = rgb("#67362a")
            canvas.polygon(
                [(x - 1.9, face, hi), (x + 2, face, hi), (x + 2, face, lo), (x - 1.9, face, lo)], dark
            )

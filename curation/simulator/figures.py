"""Draws people: every limb a shaded capsule, a vest with bands, a helmet, and the shadow on the ground."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.simulator import body
from curation.simulator.actors import Track
from curation.simulator.body import ANKLES, ELBOWS, HANDS, HIPS, KNEES, SHOULDERS, TOES, Style
from curation.simulator.camera import Floats, Light, View
from curation.simulator.paint import Colour

Fixed = NDArray[np.int32]
Shape = tuple[Fixed, tuple[float, float, float]]
ARC = 7
_ARC = np.linspace(-np.pi / 2, np.pi / 2, ARC, dtype=np.float32)
_RINGS = {n: np.linspace(0, 2 * np.pi, n, endpoint=False, dtype=np.float32) for n in (12, 16)}
_ROUND = {n: np.stack([np.cos(a), np.sin(a)], -1) for n, a in _RINGS.items()}
_DOME = np.linspace(0, np.pi, 11, dtype=np.float32)[:, None]
DARK = 0.66
BOOTS, HAIR, BAND = (0.16, 0.14, 0.12), (0.17, 0.12, 0.09), (0.88, 0.89, 0.86)

# Joint a, joint b, radius at a, radius at b (heights), which colour.
_LEG = ((HIPS, KNEES, 0.050, 0.037, 0), (KNEES, ANKLES, 0.037, 0.027, 0), (ANKLES, TOES, 0.028, 0.022, 1))
_ARM = (
    (SHOULDERS, ELBOWS, 0.036, 0.029, 2),
    (ELBOWS, HANDS, 0.029, 0.021, 2),
    (HANDS, HANDS, 0.024, 0.024, 3),
)
LIMBS = [(a[i], b[i], ra, rb, tone) for i in (0, 1) for part in (_LEG, _ARM) for a, b, ra, rb, tone in part]
GROUPS = ((0, 3), (3, 6), (6, 9), (9, 12))
ENDS = (np.array([limb[0] for limb in LIMBS]), np.array([limb[1] for limb in LIMBS]))
RADII = (np.array([limb[2] for limb in LIMBS]), np.array([limb[3] for limb in LIMBS]))


def fixed(points: Floats) -> Fixed:
    """Return pixels as OpenCV's fixed point numbers with four bits after the point."""
    return np.asarray(np.minimum(np.maximum(points, -8000), 8000) * 16 + 0.5, np.int32)


def capsules(a: Floats, b: Floats, ra: Floats, rb: Floats) -> Floats:
    """Return outlines (..., 2 * ARC, 2) of capsules between a and b (..., 2) with radii (...)."""
    along = np.arctan2(b[..., 1] - a[..., 1], b[..., 0] - a[..., 0])
    arc = along[..., None] + _ARC
    outline = np.empty((*arc.shape[:-1], 2 * ARC, 2), np.float32)
    for i, wave in enumerate((np.cos(arc), np.sin(arc))):
        outline[..., :ARC, i] = b[..., i, None] + rb[..., None] * wave
        outline[..., ARC:, i] = a[..., i, None] - ra[..., None] * wave
    return outline


def discs(centres: Floats, radii: Floats, count: int = 12) -> Floats:
    """Return outlines (..., count, 2) of discs; ``count`` is 12 or 16."""
    outline: Floats = centres[..., None, :] + radii[..., None, None] * _ROUND[count]
    return outline


@dataclass
class Figure:
    """A track made ready to draw: outlines of all its parts, for every frame, in pixels."""

    style: Style
    depth: Floats
    order: NDArray[np.intp]
    dark: Fixed
    light: Fixed
    shade: Fixed
    tones: Floats
    pixels: Floats
    scale: Floats
    toward: Floats
    facing: Floats
    light_at: Floats

    def colour(
        self, frame: int, base: tuple[float, float, float], tone: float = 1.0
    ) -> tuple[float, float, float]:
        """Return a base colour under the light of a frame as 0 .. 255."""
        lit = self.light_at[frame]
        return (
            min(255.0, 255 * base[0] * float(lit[0]) * tone),
            min(255.0, 255 * base[1] * float(lit[1]) * tone),
            min(255.0, 255 * base[2] * float(lit[2]) * tone),
        )


def prepare(track: Track, view: View, light: Light) -> Figure:
    """Compute all outlines of a track at once."""
    style, joints = track.style, track.joints
    pixels, depth = view.project(joints)
    scale = style.height * view.pixels / depth
    girth = np.array([style.girth if limb[4] != 3 else 1.0 for limb in LIMBS], np.float32)
    a, b = pixels[:, ENDS[0]], pixels[:, ENDS[1]]
    ra, rb = RADII[0] * girth * scale[:, ENDS[0]], RADII[1] * girth * scale[:, ENDS[1]]
    side = _light_side(light, view, joints[:, body.CHEST])
    shift = 0.24 * ra[..., None] * np.stack([side, np.full_like(side, -0.45)], -1)[:, None]
    fallen = light.cast(joints, joints[:, body.CHEST][:, None] * np.ones((1, body.JOINTS, 1), np.float32))
    flat, far = view.project(fallen)
    wide = style.height * view.pixels / far
    bones = [(0, 1), (1, 2), (5, 11), (6, 12), *zip(ENDS[0], ENDS[1], strict=True)]
    first, second = np.array([p for p, _ in bones]), np.array([q for _, q in bones])
    thick = np.array([0.085, 0.055, 0.06, 0.06, *(RADII[0] * 0.85)], np.float32)
    shade = capsules(flat[:, first], flat[:, second], thick * wide[:, first], thick * wide[:, second] * 0.9)
    parts = [depth[:, [*ENDS[0][s:e], *ENDS[1][s:e]]].mean(1) for s, e in GROUPS]
    torso = depth[:, [body.PELVIS, body.CHEST]].mean(1)
    parts += [torso, torso * 0.7 + depth[:, body.HEAD] * 0.3 - 0.02]
    towards = np.array([*((p[0] - p[1]) for p in [view.project(joints[:, [body.FACE, body.HEAD]])[1].T])])
    return Figure(
        style=style,
        depth=depth[:, body.PELVIS],
        order=np.argsort(-np.stack(parts, 1), axis=1),
        dark=fixed(capsules(a, b, ra, rb)),
        light=fixed(capsules(a + shift, b + shift, ra * 0.72, rb * 0.72)),
        shade=fixed(shade),
        tones=np.array([style.trousers, BOOTS, style.jacket, style.skin], np.float32),
        pixels=pixels,
        scale=scale[:, body.CHEST],
        toward=side,
        facing=towards[0],
        light_at=np.clip(light.at(joints[:, body.CHEST], None) * 1.05, 0.05, 1.25),
    )


def _light_side(light: Light, view: View, chest: Floats) -> Floats:
    """Return -1 .. 1 (T,): how far to the left or right in the picture the light comes from."""
    right = view.basis()[0]
    if light.sun is not None:
        return np.full(len(chest), float(np.dot(right, light.sun)) * 1.4, np.float32).clip(-1, 1)
    spots = np.array([lamp.position for lamp in light.lamps], np.float32)
    away = spots[None] - chest[:, None]
    best = away[np.arange(len(chest)), np.linalg.norm(away, axis=-1).argmin(1)]
    return np.asarray(np.clip(best @ right / 4.0, -1, 1), np.float32)


def shadow(image: NDArray[np.uint8], outlines: Fixed, strength: float) -> None:
    """Darken an RGB image in place under outlines (N, K, 2), softly."""
    height, width = image.shape[:2]
    low = np.maximum(outlines.min((0, 1)) // 16 - 4, 0)
    high = np.minimum(outlines.max((0, 1)) // 16 + 5, (width, height))
    if (high <= low).any():
        return
    mask = np.zeros((int(high[1] - low[1]), int(high[0] - low[0])), np.uint8)
    for outline in outlines - (low * 16).astype(np.int32):
        cv2.fillConvexPoly(mask, outline, 255 * strength, cv2.LINE_AA, 4)
    keep = cv2.bitwise_not(cv2.blur(mask, (3, 3) if height < 500 else (5, 5)))
    part = image[low[1] : high[1], low[0] : high[0]]
    cv2.multiply(part, cv2.merge([keep, keep, keep]), dst=part, scale=1 / 255)


def draw(image: NDArray[np.uint8], figure: Figure, frame: int) -> None:
    """Draw one person into an RGB image, far parts first."""
    for part in figure.order[frame]:
        if part < 4:
            _limb(image, figure, frame, *GROUPS[part])
        elif part == 4:
            _torso(image, figure, frame)
        else:
            _head(image, figure, frame)


def _fill(image: NDArray[np.uint8], outline: Fixed, colour: tuple[float, float, float]) -> None:
    cv2.fillConvexPoly(image, outline, colour, cv2.LINE_AA, 4)


def _limb(image: NDArray[np.uint8], figure: Figure, frame: int, start: int, end: int) -> None:
    bases = [tuple(float(c) for c in figure.tones[LIMBS[i][4]]) for i in range(start, end)]
    for i, (r, g, b) in zip(range(start, end), bases, strict=True):
        _fill(image, figure.dark[frame, i], figure.colour(frame, (r, g, b), DARK))
    for i, (r, g, b) in zip(range(start, end), bases, strict=True):
        _fill(image, figure.light[frame, i], figure.colour(frame, (r, g, b)))


def _hull(points: Floats) -> Floats:
    return cv2.convexHull(points.reshape(-1, 2).astype(np.float32))[:, 0]


def _shaded(image: NDArray[np.uint8], figure: Figure, frame: int, hull: Floats, base: Colour) -> None:
    """Fill a hull twice: dark, then smaller and moved towards the light."""
    _fill(image, fixed(hull), figure.colour(frame, base, DARK + 0.08))
    middle = hull.mean(0)
    step = np.array([figure.toward[frame] * 0.016, -0.008], np.float32) * figure.scale[frame]
    _fill(
        image,
        fixed(middle + (hull - middle) * np.array([0.80, 0.9], np.float32) + step),
        figure.colour(frame, base),
    )


def _torso(image: NDArray[np.uint8], figure: Figure, frame: int) -> None:
    p, s, style = figure.pixels[frame], float(figure.scale[frame]), figure.style
    chest, pelvis = p[body.CHEST], p[body.PELVIS]
    axis = (chest - pelvis) / max(float(np.linalg.norm(chest - pelvis)), 1e-3)
    across = np.array([-axis[1], axis[0]], np.float32)
    left, right = p[SHOULDERS[0]], p[SHOULDERS[1]]
    ribs = pelvis + (chest - pelvis) * 0.72
    belly = pelvis + (chest - pelvis) * 0.36
    centres = np.stack([left, right, ribs, belly, p[HIPS[0]], p[HIPS[1]]])
    radii = np.array([0.040, 0.040, 0.078, 0.070, 0.056, 0.056], np.float32) * s * style.girth
    rings = discs(centres, radii)
    neck = capsules(chest[None], p[body.HEAD][None], np.array([0.03 * s]), np.array([0.028 * s]))[0]
    _fill(image, fixed(neck), figure.colour(frame, style.skin, 0.7))
    _shaded(image, figure, frame, _hull(rings[3:]), style.trousers)
    _shaded(image, figure, frame, _hull(rings[:4]), style.vest or style.jacket)
    if style.vest is None:
        return
    line = np.maximum(0.011 * s, 0.55)
    half = (left - right) / 2
    for share in (0.42, 0.68):
        middle = pelvis + (chest - pelvis) * share
        wide = (abs(float(half @ across)) * (0.35 + 0.55 * share) + 0.058 * s * style.girth) * across
        strip = capsules((middle - wide)[None], (middle + wide)[None], np.array([line]), np.array([line]))[0]
        _fill(image, fixed(strip), figure.colour(frame, BAND))
    for shoulder in (left, right):
        top = chest + (shoulder - chest) * 0.55 + axis * 0.015 * s
        low = pelvis + (chest - pelvis) * 0.68 + (shoulder - chest) * 0.5
        strap = capsules(top[None], low[None], np.array([line * 0.85]), np.array([line * 0.85]))[0]
        _fill(image, fixed(strap), figure.colour(frame, BAND, 0.95))


def _head(image: NDArray[np.uint8], figure: Figure, frame: int) -> None:
    p, s, style = figure.pixels[frame], float(figure.scale[frame]), figure.style
    head, up = p[body.HEAD], p[body.CROWN] - p[body.HEAD]
    look = p[body.FACE] - head
    tall = max(float(np.linalg.norm(up)), 1e-3)
    up = up / tall if tall > 0.01 * s else np.array([0, -1], np.float32)
    across = np.array([-up[1], up[0]], np.float32)
    away = float(figure.facing[frame]) > 0
    face = head + look * 0.12
    _fill(image, fixed(discs(head[None], np.array([0.058 * s]), 16)[0]), figure.colour(frame, HAIR, 0.9))
    if not away or float(np.linalg.norm(look)) > 0.05 * s:
        front = face + look * (0.1 if away else 0.05)
        _fill(
            image,
            fixed(discs(front[None], np.array([0.052 * s]), 16)[0]),
            figure.colour(frame, style.skin, 0.95),
        )
    shell, size = (style.helmet, 0.068) if style.helmet else (HAIR, 0.061)
    base = head + up * (0.012 if style.helmet else 0.008) * s
    dome = base + (np.cos(_DOME) * across + np.sin(_DOME) * up * 0.95) * size * s
    _fill(image, fixed(dome), figure.colour(frame, shell, 0.78))
    shift = across * figure.toward[frame] * float(np.sign(across[0]) or 1) * 0.010 * s + up * 0.006 * s
    _fill(image, fixed(base + (dome - base) * 0.74 + shift), figure.colour(frame, shell, 1.05))
    if style.helmet:
        tip = base + look * (0.95 if not away else 0.45)
        brim = capsules((base - look * 0.35)[None], tip[None], np.array([0.02 * s]), np.array([0.016 * s]))[0]
        wide = capsules((base - across * 0.068 * s)[None], (base + across * 0.068 * s)[None],
                        np.array([0.010 * s]), np.array([0.010 * s]))[0]  # fmt: skip
        _fill(image, fixed(wide), figure.colour(frame, shell, 0.7))
        if not away:
            _fill(image, fixed(brim), figure.colour(frame, shell, 0.82))

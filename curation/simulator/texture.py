"""Flat materials, drawn in their own metres for the canvas: metal, shutters, doors, bricks, crates."""

from __future__ import annotations

import cv2
import numpy as np

from curation.simulator.camera import Floats
from curation.simulator.paint import Colour, cloud


def sheet(
    wide: float, high: float, colour: Colour, seed: int, *, grime: float = 0.05, dots: int = 72
) -> Floats:
    """Return a painted surface (h, w, 3) of that many metres, with stains that run down and a dirty foot."""
    w, h = (int(np.clip(side * dots, 12, 1400)) for side in (wide, high))
    rng = np.random.default_rng(seed)
    mottle = cv2.resize(cloud(rng, 128, (4, 16, 64)), (w, h))
    runs = cv2.resize(rng.standard_normal((3, max(4, w // 6))).astype(np.float32), (w, h))
    fall = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    shade = 1 + grime * 0.6 * mottle + grime * 0.5 * runs - grime * 2.2 * fall**6
    return np.asarray(shade[..., None] * np.array(colour, np.float32), np.float32)


def ribbed(
    wide: float, high: float, colour: Colour, seed: int, *, pitch: float = 0.28, depth: float = 0.2
) -> Floats:
    """Return corrugated metal with upright ribs ``pitch`` metres apart, a frame around it and some rust."""
    flat = sheet(wide, high, colour, seed, grime=0.07)
    h, w = flat.shape[:2]
    wave = np.sin(np.linspace(0, 2 * np.pi * wide / pitch, w, dtype=np.float32))
    flat *= (1 + depth * 0.5 * np.tanh(wave * 2.2) + depth * 0.25 * np.cos(np.arcsin(wave) * 2))[
        None, :, None
    ]
    rim = max(2, int(0.1 * h / max(high, 0.1)))
    for part, tone in (
        (np.s_[:rim], 1.12),
        (np.s_[-rim:], 0.6),
        (np.s_[:, :rim], 0.85),
        (np.s_[:, -rim:], 0.78),
    ):
        flat[part] = np.array(colour, np.float32) * tone
    rng = np.random.default_rng(seed + 1)
    for _ in range(int(wide * 2)):
        x, y = rng.integers(0, w), int(h * rng.uniform(0.1, 0.95))
        drop = int(72 * rng.uniform(0.05, 0.35))
        patch = flat[y : y + drop, x : x + rng.integers(1, 4)]
        patch *= np.array([0.78, 0.62, 0.5], np.float32)
    return flat


def slats(wide: float, high: float, colour: Colour, seed: int, pitch: float = 0.14) -> Floats:
    """Return a roller shutter: level slats with a dark joint, a rubber edge below and a handle."""
    flat = sheet(wide, high, colour, seed, grime=0.05)
    h, w = flat.shape[:2]
    level = np.linspace(0, high / pitch, h, dtype=np.float32) % 1
    flat *= (0.9 + 0.16 * np.sin(np.pi * level) - 0.3 * (level < 0.12))[:, None, None]
    flat[-max(2, h // 28) :] *= 0.35
    flat[int(h * 0.82) : int(h * 0.85), int(w * 0.44) : int(w * 0.56)] *= 0.45
    return flat


def blocks(
    wide: float, high: float, colour: Colour, seed: int, brick: tuple[float, float] = (0.8, 0.4)
) -> Floats:
    """Return a wall of painted blocks with thin joints, every other row shifted by half a block."""
    flat = sheet(wide, high, colour, seed, grime=0.045)
    h, w = flat.shape[:2]
    y = np.linspace(0, high / brick[1], h, dtype=np.float32)[:, None]
    x = np.linspace(0, wide / brick[0], w, dtype=np.float32)[None, :] + 0.5 * (np.floor(y) % 2)
    joint = ((y % 1) < 0.05) | ((x % 1) < 0.025)
    rng = np.random.default_rng(seed)
    tint = rng.normal(1, 0.03, (64, 64))[np.floor(y).astype(int) % 64, np.floor(x).astype(int) % 64]
    return np.asarray(flat * np.where(joint, 0.86, tint)[..., None], np.float32)


def panelled(wide: float, high: float, colour: Colour, seed: int, *, glass: bool = False) -> Floats:
    """Return a door: frame, leaf with a bevel, handle and, if asked, a window."""
    flat = sheet(wide, high, colour, seed, grime=0.03, dots=110)
    h, w = flat.shape[:2]
    edge = max(2, w // 14)
    flat[:edge] *= 0.6
    flat[:, :edge] *= 0.6
    flat[:, -edge:] *= 0.55
    flat[edge : edge + 2, edge:-edge] *= 1.3
    flat[edge:, edge : edge + 2] *= 1.2
    top, left = int(h * 0.52), int(w * 0.78)
    flat[top : top + max(2, h // 60), left : left + max(3, w // 9)] = (0.82, 0.82, 0.8)
    if glass:
        pane = np.s_[int(h * 0.14) : int(h * 0.4), int(w * 0.3) : int(w * 0.7)]
        flat[pane] = (0.52, 0.6, 0.63)
        shine = flat[pane]
        shine += np.linspace(0.16, -0.1, shine.shape[1], dtype=np.float32)[None, :, None]
    return flat


def crate(wide: float, high: float, seed: int, tape: bool = True) -> Floats:
    """Return a side of a cardboard box with tape and a label."""
    tone = np.random.default_rng(seed).uniform(0.85, 1.1)
    flat = sheet(wide, high, (0.70 * tone, 0.54 * tone, 0.35 * tone), seed, grime=0.05, dots=150)
    h, w = flat.shape[:2]
    if tape:
        flat[:, int(w * 0.44) : int(w * 0.56)] *= np.array([1.22, 1.24, 1.3], np.float32)
        flat[int(h * 0.55) : int(h * 0.78), int(w * 0.08) : int(w * 0.34)] = (0.86, 0.85, 0.82)
    flat[:2] *= 1.18
    flat[-2:] *= 0.6
    return flat


def planks(wide: float, high: float, seed: int, pitch: float = 0.12) -> Floats:
    """Return sawn timber laid level."""
    flat = sheet(wide, high, (0.66, 0.52, 0.35), seed, grime=0.08, dots=110)
    h = flat.shape[0]
    row = np.linspace(0, max(high / pitch, 1), h, dtype=np.float32)
    tone = np.random.default_rng(seed).uniform(0.82, 1.12, 64)[row.astype(int) % 64]
    flat *= (tone * np.where(row % 1 < 0.12, 0.45, 1.0))[:, None, None]
    return flat


def stripes(wide: float, high: float, one: Colour, two: Colour, pitch: float = 0.3) -> Floats:
    """Return slanted warning stripes of two colours."""
    flat = sheet(wide, high, (1, 1, 1), 3, grime=0.04, dots=110)
    h, w = flat.shape[:2]
    x, y = np.linspace(0, wide, w), np.linspace(0, high, h)
    first = ((x[None, :] + y[:, None]) / pitch % 1 < 0.5)[..., None]
    return np.asarray(flat * np.where(first, np.array(one), np.array(two)), np.float32)

"""What goes wrong with a camera, on purpose: each fault changes whole frames by a known strength."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.simulator.camera import Floats
from curation.simulator.paint import cloud

Image = NDArray[Any]  # uint8; OpenCV's own signatures are wider

FAULTS = (
    "defocus", "motion_blur", "too_dark", "overexposed", "glare", "covered", "freeze", "flicker", "noise",
)  # fmt: skip
COVERS = ("tarp", "spider", "lens")


@dataclass(frozen=True)
class Fault:
    """A fault on frames [start, end) of a video; ``strength`` 0.5 .. 1 says how bad it is."""

    fault: str
    start: int
    end: int
    strength: float
    seed: int


def apply(image: Image, fault: Fault, frame: int) -> Image:
    """Return the RGB frame (H, W, 3) as a camera with this fault gives it; freeze is the recorder's."""
    rng = np.random.default_rng([fault.seed, frame])
    width, strength = image.shape[1], fault.strength
    if fault.fault == "defocus":
        return _soft(image, width * 0.011 * strength)
    if fault.fault == "motion_blur":
        return _shaken(image, width * 0.055 * strength, rng)
    if fault.fault == "too_dark":
        return cv2.convertScaleAbs(image, alpha=0.22 - 0.15 * strength)
    if fault.fault == "overexposed":
        return cv2.convertScaleAbs(image, alpha=1.6 + 1.9 * strength, beta=40 * strength)
    if fault.fault == "flicker":
        beat = (1 if frame % 2 else -1) * float(rng.uniform(0.85, 1))
        return cv2.convertScaleAbs(image, alpha=1 + 0.5 * strength * beat)
    if fault.fault == "noise":
        grain = rng.standard_normal(image.shape[:2]).astype(np.float32) * 60 * strength
        grain = np.round(grain).astype(np.int16)
        return cv2.add(image, cv2.merge([grain, grain, grain]), dtype=cv2.CV_8U)
    if fault.fault == "glare":
        return cv2.add(image, _glare(image.shape[0], width, fault.seed, strength))
    if fault.fault == "covered":
        paint, keep = _cover(image.shape[0], width, fault.seed, strength)
        return cv2.add(cv2.multiply(image, keep, scale=1 / 255), paint)
    return image


def _soft(image: Image, sigma: float) -> Image:
    """Blur widely: on a smaller picture where that makes no difference."""
    shrink = 2 if sigma > 4 else 1
    if shrink == 1:
        return cv2.GaussianBlur(image, (0, 0), sigma)
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / 2), (image.shape[1], image.shape[0]))


def _shaken(image: Image, length: float, rng: np.random.Generator) -> Image:
    """Move and smear the picture along a direction that changes with every frame."""
    size = max(3, round(length * rng.uniform(0.8, 1.1))) | 1
    angle = rng.normal(0.15, 0.35)
    kernel = np.zeros((size, size), np.float32)
    half = size // 2
    reach = np.array([np.cos(angle), np.sin(angle)]) * half
    a = (round(half - reach[0]), round(half - reach[1]))
    b = (round(half + reach[0]), round(half + reach[1]))
    cv2.line(kernel, a, b, 1.0, 1, cv2.LINE_AA)
    dx, dy = rng.normal(0, length * 0.3, 2)
    matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    size_out = (image.shape[1], image.shape[0])
    moved = cv2.warpAffine(image, matrix, size_out, borderMode=cv2.BORDER_REFLECT)
    return cv2.filter2D(moved, -1, kernel / kernel.sum())


@lru_cache(maxsize=8)
def _glare(height: int, width: int, seed: int, strength: float) -> Image:
    """Return the light (H, W, 3) of a low sun or headlamp in the lens: a core, a veil, streaks and ghosts."""
    rng = np.random.default_rng(seed)
    cx, cy = rng.uniform(0.2, 0.8) * width, rng.uniform(0.1, 0.45) * height
    yy, xx = np.ogrid[:height, :width]
    distance = np.hypot(xx - cx, yy - cy) / width
    turn = np.arctan2(yy - cy, xx - cx)
    rays = 0.6 + 0.4 * np.cos(turn * 6 + rng.uniform(0, 6)) ** 8
    light = (
        2.2 * np.exp(-((distance / (0.11 + 0.1 * strength)) ** 2))
        + 0.55 * strength * np.exp(-distance / 0.3) * rays
    )
    light += 0.16 * strength
    for part in (0.5, 0.9, 1.35):
        gx, gy = cx + (width / 2 - cx) * 2 * part, cy + (height / 2 - cy) * 2 * part
        ring = np.hypot(xx - gx, yy - gy) / width
        light += 0.10 * strength / (1 + np.exp((ring - 0.03 - 0.03 * part) * 300))
    colour = np.array([1.0, 0.95, 0.84], np.float32)
    return np.clip(light[..., None] * colour * 200, 0, 255).astype(np.uint8)


@lru_cache(maxsize=8)
def _cover(height: int, width: int, seed: int, strength: float) -> tuple[Image, Image]:
    """Return what a cover shows of itself and how much of the scene it leaves, both (H, W, 3)."""
    rng = np.random.default_rng(seed)
    kind = COVERS[int(rng.integers(len(COVERS)))]
    share = 0.55 + 0.45 * strength
    if kind == "spider":
        mask = _spider(height, width, rng, share)
        colour = np.array([24, 21, 18], np.float32)
        skin: Floats = np.ones((height, width), np.float32)
    else:
        edge = (
            np.linspace(0, 1, width, dtype=np.float32)[None, :]
            + 0.12 * np.sin(np.linspace(0, 5, height, dtype=np.float32))[:, None]
        )
        mask = np.clip((share * 1.1 - edge) / 0.04, 0, 1).astype(np.float32)
        if rng.random() < 0.5:
            mask = mask[:, ::-1]
        fold = cv2.resize(cloud(rng, 64, (3, 6)), (width, height))
        skin = 1 + 0.14 * fold
        colour = np.array([58, 92, 120] if kind == "tarp" else [40, 34, 31], np.float32)
    mask = cv2.GaussianBlur(mask, (0, 0), width * 0.012)[..., None]
    paint = np.clip(mask * skin[..., None] * colour, 0, 255).astype(np.uint8)
    return paint, np.repeat(np.clip((1 - mask) * 255, 0, 255).astype(np.uint8), 3, axis=2)


def _spider(height: int, width: int, rng: np.random.Generator, share: float) -> Floats:
    """Return the mask (H, W) of a spider that sits on the glass, far too near to be sharp."""
    mask = np.zeros((height, width), np.float32)
    x, y = int(width * rng.uniform(0.4, 0.6)), int(height * rng.uniform(0.4, 0.6))
    body = int(width * 0.24 * share)
    cv2.ellipse(mask, (x, y), (body, int(body * 0.8)), 0, 0, 360, 1.0, -1)
    cv2.circle(mask, (x + body, y + body // 4), int(body * 0.55), 1.0, -1)
    for i in range(8):
        angle = (-1 if i % 2 else 1) * (0.5 + 0.6 * (i // 2)) + rng.normal(0, 0.08)
        knee = (int(x + width * 0.28 * np.cos(angle)), int(y + width * 0.28 * np.sin(angle) - height * 0.12))
        foot = (int(x + width * 0.52 * np.cos(angle)), int(y + width * 0.52 * np.sin(angle)))
        thick = max(3, int(width * 0.055 * share))
        cv2.line(mask, (x, y), knee, 1.0, thick)
        cv2.line(mask, knee, foot, 1.0, int(thick * 0.7))
    return mask

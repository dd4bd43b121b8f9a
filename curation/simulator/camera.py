"""Where a point of the site falls in the picture, and how much light reaches it.

The world is in metres: x to the right, y away from the camera, z up, the ground at z = 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[Any]  # float32 in effect; NumPy's own signatures are wider
NEAR = 0.15


@lru_cache(maxsize=64)
def _basis(yaw: float, pitch: float) -> tuple[Floats, Floats, Floats]:
    sin, cos = np.sin(yaw), np.cos(yaw)
    forward = np.array([sin * np.cos(pitch), cos * np.cos(pitch), -np.sin(pitch)], np.float32)
    right = np.array([cos, -sin, 0], np.float32)
    return right, np.cross(right, forward).astype(np.float32), forward


@dataclass(frozen=True)
class View:
    """A pinhole camera that never moves; ``focal`` is in picture widths, angles in radians."""

    width: int
    height: int
    position: tuple[float, float, float]
    yaw: float
    pitch: float
    focal: float

    def scaled(self, factor: int) -> View:
        """Return the same view with ``factor`` times the pixels each way."""
        return View(
            self.width * factor, self.height * factor, self.position, self.yaw, self.pitch, self.focal
        )

    @property
    def pixels(self) -> float:
        """The focal length in pixels: a metre at a depth of d metres is ``pixels / d`` wide."""
        return self.focal * self.width

    def basis(self) -> tuple[Floats, Floats, Floats]:
        """Return the unit vectors right, up and forward, each (3,)."""
        return _basis(self.yaw, self.pitch)

    def project(self, points: ArrayLike) -> tuple[Floats, Floats]:
        """Project points (..., 3) to pixels (..., 2) and depths (...) in metres, never behind the lens."""
        right, up, forward = self.basis()
        offset = np.asarray(points, np.float32) - np.array(self.position, np.float32)
        depth = np.maximum(offset @ forward, NEAR)
        x = self.width / 2 + self.pixels * (offset @ right) / depth
        y = self.height / 2 - self.pixels * (offset @ up) / depth
        return np.stack([x, y], -1).astype(np.float32), depth.astype(np.float32)

    def rays(self) -> Floats:
        """Return the direction (H, W, 3) that every pixel looks in, not normalised."""
        right, up, forward = self.basis()
        x = (np.arange(self.width, dtype=np.float32) + 0.5 - self.width / 2) / self.pixels
        y = (self.height / 2 - np.arange(self.height, dtype=np.float32) - 0.5) / self.pixels
        return np.asarray(forward + x[None, :, None] * right + y[:, None, None] * up, np.float32)

    def meet(self, rays: Floats, level: float = 0.0) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return x and y (H, W) where rays meet the plane z = ``level``, and a mask of the rays that do."""
        drop = (level - self.position[2]) / np.where(np.abs(rays[..., 2]) < 1e-5, 1e-5, rays[..., 2])
        hits = drop > 0
        far = np.where(hits, np.minimum(drop, 400), 0)
        return self.position[0] + far * rays[..., 0], self.position[1] + far * rays[..., 1], hits


@dataclass(frozen=True)
class Lamp:
    """A lamp: where it hangs, its colour times power, and how many metres its light reaches."""

    position: tuple[float, float, float]
    colour: tuple[float, float, float]
    reach: float


@dataclass(frozen=True)
class Light:
    """All light of a scene; ``sun`` points from the ground towards the sun."""

    ambient: tuple[float, float, float]
    sun: tuple[float, float, float] | None = None
    sun_colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lamps: tuple[Lamp, ...] = field(default=())
    shadow: float = 0.45

    def at(self, points: ArrayLike, normal: tuple[float, float, float] | None) -> Floats:
        """Return the light (..., 3) at points (..., 3) of a surface with that normal; None: a round body."""
        points = np.asarray(points, np.float32)
        light = np.broadcast_to(np.array(self.ambient, np.float32), points.shape).copy()
        facing = None if normal is None else np.array(normal, np.float32)
        if self.sun is not None:
            lit = 0.62 if facing is None else max(0.0, float(facing @ np.array(self.sun, np.float32)))
            light += lit * np.array(self.sun_colour, np.float32)
        for lamp in self.lamps:
            away = np.array(lamp.position, np.float32) - points
            distance = np.linalg.norm(away, axis=-1)
            fall = 1 / (1 + (distance / lamp.reach) ** 2) ** 1.5
            if facing is not None:
                fall *= 0.25 + 0.75 * np.clip((away @ facing) / np.maximum(distance, 1e-3), 0, 1)
            light += fall[..., None] * np.array(lamp.colour, np.float32)
        return light

    def cast(self, points: ArrayLike, anchor: ArrayLike) -> Floats:
        """Return where shadows of points (..., 3) fall on the ground; ``anchor`` (..., 3) picks the lamp."""
        points, anchor = np.asarray(points, np.float32), np.asarray(anchor, np.float32)
        height = np.maximum(points[..., 2:3], 0)
        if self.sun is not None:
            ray = np.array(self.sun, np.float32)
            shadow = points - height / max(float(ray[2]), 0.2) * ray
        elif self.lamps:
            spots = np.array([lamp.position for lamp in self.lamps], np.float32)
            nearest = np.linalg.norm(anchor[..., None, :] - spots, axis=-1).argmin(-1)
            spot = spots[nearest]
            stretch = np.minimum(height / np.maximum(spot[..., 2:3] - height, 0.3), 1.2)
            shadow = points + (points - spot) * stretch
        else:
            shadow = points.copy()
        shadow[..., 2] = 0
        return np.asarray(shadow, np.float32)

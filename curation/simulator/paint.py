"""The brush for the fixed part of a scene: textured ground, walls and boxes, lit, in true perspective."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from curation.simulator.camera import Floats, Light, View

Colour = tuple[float, float, float]
Point = tuple[float, float, float]
Texture = Callable[[Floats, Floats], Floats]


def rgb(code: str) -> Colour:
    """Return a ``#rrggbb`` colour as three numbers in 0 .. 1."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def cloud(rng: np.random.Generator, size: int, octaves: Sequence[int]) -> Floats:
    """Return smooth noise (size, size) with mean 0 and deviation 1, seamless when mirrored."""
    total = np.zeros((size, size), np.float32)
    for i, cells in enumerate(octaves):
        grid = rng.standard_normal((cells, cells)).astype(np.float32)
        total += cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC) * 0.75**i
    return np.asarray((total - total.mean()) / total.std(), np.float32)


@dataclass
class Occluder:
    """Something that hides people behind it: its foot's depth, its mask in ``box`` (x0, y0, x1, y1)."""

    depth: float
    box: tuple[int, int, int, int]
    mask: NDArray[np.bool_]


class Canvas:
    """Paints a scene at twice the size; ``finish`` scales it down, which smooths every edge."""

    scale = 2

    def __init__(self, view: View, light: Light, seed: int) -> None:
        """Start with a black picture; the same seed paints the same grain."""
        self.view, self.light = view.scaled(self.scale), light
        self.rng = np.random.default_rng(seed)
        self.image: Floats = np.zeros((self.view.height, self.view.width, 3), np.float32)
        self.coarse = cloud(self.rng, 512, (4, 8, 16, 32))
        self.fine = cloud(self.rng, 512, (64, 128, 256, 512))
        self.occluders: list[Occluder] = []
        self._hiding: NDArray[np.uint8] | None = None

    def noise(self, x: Floats, y: Floats, metres: float, *, fine: bool = False) -> Floats:
        """Sample noise at places (any shape); its pattern repeats mirrored every ``metres``."""
        grain = self.fine if fine else self.coarse
        u = np.atleast_2d(np.asarray(x, np.float32) * (512 / metres))
        v = np.atleast_2d(np.asarray(y, np.float32) * (512 / metres))
        u, v = 511 - np.abs(511 - np.mod(u, 1022)), 511 - np.abs(511 - np.mod(v, 1022))
        return cv2.remap(grain, u, v, cv2.INTER_LINEAR).reshape(np.shape(x)).astype(np.float32)

    def sky(self, top: Colour, low: Colour, clouds: float = 0.05) -> None:
        """Fill the picture with a sky: a gradient by elevation and soft clouds."""
        rays = self.view.rays()
        rise = rays[..., 2] / np.linalg.norm(rays, axis=-1)
        part = np.clip(rise / 0.35, 0, 1)[..., None] ** 0.7
        self.image[:] = (1 - part) * np.array(low, np.float32) + part * np.array(top, np.float32)
        flat = 1 / np.maximum(rise, 0.03)
        shade = self.noise(rays[..., 0] * flat, rays[..., 1] * flat, 14.0)
        self.image *= 1 + (clouds * np.clip(shade, -1.5, 1.5) * np.clip(rise * 6, 0, 1))[..., None]

    def ground(self, texture: Texture, level: float = 0.0) -> None:
        """Paint the ground: ``texture`` maps x, y (H, W) in metres to a colour (H, W, 3) before light."""
        x, y, hits = self.view.meet(self.view.rays(), level)
        points = np.stack([x, y, np.full_like(x, level)], -1)
        lit = texture(x, y) * self.light.at(points, (0, 0, 1))
        haze = np.clip((np.hypot(x, y) - 25) / 220, 0, 0.55)[..., None] if self.light.sun else 0.0
        lit = lit * (1 - haze) + haze * self.image
        self.image = np.asarray(np.where(hits[..., None], lit, self.image), np.float32)

    def shadow(self, outlines: Sequence[ArrayLike], strength: float | None = None, soft: float = 3.0) -> None:
        """Darken the ground under solids: each outline (n, 3) is cast along the light, its hull is filled."""
        mask = np.zeros(self.image.shape[:2], np.uint8)
        for outline in outlines:
            points = np.asarray(outline, np.float32)
            fallen = self.light.cast(points, points.mean(0, keepdims=True) * np.ones_like(points))
            both = np.concatenate([fallen, points * np.array([1, 1, 0], np.float32)])
            pixels, depth = self.view.project(both)
            if (depth > 0.5).all():
                hull = cv2.convexHull(pixels)
                cv2.fillConvexPoly(mask, _fixed(hull[:, 0]), 255, cv2.LINE_AA, 4)
        blurred = cv2.GaussianBlur(mask, (0, 0), soft * self.view.width / 1280).astype(np.float32) / 255
        amount = self.light.shadow if strength is None else strength
        self.image *= 1 - amount * blurred[..., None]

    def polygon(
        self, points: ArrayLike, colour: Colour, normal: Point | None = None, glow: bool = False
    ) -> None:
        """Fill a flat polygon (n, 3) with one colour, lit at its middle (``glow`` shines by itself)."""
        corners = np.asarray(points, np.float32)
        light = 1.0 if glow else self.light.at(corners.mean(0), normal)
        pixels, depth = self.view.project(corners)
        if depth.min() > 0.2:
            self._blend([_fixed(pixels)], (np.array(colour, np.float32) * light).astype(np.float32))

    def _cover(self, polygons: Sequence[NDArray[np.int32]]) -> tuple[NDArray[np.uint8], int, int] | None:
        """Return how much of each pixel convex polygons cover, for their bounding box, and its corner."""
        points = np.concatenate(polygons) >> 4
        x0, y0 = np.maximum(points.min(0) - 2, 0)
        x1 = min(int(points[:, 0].max()) + 3, self.view.width)
        y1 = min(int(points[:, 1].max()) + 3, self.view.height)
        if x1 <= x0 or y1 <= y0:
            return None
        mask = np.zeros((y1 - int(y0), x1 - int(x0)), np.uint8)
        for polygon in polygons:
            cv2.fillConvexPoly(mask, polygon - np.array([x0, y0], np.int32) * 16, 255, cv2.LINE_AA, 4)
        return mask, int(x0), int(y0)

    def _blend(
        self, polygons: Sequence[NDArray[np.int32]], paint: Floats, matrix: Floats | None = None
    ) -> None:
        """Fill polygons with a colour (3,) or a texture (h, w, 3) that ``matrix`` lays into the picture."""
        covered = self._cover(polygons)
        if covered is None:
            return
        mask, x, y = covered
        h, w = mask.shape
        part = np.s_[y : y + h, x : x + w]
        source = paint
        if matrix is not None:
            shift = np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]], np.float64) @ matrix
            flags, edge = cv2.INTER_LINEAR, cv2.BORDER_REPLICATE
            source = cv2.warpPerspective(paint, shift, (w, h), flags=flags, borderMode=edge).astype(
                np.float32
            )
        alpha = mask.astype(np.float32)[..., None] / 255
        self.image[part] += alpha * (source - self.image[part])
        if self._hiding is not None:
            np.maximum(self._hiding[part], mask, out=self._hiding[part])

    def quad(self, corners: ArrayLike, texture: Floats, normal: Point) -> None:
        """Paint a texture (h, w, 3) on a flat quad: corners (4, 3) from the upper left, clockwise."""
        points = np.asarray(corners, np.float32)
        pixels, depth = self.view.project(points)
        if depth.min() < 0.3:
            return
        height, width = texture.shape[:2]
        v, u = np.meshgrid(np.linspace(0, 1, 9), np.linspace(0, 1, 9), indexing="ij")
        u, v = u[..., None], v[..., None]
        spots = (1 - v) * ((1 - u) * points[0] + u * points[1]) + v * ((1 - u) * points[3] + u * points[2])
        lit = texture * cv2.resize(self.light.at(spots, normal), (width, height))
        source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        matrix = cv2.getPerspectiveTransform(source, pixels)
        self._blend([_fixed(pixels)], lit.astype(np.float32), matrix)

    def box(
        self, centre: Point, size: Point, faces: Callable[[float, float, str], Floats], turn: float = 0
    ) -> None:
        """Paint a box whose foot's middle is ``centre``; ``faces(w, h, side)`` gives a side's texture."""
        for corners, normal, wide, high, side in box_faces(centre, size, turn):
            middle = corners.mean(0)
            if float(np.dot(normal, np.array(self.view.position) - middle)) > 0:
                x, y, z = (float(n) for n in normal)
                self.quad(corners, faces(wide, high, side), (x, y, z))

    def tube(self, points: ArrayLike, width: float, colour: Colour) -> None:
        """Paint a round bar along points (n, 3), ``width`` metres thick, with a light and a dark side."""
        path = np.asarray(points, np.float32)
        pixels, depth = self.view.project(path)
        light = self.light.at(path.mean(0), None)
        for part, tone, shift in ((1.0, 0.62, 0.0), (0.62, 1.0, -0.12)):
            pieces = []
            for a, b, da, db in zip(pixels, pixels[1:], depth, depth[1:], strict=False):
                if min(da, db) <= 0.2:
                    continue
                ra, rb = (max(0.6, part * width / 2 * self.view.pixels / d) for d in (da, db))
                move = np.array([shift * ra * 2, shift * ra], np.float32)
                pieces.append(_fixed(capsule(a + move, b + move, ra, rb)))
            if pieces:
                self._blend(pieces, (np.array(colour, np.float32) * light * tone).astype(np.float32))

    def glow(self, centre: Point, colour: Colour, radius: float) -> None:
        """Add the bloom of a lamp; ``radius`` in metres at its place."""
        pixel, depth = self.view.project(centre)
        size = radius * self.view.pixels / float(depth)
        yy, xx = np.ogrid[: self.view.height, : self.view.width]
        distance = np.hypot(xx - pixel[0], yy - pixel[1]) / size
        bloom = np.exp(-(distance**2) * 18) * 1.3 + 0.35 / (1 + (distance * 3.2) ** 2.6)
        self.image += (bloom[..., None] * np.array(colour)).astype(np.float32)

    def hides(self, depth_at: Point, paint: Callable[[], None]) -> None:
        """Paint something that people behind ``depth_at`` (a point on its foot) are hidden by."""
        self._hiding = np.zeros(self.image.shape[:2], np.uint8)
        paint()
        mask, self._hiding = self._hiding, None
        small = (
            cv2.resize(mask, None, fx=1 / self.scale, fy=1 / self.scale, interpolation=cv2.INTER_AREA) > 127
        )
        x, y, w, h = cv2.boundingRect(small.astype(np.uint8))
        if w:
            _, depth = self.view.project(depth_at)
            self.occluders.append(Occluder(float(depth), (x, y, x + w, y + h), small[y : y + h, x : x + w]))

    def finish(self, *, grade: Colour, contrast: float, dull: float) -> NDArray[np.uint8]:
        """Return the picture (H, W, 3) RGB: scaled down, graded, a little dull and darker in the corners."""
        small = cv2.resize(self.image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        small = small / (1 + np.maximum(small - 0.75, 0) * 0.9)
        grey = small.mean(-1, keepdims=True)
        small = (grey + (small - grey) * (1 - dull)) * np.array(grade, np.float32)
        small = 0.5 + (small - 0.5) * contrast
        height, width = small.shape[:2]
        yy, xx = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        small *= (1 - 0.16 * (xx**2 + yy**2) ** 1.2 / 2)[..., None]
        return np.asarray(np.clip(small * 255, 0, 255), np.uint8)


def box_faces(centre: Point, size: Point, turn: float = 0) -> list[tuple[Floats, Floats, float, float, str]]:
    """Return five faces of a box, far ones first: corners (4, 3), normal (3,), width, height, name."""
    w, d, h = size
    cos, sin = np.cos(turn), np.sin(turn)
    across, along = np.array([cos, sin, 0]), np.array([-sin, cos, 0])
    foot, up = np.array(centre), np.array([0, 0, 1.0])
    faces = []
    for normal, right, reach, wide, side in (
        (-along, across, d / 2, w, "front"),
        (across, along, w / 2, d, "right"),
        (-across, -along, w / 2, d, "left"),
        (along, -across, d / 2, w, "back"),
    ):
        middle = foot + normal * reach
        a, b = middle - right * wide / 2, middle + right * wide / 2
        corners = np.array([a + up * h, b + up * h, b, a], np.float32)
        faces.append((corners, normal.astype(np.float32), float(wide), float(h), side))
    p, q = across * w / 2, along * d / 2
    lid = np.array([foot - p + q, foot + p + q, foot + p - q, foot - p - q], np.float32) + (up * h).astype(
        np.float32
    )
    faces.append((lid.astype(np.float32), up.astype(np.float32), float(w), float(d), "top"))
    faces.sort(key=lambda face: -float(face[0].mean(0)[1]))
    return faces


def capsule(a: Floats, b: Floats, ra: float, rb: float) -> Floats:
    """Return the outline (18, 2) of a tapered capsule between two points in pixels."""
    along = np.arctan2(b[1] - a[1], b[0] - a[0])
    arc = np.linspace(-np.pi / 2, np.pi / 2, 9)
    tip = b + rb * np.stack([np.cos(along + arc), np.sin(along + arc)], -1)
    tail = a - ra * np.stack([np.cos(along + arc), np.sin(along + arc)], -1)
    return np.concatenate([tip, tail]).astype(np.float32)


def _fixed(points: Floats) -> NDArray[np.int32]:
    return np.round(np.clip(points, -20000, 20000) * 16).astype(np.int32)

"""A scene with people on it: turns scripts into RGB frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from curation.simulator import figures, props
from curation.simulator.actions import Prop
from curation.simulator.actors import Script, Track, litter, perform
from curation.simulator.camera import Floats
from curation.simulator.figures import capsules, fixed
from curation.simulator.scenes import Scene


class Stage:
    """The frames of one stretch of video: a painted scene, the people and what lies about."""

    def __init__(
        self, scene: Scene, scripts: Sequence[Script], times: Floats, *, litter: int, seed: int
    ) -> None:
        """Play the scripts at the given frame times (T,); ``litter`` things lie about."""
        self.scene = scene
        self.tracks = [perform(script, times) for script in scripts]
        self.loose = _litter(scene, len(times), seed, litter)
        self._things = [prop for track in self.tracks for prop in track.props] + self.loose
        self._span = (0, 0)
        self._figures: list[figures.Figure] = []
        self._casts: list[NDArray[np.int32]] = []
        self._depths: list[Floats] = []
        self._lights: list[Floats] = []

    def _prepare(self, start: int, end: int) -> None:
        """Compute the outlines of frames [start, end), so that long videos need little memory."""
        view, light = self.scene.view, self.scene.light
        self._span = (start, end)
        self._figures = [figures.prepare(_cut(track, start, end), view, light) for track in self.tracks]
        self._casts, self._depths, self._lights = [], [], []
        for prop in self._things:
            points = prop.points[start:end]
            ends = props.footprint(_part(prop, start, end))
            pixels, depth = view.project(light.cast(ends, ends))
            thick = 0.03 if prop.points.shape[1] == 2 or prop.kind == "ladder" else 0.24
            radii = thick * view.pixels / depth
            self._casts.append(
                fixed(capsules(pixels[:, ::2], pixels[:, 1::2], radii[:, ::2], radii[:, 1::2]))
            )
            self._depths.append(view.project(points.mean(1))[1])
            self._lights.append(np.clip(light.at(points.mean(1), None) * 1.05, 0.05, 1.25))

    def frame(self, number: int) -> NDArray[np.uint8]:
        """Return frame ``number`` (H, W, 3) RGB, before any fault or overlay."""
        start, end = self._span
        if not start <= number < end:
            self._prepare(number, number + 400)
            start = number
        at = number - start
        image = self.scene.picture.copy()
        strength = self.scene.light.shadow
        for cast in self._casts:
            figures.shadow(image, cast[at], strength * 0.8)
        for figure in self._figures:
            figures.shadow(image, figure.shade[at], strength)
        order = [(float(depth[at]), i, True) for i, depth in enumerate(self._depths)]
        order += [(float(figure.depth[at]), i, False) for i, figure in enumerate(self._figures)]
        order.sort(reverse=True)
        hidden = sorted(self.scene.occluders, key=lambda occluder: -occluder.depth)
        for depth, i, is_prop in order:
            while hidden and hidden[0].depth >= depth:
                hidden.pop(0)
            if is_prop:
                brush = props.Brush(image, self.scene.view, self._lights[i][at])
                props.draw(brush, self._things[i], number)
            else:
                figures.draw(image, self._figures[i], at)
            for occluder in hidden:
                x0, y0, x1, y1 = occluder.box
                part = np.s_[y0:y1, x0:x1]
                np.copyto(image[part], self.scene.picture[part], where=occluder.mask[..., None])
        return image


def _litter(scene: Scene, frames: int, seed: int, count: int) -> list[Prop]:
    return litter(scene.room, frames, seed, count)


def _part(prop: Prop, start: int, end: int) -> Prop:
    turn = None if prop.turn is None else prop.turn[start:end]
    return Prop(prop.kind, prop.points[start:end], prop.size, prop.world, prop.seed, turn)


def _cut(track: Track, start: int, end: int) -> Track:
    return Track(track.style, track.joints[start:end], [])

"""Features of one clip from its video's 720p proxy, every frame read once and exactly by its number.

One pass keeps small pictures (`Film`), of which any part can be measured after it: all candidates, or those
that a glance has found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from curation.media.frames import luma
from curation.media.stills import StillReader
from training.ml.features.appearance import Looker, Picture
from training.ml.features.clip import ClipFeatures
from training.ml.features.motion import (
    Box,
    FlowCounter,
    Grey,
    Motion,
    Plane,
    describe,
    motion_box,
    nothing,
    shrunk,
)
from training.ml.features.snippets import Indices, Plan, Stretches, plan
from training.ml.recipes.motion import FeatureRecipe, MotionRecipe


@dataclass(frozen=True)
class Film:
    """A clip as one pass over it leaves it; `glance` is what to measure for a quick look at it."""

    ticks: Plan
    glance: Plan | None
    pictures: Sequence[Picture]
    """Of the candidates, in colour."""
    greys: Mapping[int, Grey]
    """By ordinal, the frames between which flow is measured."""


@dataclass(frozen=True)
class Glance:
    """What a quick look tells of all candidates, and where the clip moves, in cells of the full look."""

    motion: Motion
    box: Box


@dataclass(frozen=True)
class Extractor:
    """Reads clips by a recipe; `weights_sha256` names what the looker's network was loaded from, or is ""."""

    recipe: MotionRecipe
    looker: Looker
    weights_sha256: str = ""

    def read(self, proxy: Path, start: int, end: int, fps: float, rejected: Stretches = ()) -> ClipFeatures:
        """Everything there is to know of all candidates of a clip. Raises what `film` raises."""
        film = self.film(proxy, start, end, fps, rejected)
        return self.features(film, self.glance(film))

    def film(self, proxy: Path, start: int, end: int, fps: float, rejected: Stretches = ()) -> Film:
        """One pass over frames `start` to `end` (exclusive); those of `rejected` stretches are no candidates.

        Raises ProxyMismatch for a file that is no proxy, IndexError outside the video.
        """
        what, quick = self.recipe.features, self.recipe.glance
        ticks = plan(start, end, fps, what, rejected)
        glance = None if quick is None else plan(start, end, fps, quick, rejected)
        moments = set(ticks.ticks.tolist()) | (set() if glance is None else set(glance.ticks.tolist()))
        candidates = set(ticks.candidates_N.tolist())
        pictures, greys = [], {}
        with StillReader(proxy) as reader:
            for ordinal, frame in reader.frames(sorted(moments | candidates)):
                if ordinal in candidates:
                    pictures.append(self.looker.picture(frame))
                if ordinal in moments:
                    greys[ordinal] = shrunk(luma(frame), what.width)
        return Film(ticks, glance, pictures, greys)

    def glance(self, film: Film) -> Glance | None:
        """A quick look at a clip; None where the recipe has none or where there is but one frame."""
        quick, what = self.recipe.glance, self.recipe.features
        if quick is None or film.glance is None or not film.glance.length:
            return None
        large = next(iter(film.greys.values()))
        small = shrunk(large, quick.width)
        counts_THWB, speed_THW = _measured(film.greys, film.glance, quick)
        box = motion_box(speed_THW, quick.least_flow)
        down, across = (
            whole / part * quick.cell / what.cell
            for whole, part in zip(large.shape, small.shape, strict=True)
        )
        motion = describe(counts_THWB, speed_THW, film.glance, quick, box)
        return Glance(motion, box.scaled(across, down))

    def features(
        self, film: Film, glance: Glance | None = None, places: Indices | None = None
    ) -> ClipFeatures:
        """Everything there is to know of all candidates, or of those at these places.

        Where the recipe has a glance, it says where the clip moves: so a candidate is told of alike, whatever
        others are read.
        """
        ticks = film.ticks if places is None else film.ticks.only(places)
        pictures = film.pictures if places is None else [film.pictures[place] for place in places]
        motion = nothing(ticks.candidates_N)
        if ticks.length:
            what, box = self.recipe.features, None if glance is None else glance.box
            motion = describe(*_measured(film.greys, ticks, what), ticks, what, box)
        appearance_ND, concept_NK, concept_p_NK = self.looker.look(pictures)
        return ClipFeatures(
            ordinals_N=ticks.candidates_N.astype(np.int32),
            appearance_ND=appearance_ND,
            concept_NK=concept_NK,
            concept_p_NK=concept_p_NK,
            motion_N=motion.motion_N,
            descriptors_MP=motion.descriptors_MP,
            owner_M=motion.owner_M,
            place_M3=motion.place_M3,
            recipe=self.recipe.feature_fingerprint(self.weights_sha256),
            weights=self.weights_sha256 or "none",
            glance=self._kept(film, glance, places),
        )

    def _kept(self, film: Film, glance: Glance | None, places: Indices | None) -> Motion | None:
        """A glance is kept whole, or not at all."""
        if self.recipe.glance is None or places is not None:
            return None
        return nothing(film.ticks.candidates_N) if glance is None else glance.motion


def _measured(greys: Mapping[int, Grey], ticks: Plan, what: FeatureRecipe) -> tuple[Plane, Plane]:
    """Counts and speeds of `ticks.flows`, in order, between pictures of the recipe's width.

    A px is told as those of `greys` are, so that speeds mean the same at every width.
    """
    small = {ordinal: shrunk(greys[ordinal], what.width) for ordinal in ticks.ticks.tolist()}
    first = int(ticks.ticks[0])
    counter = FlowCounter(what.cell, ticks.seconds, max(greys[first].shape) / max(small[first].shape))
    found = []
    for flow in ticks.flows.tolist():
        at = ticks.start + ticks.step * flow
        found.append(counter(small[at], small[at + ticks.step]))
    counts, speeds = zip(*found, strict=True)
    return np.stack(counts), np.stack(speeds)

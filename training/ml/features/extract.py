"""Features of one clip from its video's 720p proxy, every frame read once and exactly by its number."""

from pathlib import Path

import numpy as np

from curation.media.frames import luma
from curation.media.stills import StillReader
from training.ml.features.appearance import Looker, Picture
from training.ml.features.clip import ClipFeatures
from training.ml.features.motion import FlowCounter, Grey, Motion, describe, nothing, shrunk
from training.ml.features.snippets import Plan, Stretches, plan
from training.ml.models.mobilenet_v2 import MobileNetV2
from training.ml.recipes.motion import MotionRecipe


def extract(
    proxy: Path,
    start: int,
    end: int,
    fps: float,
    *,
    recipe: MotionRecipe,
    net: MobileNetV2,
    weights_sha256: str,
    rejected: Stretches = (),
) -> ClipFeatures:
    """Read frames `start` to `end` (exclusive) of a proxy; those of `rejected` stretches are no candidates.

    `weights_sha256` names what `net` was loaded from, "" for random numbers. Raises ProxyMismatch for a
    file that is no proxy, IndexError outside the video.
    """
    what = recipe.features
    ticks = plan(start, end, fps, what, rejected)
    looker = Looker(net, what.side)
    pictures, motion = _read(proxy, ticks, recipe, looker)
    appearance_ND, concept_NK, concept_p_NK = looker.look(pictures)
    return ClipFeatures(
        ordinals_N=ticks.candidates_N.astype(np.int32),
        appearance_ND=appearance_ND,
        concept_NK=concept_NK,
        concept_p_NK=concept_p_NK,
        motion_N=motion.motion_N,
        descriptors_MP=motion.descriptors_MP,
        owner_M=motion.owner_M,
        place_M3=motion.place_M3,
        recipe=recipe.feature_fingerprint(weights_sha256),
        weights=weights_sha256 or "none",
    )


def _read(proxy: Path, ticks: Plan, recipe: MotionRecipe, looker: Looker) -> tuple[list[Picture], Motion]:
    """One pass: pictures of the candidates, and flow between neighbouring ticks."""
    what = recipe.features
    candidates, moments = set(ticks.candidates_N.tolist()), set(ticks.ticks.tolist())
    flows = set((ticks.start + ticks.step * ticks.flows).tolist())
    counter = FlowCounter(what.cell, ticks.seconds)
    pictures: list[Picture] = []
    counts, speeds = [], []
    before: tuple[int, Grey] | None = None
    with StillReader(proxy) as reader:
        for ordinal, frame in reader.frames(ticks.ordinals.tolist()):
            if ordinal in candidates:
                pictures.append(looker.picture(frame))
            if ordinal not in moments:
                continue
            grey = shrunk(luma(frame), what.width)
            if before is not None and before[0] == ordinal - ticks.step and before[0] in flows:
                count_HWB, speed_HW = counter(before[1], grey)
                counts.append(count_HWB)
                speeds.append(speed_HW)
            before = ordinal, grey
    if not counts:
        return pictures, nothing(ticks.candidates_N)
    return pictures, describe(np.stack(counts), np.stack(speeds), ticks, what)

"""What a network of skeletons is shown of a clip: its poses about their own middle, in their own size."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.ml.augment.bodies import RandomMove
from training.ml.augment.clips import Clips, Kind
from training.ml.augment.moves import Flip
from training.ml.augment.pipeline import Pipeline
from training.ml.engine.data import poses_of
from training.ml.places import spread, stretched
from training.ml.pose.poses import Poses, most_certain
from training.ml.recipes.networks import NetworkRecipe

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PoseViewer:
    """Makes a network's input of a clip's poses."""

    recipe: NetworkRecipe
    graph: str

    def load(self, path: Path, name: str) -> Poses:
        """The poses of the clip called `name`. Raises Vanished or BadFile."""
        return poses_of(path, name)

    def training(self, poses: Poses, generator: np.random.Generator) -> Tensor:
        """A random view x_CTVM: a frame of each part, moved, and mirrored now and then."""
        places = spread(len(poses), self.recipe.moments, generator)
        x_CTVM = torch.from_numpy(self._framed(poses, places))
        clips = Clips(x_CTVM[None], Kind.SKELETON, graph=self.graph)
        moved = Pipeline(self.recipe.name, (Flip(self.recipe.flip), RandomMove()))
        return moved(clips, [generator]).x[0].to(torch.float32)

    def testing(self, poses: Poses, budget: int) -> tuple[Tensor, tuple[int, ...]]:
        """The view x_CTVM of `budget` evenly spread frames, and the ordinals of these."""
        places = spread(len(poses), min(budget, self.recipe.moments))
        shown = places[stretched(len(places), self.recipe.moments)]
        ordinals = tuple(int(each) for each in poses.ordinals_T[np.unique(places)])
        return torch.from_numpy(self._framed(poses, shown).astype(np.float32)), ordinals

    def batch(self, views: Sequence[Tensor]) -> Tensor:
        """x_NCTVM."""
        return torch.stack(list(views))

    def _framed(self, poses: Poses, places: npt.NDArray[np.int64]) -> Array:
        joints_TMV3 = most_certain(poses.joints_TMV3, self.recipe.clip.people)[places].astype(np.float64)
        x_TMV3 = about_itself(joints_TMV3)
        return np.ascontiguousarray(x_TMV3.transpose(3, 0, 2, 1))


def about_itself(joints_TMV3: Array) -> Array:
    """x and y about the middle of all joints that are seen, in heights of the tallest body; others stay 0.

    One middle and one size for the whole clip: where the camera stands drops out, walking does not.
    """
    seen_TMV = joints_TMV3[..., 2] > 0
    if not seen_TMV.any():
        return joints_TMV3
    middle_2 = np.median(joints_TMV3[seen_TMV][:, :2], axis=0)
    y_TMV = np.where(seen_TMV, joints_TMV3[..., 1], np.nan)
    bodies = seen_TMV.sum(2) > 1
    heights = np.nanmax(y_TMV[bodies], axis=1) - np.nanmin(y_TMV[bodies], axis=1) if bodies.any() else [1.0]
    framed_TMV3 = joints_TMV3.copy()
    framed_TMV3[..., :2] = (joints_TMV3[..., :2] - middle_2) / max(float(np.max(heights)), 1.0)
    framed_TMV3[~seen_TMV] = 0
    return framed_TMV3

"""What a network is shown of a clip: some of its moments, cropped, and changed at random while it learns."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.ml.augment.clips import Clips, Kind
from training.ml.augment.moves import Flip, RandomResizedCrop, Resize
from training.ml.augment.pipeline import Pipeline, Transform
from training.ml.augment.tint import ColourJitter
from training.ml.engine.data import pack_of
from training.ml.features.pack import ClipPack
from training.ml.models.contract import Normalisation
from training.ml.models.slowfast import pathways
from training.ml.normalising import normalised
from training.ml.places import Places, spread, stretched
from training.ml.recipes.networks import NetworkRecipe


@dataclass(frozen=True)
class Viewer:
    """Makes a network's input of packed clips."""

    recipe: NetworkRecipe
    normal: Normalisation

    def load(self, path: Path, name: str) -> ClipPack:
        """The packed clip called `name`. Raises Vanished or BadFile."""
        return pack_of(path, name)

    def training(self, pack: ClipPack, generator: np.random.Generator) -> Tensor:
        """A random view x_CTHW: a moment of each part, one crop, one mirroring, one light for all of them."""
        recipe = self.recipe
        places = spread(len(pack), recipe.moments, generator)
        steps: list[Transform] = [RandomResizedCrop(recipe.side, (recipe.least_area, 1.0)), Flip(recipe.flip)]
        if pack.channels == 3 and recipe.jitter:
            steps.append(ColourJitter(recipe.jitter, recipe.jitter, 0.0))
        return self._shown(pack, places, Pipeline(recipe.name, tuple(steps)), generator)

    def testing(self, pack: ClipPack, budget: int) -> tuple[Tensor, tuple[int, ...]]:
        """The view x_CTHW of `budget` evenly spread moments, and the ordinals of these."""
        places = spread(len(pack), min(budget, self.recipe.moments))
        shown = places[stretched(len(places), self.recipe.moments)]
        whole = Pipeline("whole", (Resize(self.recipe.side),))
        view = self._shown(pack, shown, whole, np.random.default_rng(0))  # of which nothing is drawn
        return view, tuple(int(each) for each in pack.ordinals_P[np.unique(places)])

    def batch(self, views: Sequence[Tensor]) -> Tensor | list[Tensor]:
        """x_BCTHW, or [slow, fast] of it for a network with two pathways."""
        x_BCTHW = torch.stack(list(views))
        if not self.recipe.pathway:
            return x_BCTHW
        return pathways(x_BCTHW, self.recipe.pathway)

    def _shown(
        self, pack: ClipPack, places: Places, pipeline: Pipeline, generator: np.random.Generator
    ) -> Tensor:
        kind = Kind.FLOW if pack.channels == 2 else Kind.PICTURES
        x_BCTHW = pipeline(Clips(_pixels(pack, places), kind), [generator]).x
        return normalised(x_BCTHW, kind, self.normal)[0].contiguous()


def _pixels(pack: ClipPack, places: Places) -> Tensor:
    """x_BCTHW of one clip, bytes: of each place all frames, one after the other."""
    pictures_KLHWC = torch.from_numpy(pack.at(places.tolist()))
    return pictures_KLHWC.flatten(0, 1).permute(3, 0, 1, 2)[None]

"""What a network is shown of a clip: some of its moments, cropped, and changed at random while it learns."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.ml.engine.data import pack_of
from training.ml.features.pack import ClipPack
from training.ml.models.contract import Normalisation
from training.ml.models.slowfast import pathways
from training.ml.places import Places, spread, stretched
from training.ml.recipes.networks import NetworkRecipe

FLOW_MEAN, FLOW_DEVIATION = 0.5, 0.226
"""Of flow as it is stored, in 0..1: no movement is the middle. TSN (Wang et al., ECCV 2016)."""
_ASPECT = (3 / 4, 4 / 3)


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
        x_TCHW = _pixels(pack, spread(len(pack), recipe.moments, generator))
        x_TCHW = _cropped(x_TCHW, recipe.side, random_crop(recipe.least_area, generator))
        if generator.random() < recipe.flip:
            x_TCHW = x_TCHW.flip(3)
            if pack.channels == 2:
                x_TCHW[:, 0] = 1 - x_TCHW[:, 0]  # what moved to the left moves to the right
        if pack.channels == 3 and recipe.jitter:
            contrast, light = generator.uniform(-recipe.jitter, recipe.jitter, 2)
            middle = x_TCHW.mean()
            x_TCHW = ((x_TCHW - middle) * (1 + contrast) + middle * (1 + light)).clamp(0, 1)
        return self._normalised(x_TCHW)

    def testing(self, pack: ClipPack, budget: int) -> tuple[Tensor, tuple[int, ...]]:
        """The view x_CTHW of `budget` evenly spread moments, and the ordinals of these."""
        places = spread(len(pack), min(budget, self.recipe.moments))
        shown = places[stretched(len(places), self.recipe.moments)]
        x_TCHW = _cropped(_pixels(pack, shown), self.recipe.side, (0.0, 0.0, 1.0, 1.0))
        return self._normalised(x_TCHW), tuple(int(each) for each in pack.ordinals_P[np.unique(places)])

    def batch(self, views: Sequence[Tensor]) -> Tensor | list[Tensor]:
        """x_BCTHW, or [slow, fast] of it for a network with two pathways."""
        x_BCTHW = torch.stack(list(views))
        if not self.recipe.pathway:
            return x_BCTHW
        return pathways(x_BCTHW, self.recipe.pathway)

    def _normalised(self, x_TCHW: Tensor) -> Tensor:
        if x_TCHW.shape[1] == 2:
            x_TCHW = (x_TCHW - FLOW_MEAN) / FLOW_DEVIATION
        else:
            mean, deviation = (torch.tensor(each) for each in (self.normal.mean, self.normal.deviation))
            x_TCHW = x_TCHW.flip(1) if self.normal.colours == "BGR" else x_TCHW
            x_TCHW = (x_TCHW - mean[:, None, None]) / deviation[:, None, None]
        return x_TCHW.transpose(0, 1).contiguous()


def random_crop(least_area: float, generator: np.random.Generator) -> tuple[float, float, float, float]:
    """A part of the unit square: left, top, width, height. Inception's crop (Szegedy et al., CVPR 2015)."""
    area = generator.uniform(least_area, 1.0)
    aspect = np.exp(generator.uniform(*np.log(_ASPECT)))
    width, height = (min(1.0, float(np.sqrt(area * each))) for each in (aspect, 1 / aspect))
    left, top = generator.random(2)
    return float(left) * (1 - width), float(top) * (1 - height), width, height


def _pixels(pack: ClipPack, places: Places) -> Tensor:
    """x_TCHW in 0..1: of each place all frames, one after the other."""
    pictures_KLHWC = torch.from_numpy(pack.at(places.tolist()))
    return pictures_KLHWC.flatten(0, 1).permute(0, 3, 1, 2).to(torch.float32) / 255


def _cropped(x_TCHW: Tensor, side: int, part: tuple[float, float, float, float]) -> Tensor:
    height, width = x_TCHW.shape[2:]
    left, top, across, down = part
    x0, y0 = round(left * width), round(top * height)
    x1, y1 = max(x0 + 1, round((left + across) * width)), max(y0 + 1, round((top + down) * height))
    cut_TCHW = x_TCHW[:, :, y0:y1, x0:x1]
    if cut_TCHW.shape[2:] == (side, side):
        return cut_TCHW
    return functional.interpolate(
        cut_TCHW, (side, side), mode="bilinear", align_corners=False, antialias=True
    )

"""A network that a run of the app trained, with what stands between the pixels of a clip and its logits.

The app cuts a clip to where something moves and keeps a few moments of it (`training.ml.features.packing`):
the file takes those, of the side and number that the recipe names, moment by moment.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.ml.augment.clips import Kind
from training.ml.engine.network.model import NetworkModel
from training.ml.export.whole import Whole
from training.ml.models.contract import Normalisation
from training.ml.models.skeleton.graphs import graph_named
from training.ml.models.slowfast import pathways
from training.ml.normalising import normalisation_of, normalised
from training.ml.recipes.networks import NetworkRecipe, Reads


@dataclass(frozen=True)
class PackFeed:
    """From pictures in 0..1 or flow in -1..1 to what the network is given, as `Viewer` makes it."""

    kind: Kind
    normal: Normalisation
    pathway: int

    def __call__(self, x_BCTHW: Tensor) -> Tensor | list[Tensor]:
        """x_BCTHW, or [slow, fast] of it."""
        x_BCTHW = normalised(x_BCTHW, self.kind, self.normal)
        return pathways(x_BCTHW, self.pathway) if self.pathway else x_BCTHW


def whole_for(model: NetworkModel) -> nn.Module:
    """The network with its feed, in evaluation; poses are given as `about_itself` has them."""
    recipe, network = model.recipe, model.module
    if recipe.clip.reads == Reads.POSES:
        return network.eval()
    kind = Kind.FLOW if recipe.clip.reads == Reads.FLOW else Kind.PICTURES
    normal = normalisation_of(recipe.network, network)
    return Whole(network, PackFeed(kind, normal, recipe.pathway)).eval()


def example_for(model: NetworkModel, batch: int) -> Tensor:
    """Noise of so many clips: always the same numbers."""
    noise = torch.Generator().manual_seed(0)
    if model.recipe.clip.reads == Reads.POSES:
        return torch.randn((batch, *_poses(model.recipe)), generator=noise)
    x_BCTHW = torch.rand((batch, *_pixels(model.recipe)), generator=noise)
    return x_BCTHW * 2 - 1 if model.recipe.clip.reads == Reads.FLOW else x_BCTHW


def _poses(recipe: NetworkRecipe) -> tuple[int, ...]:
    return 3, recipe.moments, len(graph_named(recipe.options["graph"]).joints), recipe.clip.people


def _pixels(recipe: NetworkRecipe) -> tuple[int, ...]:
    channels = 2 if recipe.clip.reads == Reads.FLOW else 3
    return channels, recipe.moments * recipe.clip.frames, recipe.side, recipe.side

"""A recipe's network: made, begun, partly frozen, and fed in the numbers that it takes."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from training.ml.augment.clips import Kind
from training.ml.checkpoints import load_but_classes
from training.ml.checkpoints import read as read_checkpoint
from training.ml.engine.plan import torch_drawing
from training.ml.fit.recipe import FitRecipe, Sight, WrongRecipe
from training.ml.layers import layers_of, lies_in
from training.ml.models import NETWORKS, create_model, network_named
from training.ml.models.contract import Normalisation
from training.ml.models.slowfast import pathways
from training.ml.models.tsn import TSN


def network_of(recipe: FitRecipe, classes: int) -> nn.Module:
    """The network with random numbers that hang on the recipe's seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(torch_drawing(recipe.seed, "network").initial_seed())
        return create_model(recipe.network, num_classes=classes, **recipe.options)


def begin(network: nn.Module, weights: Any) -> str:
    """Load a file of weights, but for a head of other classes; the sentence that says what was loaded."""
    checkpoint = read_checkpoint(weights)
    if isinstance(network, TSN) and not any("new_fc" in name for name in checkpoint.state):
        network.learn_from_pictures(checkpoint.state)
        return f"The backbone began with {checkpoint.path.name} ({checkpoint.sha256[:12]})."
    fit = load_but_classes(network, checkpoint.state)
    new = ", ".join(fit.classes) or "nothing"
    return f"It began with {checkpoint.path.name} ({checkpoint.sha256[:12]}); new is {new}."


def freeze(network: nn.Module, stages: int) -> list[nn.Module]:
    """Let the first stages not learn; their norms, to be kept in evaluation mode while it trains.

    Raises WrongRecipe for more stages than there are.
    """
    if not stages:
        return []
    layers = layers_of(network)
    if stages > len(layers.stages):
        raise WrongRecipe(f"The network has {len(layers.stages)} stages: {stages} cannot be frozen.")
    parts = [name for stage in layers.stages[:stages] for name in stage]
    for name, parameter in network.named_parameters():
        if lies_in(name, parts):
            parameter.requires_grad_(False)
    norms = (nn.modules.batchnorm._NormBase,)
    return [
        each for name, each in network.named_modules() if lies_in(name, parts) and isinstance(each, norms)
    ]


@dataclass(frozen=True)
class Feed:
    """From clips as pipelines show them to what the network's forward pass is given."""

    recipe: FitRecipe
    normal: Normalisation

    def __call__(self, x: Tensor) -> Tensor | list[Tensor]:
        """x_BCTHW or [slow, fast] of pictures in 0..1 and flow in -1..1; skeletons as they are."""
        sees = self.recipe.sees
        if not isinstance(sees, Sight):
            return x
        colours = self.normal.colours
        if sees.kind is Kind.FLOW:
            x = (x + 1) / 2
        elif colours == "BGR":
            x = x.flip(1)
        mean, deviation = (
            torch.tensor(each[: x.shape[1]], dtype=x.dtype, device=x.device)[:, None, None, None]
            for each in (self.normal.mean, self.normal.deviation)
        )
        x = (x - mean) / deviation
        alpha = NETWORKS[self.recipe.network].alpha
        return pathways(x, alpha) if alpha else x


def feed_of(recipe: FitRecipe, network: nn.Module) -> Feed:
    """How this network is fed: TSN tells its own means, which hang on its options."""
    if isinstance(network, TSN):
        return Feed(recipe, network.normalisation)
    return Feed(recipe, network_named(recipe.network).normalisation)

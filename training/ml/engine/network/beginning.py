"""What a network begins with: random numbers, or the installation's ImageNet weights in its first layers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.ml import weights
from training.ml.engine.network.model import made
from training.ml.engine.plan import torch_drawing
from training.ml.errors import LearningError
from training.ml.models.tsn.network import TSN
from training.ml.recipes.networks import NetworkRecipe


@dataclass(frozen=True)
class Beginning:
    """`options` fit the network to the weights; `state` is empty, and `sha256` "none", without any."""

    recipe: NetworkRecipe
    seed: int
    options: dict[str, Any]
    state: dict[str, Tensor]
    sha256: str

    def network(self, classes: int) -> nn.Module:
        """The network before it learns: the same for the same seed."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(torch_drawing(self.seed, "network").initial_seed())
            network = made(self.recipe, classes, self.options)
        if self.state:
            if not isinstance(network, TSN):
                raise LearningError(f"{self.recipe.title} cannot begin with weights for pictures.")
            network.learn_from_pictures(self.state)
        return network


def beginning(recipe: NetworkRecipe, folder: str, seed: int) -> Beginning:
    """What the recipe begins with, given a folder of weights or "". Raises BadFile for damaged ones."""
    if not recipe.pretrained:
        return Beginning(recipe, seed, {}, {}, "none")
    net, found = weights.load(Path(folder) if folder else None)
    if found is None:
        return Beginning(recipe, seed, {}, {}, "none")
    options = {"backbone_options": {"flavour": net.flavour}}
    return Beginning(recipe, seed, options, dict(net.state_dict()), found.sha256)

"""A trained network as a file, and what it says of a packed clip."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from training.ml.engine.checkpoints import packed
from training.ml.engine.facts import FORMAT, ModelFacts
from training.ml.engine.network.poses import PoseViewer
from training.ml.engine.network.views import Viewer
from training.ml.engine.scoring import Answer, Floats
from training.ml.errors import BadFile
from training.ml.features.pack import ClipPack
from training.ml.models import NETWORKS, create_model
from training.ml.normalising import normalisation_of
from training.ml.pose.poses import Poses
from training.ml.recipes.networks import NetworkRecipe, Reads

Seen = ClipPack | Poses


class AnyViewer(Protocol):
    """Makes a network's input of what is kept of a clip; `Viewer` and `PoseViewer` say how."""

    def load(self, path: Path, name: str) -> Any:
        """What is kept of the clip called `name`."""

    def training(self, clip: Any, generator: np.random.Generator) -> Tensor:
        """A random view."""

    def testing(self, clip: Any, budget: int) -> tuple[Tensor, tuple[int, ...]]:
        """The view of so many evenly spread moments, and their ordinals."""

    def batch(self, views: Sequence[Tensor]) -> Tensor | list[Tensor]:
        """The input of several views."""


KIND = "network"
METHOD = "uniform"
"""A network sees the moments that are spread evenly: it chooses none."""


@dataclass(frozen=True, kw_only=True)
class NetworkFacts(ModelFacts):
    """`options` were given to the network besides the recipe's, to fit its pretrained weights.

    `numbers` are the recipe as it was then: a later version of it would show clips in another way.
    """

    options: dict[str, Any]
    numbers: dict[str, Any]


@dataclass(frozen=True)
class NetworkModel:
    """Everything between a packed clip and its class."""

    recipe: NetworkRecipe
    module: nn.Module
    facts: NetworkFacts

    @property
    def parameters(self) -> int:
        """How many numbers were learned."""
        return sum(each.numel() for each in self.module.parameters())

    @property
    def viewer(self) -> AnyViewer:
        """What shows it clips."""
        return viewer_of(self.recipe, self.module)

    def to_bytes(self) -> bytes:
        """The model's file: equal models give equal bytes."""
        return packed(*self.contents())

    def contents(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """The tensors and the header of its file."""
        header = {"rushes_model": FORMAT, "kind": KIND, **dataclasses.asdict(self.facts)}
        return self.module.state_dict(), header

    @torch.no_grad()
    def answer(self, clip: Seen, budget: int) -> Answer:
        """What it says of one clip, whatever others there are, from `budget` moments of it."""
        view, ordinals = self.viewer.testing(clip, budget)
        logits_1C = self.module.eval()(self.viewer.batch([view]))
        p_C: Floats = torch.softmax(logits_1C.double(), dim=1)[0].numpy()
        return Answer(p_C, ordinals)


def made(recipe: NetworkRecipe, classes: int, options: Mapping[str, Any] | None = None) -> nn.Module:
    """The recipe's network with random numbers; seed torch before. `options` are added to the recipe's."""
    return create_model(recipe.network, num_classes=classes, **recipe.options, **(options or {}))


def viewer_of(recipe: NetworkRecipe, module: nn.Module) -> AnyViewer:
    """What shows clips to a network, in its own numbers."""
    if recipe.clip.reads == Reads.POSES:
        return PoseViewer(recipe, recipe.options["graph"])
    return Viewer(recipe, normalisation_of(recipe.network, module))


def from_file(tensors: dict[str, torch.Tensor], header: dict[str, Any]) -> NetworkModel:
    """The model that `to_bytes` wrote. Raises BadFile where the network has become another since.

    Raises what its parts raise for any other damage: KeyError, TypeError, LearningError.
    """
    facts = NetworkFacts.of(header)
    recipe = NetworkRecipe.of(facts.numbers)
    # Not on the meta device: what a network does not keep in its state, such as its means, would stay there.
    with torch.random.fork_rng(devices=[]):
        module = made(recipe, len(facts.classes), facts.options)
    try:
        module.load_state_dict(tensors)
    except RuntimeError as error:
        title = NETWORKS[recipe.network].title
        raise BadFile(
            f"The model's file has the numbers of another version of {title} than is here. Train again."
        ) from error
    return NetworkModel(recipe, module.eval(), facts)

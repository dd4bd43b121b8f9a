"""What an ONNX file is made of: a network with all that stands before it, an example, and what is told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from safetensors import SafetensorError
from torch import Tensor, nn

from training.ml.engine.checkpoints import unpacked
from training.ml.engine.models import load_model
from training.ml.engine.network.model import NetworkModel
from training.ml.errors import LearningError
from training.ml.export.app import example_for, whole_for
from training.ml.export.whole import PLACE, example_of, whole_of
from training.ml.fit.model import Fitted
from training.ml.models import network_named
from training.ml.models.skeleton.tcn import OneShotTCN


class NotExported(LearningError):  # noqa: N818 - named after what happened
    """A model that this format, or this installation, cannot hold."""


@dataclass(frozen=True)
class Exportable:
    """`whole` takes one tensor, and returns one for each of `outputs`."""

    whole: nn.Module
    example: Callable[[int], Tensor]
    """Noise of so many clips, always the same."""
    outputs: tuple[str, ...]
    network: str
    recipe: str
    classes: tuple[str, ...]
    """Their names, in the order of the logits."""
    facts: dict[str, str] = field(default_factory=dict)
    """What else is told of it."""

    @property
    def takes(self) -> str:
        """What the network itself takes."""
        return str(network_named(self.network).takes)


def exportable(path: Path) -> Exportable:
    """The model in a file that `fit` wrote, or that a run of the app did.

    Raises BadFile for what is neither, and NotExported for a model that is no network.
    """
    if not _of_the_app(path):
        return fitted_one(Fitted.load(path))
    model = load_model(path)
    if not isinstance(model, NetworkModel):
        raise NotExported(
            f"{path} was learned by the recipe {model.facts.recipe}, which does not go from pixels to "
            "classes in one network: it tells features of frames, or adds up several models. Export a model "
            "of a recipe that trains a network, as tsn_rgb or x3d_xs."
        )
    return trained_one(model)


def fitted_one(model: Fitted) -> Exportable:
    """A model of `fit`."""
    outputs = ("logits", PLACE) if isinstance(model.network, OneShotTCN) else ("logits",)
    recipe = model.recipe
    return Exportable(
        whole_of(model),
        lambda batch: example_of(model, batch),
        outputs,
        recipe.network,
        recipe.name,
        model.classes,
    )


def trained_one(model: NetworkModel) -> Exportable:
    """A model that a run of the app trained: names of classes as they were then, with their ids beside."""
    return Exportable(
        whole_for(model),
        lambda batch: example_for(model, batch),
        ("logits",),
        model.recipe.network,
        model.facts.recipe,
        model.facts.names,
        {"ids": ",".join(model.facts.classes)},
    )


def _of_the_app(path: Path) -> bool:
    try:
        return "rushes_model" in unpacked(path)[1]
    except (OSError, SafetensorError, ValueError, KeyError):
        return False

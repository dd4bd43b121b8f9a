"""A network that was learned by a recipe, as one file: weights, recipe and classes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from torch import nn

from training.ml.engine.checkpoints import packed, put, unpacked
from training.ml.errors import BadFile
from training.ml.fit.codec import recipe_of, told
from training.ml.fit.network import Feed, feed_of, network_of
from training.ml.fit.recipe import FitRecipe

FORMAT = 1


@dataclass(frozen=True)
class Fitted:
    """The recipe, the classes in the order of the logits, and the network."""

    recipe: FitRecipe
    classes: tuple[str, ...]
    network: nn.Module

    @property
    def feed(self) -> Feed:
        """How it is fed."""
        return feed_of(self.recipe, self.network)

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all; equal models give equal bytes."""
        facts: dict[str, Any] = {"rushes_fit": FORMAT, "recipe": told(self.recipe), "classes": self.classes}
        put(path, packed(self.network.state_dict(), facts))

    @classmethod
    def load(cls, path: Path) -> "Fitted":
        """Read what `save` wrote. Raises BadFile, with a sentence, for anything else."""
        if not path.is_file():
            raise BadFile(f"There is no file {path}: name the model.safetensors that `fit` wrote.")
        try:
            tensors, facts = unpacked(path)
            if facts.get("rushes_fit") != FORMAT:
                raise BadFile(f"{path} is no model that `fit` wrote, or of another version.")
            recipe, classes = recipe_of(facts["recipe"]), tuple(facts["classes"])
            network = network_of(recipe, len(classes), headed=True)
            network.load_state_dict(tensors)
        except (OSError, SafetensorError, ValueError, KeyError, RuntimeError) as error:
            raise BadFile(f"{path} cannot be read as a model: {error}.") from error
        return cls(recipe, classes, network.eval())

"""A model as a file: encoder, classifier and both selectors, and what must be known to use them."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from safetensors import SafetensorError
from torch import Tensor, nn

from training.ml.classifier import ClipClassifier
from training.ml.encoder import Encoder
from training.ml.engine.checkpoints import packed, unpacked
from training.ml.engine.data import Vanished
from training.ml.errors import BadFile
from training.ml.models.smart import GlobalSelector, SingleFrameSelector

FORMAT = 1
Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True)
class ModelFacts:
    """What is not a tensor. `budget` is the frames a clip; `features` and `weights` say what it takes in."""

    classes: tuple[str, ...]
    """The ids of the classes, in the order of the logits."""
    names: tuple[str, ...]
    recipe: str
    overrides: dict[str, Any]
    features: str
    """The fingerprint of the recipe by which features must be made."""
    weights: str
    """SHA-256 of the appearance network's weights, or "none"."""
    budget: int
    project: int
    hidden: int
    seed: int
    trained_on: tuple[str, ...]
    """The contents (hash of the video, frames) of all clips it has learned from or was chosen by."""


@dataclass(frozen=True)
class ActionModel:
    """Everything between a clip's features and its class."""

    encoder: Encoder
    classifier: ClipClassifier
    single: SingleFrameSelector
    whole: GlobalSelector
    facts: ModelFacts

    @property
    def parameters(self) -> int:
        """How many numbers were learned, the encoder's statistics left out."""
        return sum(each.numel() for part in self._parts().values() for each in part.parameters())

    def to_bytes(self) -> bytes:
        """The model's file: equal models give equal bytes."""
        tensors = {f"encoder.{name}": tensor for name, tensor in self.encoder.to_tensors().items()}
        for part, network in self._parts().items():
            tensors |= {f"{part}.{name}": tensor for name, tensor in network.state_dict().items()}
        return packed(tensors, {"rushes_model": FORMAT, **dataclasses.asdict(self.facts)})

    def _parts(self) -> dict[str, nn.Module]:
        return {"classifier": self.classifier, "single": self.single, "global": self.whole}


def load_model(path: Path) -> ActionModel:
    """Read a model's file. Raises Vanished where there is none and BadFile for one that cannot be used."""
    if not path.is_file():
        raise Vanished("The model's file is not where it should be.")
    try:
        tensors, header = unpacked(path)
        if header.pop("rushes_model") != FORMAT:
            raise BadFile(f"The model's file is of another format than {FORMAT}. Train again.")
        lists = {name: tuple(header[name]) for name in ("classes", "names", "trained_on")}
        facts = ModelFacts(**{**header, **lists})
        encoder = Encoder.from_tensors(_under(tensors, "encoder."))
        classes = len(facts.classes)
        return ActionModel(
            encoder,
            _loaded(ClipClassifier(encoder.width, classes), tensors, "classifier."),
            _loaded(SingleFrameSelector(dim=encoder.x_width), tensors, "single."),
            _loaded(
                GlobalSelector(
                    dim=encoder.x_width, classes=classes, project=facts.project, hidden=facts.hidden
                ),
                tensors,
                "global.",
            ),
            facts,
        )
    except (OSError, SafetensorError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise BadFile(f"The model's file cannot be used: {error}.") from error


def _loaded(network: Network, tensors: Mapping[str, Tensor], prefix: str) -> Network:
    network.load_state_dict(_under(tensors, prefix))
    return network.eval()


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): each for name, each in tensors.items() if name.startswith(prefix)}

"""A model as a file: encoder, classifier and both selectors, and what must be known to use them."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from torch import Tensor, nn

from training.ml.classifier import ClipClassifier
from training.ml.encoder import Encoder
from training.ml.engine.checkpoints import packed
from training.ml.engine.facts import FORMAT, ModelFacts
from training.ml.models.smart import GlobalSelector, SingleFrameSelector

Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True, kw_only=True)
class ActionFacts(ModelFacts):
    """`project` and `hidden` are widths of the global selector."""

    project: int
    hidden: int


@dataclass(frozen=True)
class ActionModel:
    """Everything between a clip's features and its class."""

    encoder: Encoder
    classifier: ClipClassifier
    single: SingleFrameSelector
    whole: GlobalSelector
    facts: ActionFacts

    @property
    def parameters(self) -> int:
        """How many numbers were learned, the encoder's statistics left out."""
        return sum(each.numel() for part in self._parts().values() for each in part.parameters())

    def to_bytes(self) -> bytes:
        """The model's file: equal models give equal bytes."""
        return packed(*self.contents())

    def contents(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """The tensors and the header of its file."""
        tensors = {f"encoder.{name}": tensor for name, tensor in self.encoder.to_tensors().items()}
        for part, network in self._parts().items():
            tensors |= {f"{part}.{name}": tensor for name, tensor in network.state_dict().items()}
        return tensors, {"rushes_model": FORMAT, **dataclasses.asdict(self.facts)}

    def _parts(self) -> dict[str, nn.Module]:
        return {"classifier": self.classifier, "single": self.single, "global": self.whole}


def from_file(tensors: Mapping[str, Tensor], header: Mapping[str, Any]) -> ActionModel:
    """The model that `to_bytes` wrote. Raises what its parts raise: KeyError, RuntimeError, LearningError."""
    facts = ActionFacts.of(header)
    encoder = Encoder.from_tensors(tensors_under(tensors, "encoder."))
    classes = len(facts.classes)
    whole = GlobalSelector(dim=encoder.x_width, classes=classes, project=facts.project, hidden=facts.hidden)
    return ActionModel(
        encoder,
        _loaded(ClipClassifier(encoder.width, classes), tensors, "classifier."),
        _loaded(SingleFrameSelector(dim=encoder.x_width), tensors, "single."),
        _loaded(whole, tensors, "global."),
        facts,
    )


def _loaded(network: Network, tensors: Mapping[str, Tensor], prefix: str) -> Network:
    network.load_state_dict(tensors_under(tensors, prefix))
    return network.eval()


def tensors_under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose names begin with the prefix, without it."""
    return {name.removeprefix(prefix): each for name, each in tensors.items() if name.startswith(prefix)}

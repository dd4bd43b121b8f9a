"""Several models as one: each is shown a clip in its own way, and their logits are added."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from training.ml.engine import model as action
from training.ml.engine.checkpoints import packed
from training.ml.engine.facts import FORMAT, ModelFacts
from training.ml.engine.model import ActionModel, tensors_under
from training.ml.engine.network import model as network
from training.ml.engine.network.model import NetworkModel
from training.ml.engine.scoring import Answer, Judged

KIND = "fusion"
PartModel = ActionModel | NetworkModel
LEAST_P = 1e-12
"""No part is so sure against a class that the others could not be heard."""


@dataclass(frozen=True)
class FusedSeen:
    """A clip as the parts look at it: as one that chooses frames has it, and what the others say of it."""

    clips: Mapping[str, Judged | network.Seen]
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class FusedModel:
    """The models of the parts, by the names of their recipes."""

    parts: Mapping[str, PartModel]
    facts: ModelFacts

    @property
    def parameters(self) -> int:
        """How many numbers were learned."""
        return sum(part.parameters for part in self.parts.values())

    @property
    def chooses(self) -> bool:
        """Whether any part chooses frames; then how many is asked of such parts alone."""
        return any(isinstance(part, ActionModel) for part in self.parts.values())

    def to_bytes(self) -> bytes:
        """The model's file: equal models give equal bytes."""
        tensors: dict[str, Tensor] = {}
        headers = {}
        for name, part in self.parts.items():
            own, headers[name] = part.contents()
            tensors |= {f"{name}/{key}": tensor for key, tensor in own.items()}
        facts = dataclasses.asdict(self.facts)
        order = list(self.parts)  # JSON objects are written sorted
        return packed(
            tensors, {"rushes_model": FORMAT, "kind": KIND, **facts, "parts": headers, "order": order}
        )


def from_file(tensors: Mapping[str, Tensor], header: Mapping[str, Any]) -> FusedModel:
    """The model that `to_bytes` wrote. Raises what its parts raise."""
    parts: dict[str, PartModel] = {}
    for name in header["order"]:
        own, facts = tensors_under(tensors, f"{name}/"), header["parts"][name]
        kind = network if facts.get("kind") == network.KIND else action
        parts[name] = kind.from_file(own, facts)
    return FusedModel(parts, ModelFacts.of(header))


def added(answers: Iterable[Answer]) -> Answer:
    """What several say together: the chances that the sum of their logits gives, and the first one's frames.

    The logarithm of a chance is its logit less the same for all classes, which drops out.
    """
    every = list(answers)
    logits_C = np.sum([np.log(np.maximum(each.p_C, LEAST_P)) for each in every], axis=0)
    p_C = np.exp(logits_C - logits_C.max())
    return Answer(p_C / p_C.sum(), every[0].ordinals)

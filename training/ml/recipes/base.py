"""What all recipes are: a name, and every number that decides what is read and what is learned."""

import dataclasses
import hashlib
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from training.ml.errors import LearningError


class UnknownRecipe(LearningError):  # noqa: N818
    """No recipe has this name, or it has no such number to change."""


@dataclass(frozen=True, kw_only=True)
class Recipe(ABC):
    """How a model is made. Its feature half, read from clips, has a fingerprint of its own to be kept by."""

    name: str
    title: str
    why: str

    @abstractmethod
    def feature_fingerprint(self, weights_sha256: str = "") -> str:
        """Names what is read from clips; `weights_sha256` is "" without weights."""

    def fingerprint(self) -> str:
        """Names everything that decides what is learned, but for the titles."""
        facts = dataclasses.asdict(self)
        del facts["title"], facts["why"]
        return sha256_of({"format": self.format, **facts})

    @property
    @abstractmethod
    def format(self) -> int:
        """Counts the changes of the code that reads features; a file of another format is not used."""


def sha256_of(facts: dict[str, Any]) -> str:
    """The hash of facts that JSON holds, as 64 hex digits."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

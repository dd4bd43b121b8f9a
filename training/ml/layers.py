"""What a network tells of its own layers: their order, which of them say the classes, and what no training
changes. Who loads weights or freezes layers needs no more of it.

Names are those of modules, parameters or buffers in the network, as in its state dict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Protocol, runtime_checkable

from torch import Tensor, nn

from training.ml.errors import LearningError


@dataclass(frozen=True)
class Layers:
    """Every parameter of the network belongs to one stage or to the head."""

    stages: tuple[tuple[str, ...], ...]
    """From the input on; of each the names of what is in it."""
    head: tuple[str, ...]
    """The last layers: all whose size hangs on the classes, and no others. The one that says the logits is
    first, those of auxiliary heads follow."""
    fixed: tuple[str, ...] = ()
    """Buffers that hang on the network's options, as the links of a graph: other numbers mean others."""

    @property
    def first(self) -> tuple[str, ...]:
        """What sees the input; nothing in a network that is all head."""
        return self.stages[0] if self.stages else ()

    def within(self, name: str) -> "Layers":
        """The same of a network that is the part `name` of another."""
        return Layers(
            tuple(tuple(f"{name}.{each}" for each in stage) for stage in self.stages),
            tuple(f"{name}.{each}" for each in self.head),
            tuple(f"{name}.{each}" for each in self.fixed),
        )


@runtime_checkable
class Layered(Protocol):
    """A network that tells its layers."""

    def layers(self) -> Layers:
        """Its layers, with the options that it was made with."""


@runtime_checkable
class Backboned(Protocol):
    """A network that is built on one for pictures, and can begin with that one's weights."""

    def learn_from_pictures(self, state: Mapping[str, Tensor]) -> Any:
        """Load them; what was loaded (`training.ml.checkpoints.Fit`), by names of this network."""


def layers_of(net: nn.Module) -> Layers:
    """What a network tells. Raises LearningError for a module that tells nothing."""
    if not isinstance(net, Layered):
        raise LearningError(f"{type(net).__name__} does not tell its layers; give a network of the library.")
    return net.layers()


def lies_in(name: str, parts: Iterable[str]) -> bool:
    """Whether a parameter or buffer is one of `parts` or in one of them."""
    return any(name == part or name.startswith(f"{part}.") for part in parts)


def together(*networks: Layers) -> tuple[tuple[str, ...], ...]:
    """The stages of networks that work side by side: the first of each, then the second of each."""
    return tuple(
        tuple(name for stage in stages for name in stage)
        for stages in zip_longest(*(each.stages for each in networks), fillvalue=())
    )


def singly(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """A stage for each name."""
    return tuple((name,) for name in names)

"""Labels of any numbers as the numbers 0 to classes - 1 that a head has: save `labels` beside its weights."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from training.ml.errors import LearningError, TooLittle


class UnknownLabel(LearningError):  # noqa: N818
    """A label that the network was not made for."""


@dataclass(frozen=True)
class LabelMap:
    """The labels of a head's classes, in their order."""

    labels: tuple[int, ...]

    @classmethod
    def of(cls, labels: Iterable[int]) -> "LabelMap":
        """The map of all labels that occur, smallest first; raises TooLittle where none does."""
        found = tuple(sorted({int(label) for label in labels}))
        if not found:
            raise TooLittle("There are no labels to make classes of.")
        return cls(found)

    def __len__(self) -> int:
        return len(self.labels)

    def classes(self, labels: Iterable[int]) -> Tensor:
        """The class of each label, (N,) int64; raises UnknownLabel with those that there are."""
        number = {label: n for n, label in enumerate(self.labels)}
        wanted = [int(label) for label in labels]
        if unknown := sorted(set(wanted) - set(number)):
            raise UnknownLabel(
                f"There is no class for label {', '.join(map(str, unknown))}; the network was made for "
                f"{', '.join(map(str, self.labels))}: train it again with a map of all labels."
            )
        return torch.tensor([number[label] for label in wanted], dtype=torch.int64)

    def back(self, classes: Tensor | Sequence[int]) -> list[int]:
        """The labels of classes."""
        return [self.labels[int(n)] for n in classes]

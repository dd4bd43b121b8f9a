"""Actions told by the nearest example: distances of embeddings, few examples, and how near is near enough.

Sabater et al.: "One-shot action recognition in challenging therapy scenarios" (CVPR workshops 2021, arXiv
2102.08997), sections 3.3 and 4. An *anchor* is the embedding of one clip that shows a class.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from training.ml.errors import LearningError, TooLittle

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Anchors = Literal["mean", "min"]


class WrongMatching(LearningError):  # noqa: N818
    """Embeddings or options by which nothing can be matched."""


def cosine(a_QD: Floats, b_AD: Floats) -> Floats:
    """One minus the cosine of the angle between each two, (Q, A): 0 to 2; 1 where one has no length."""
    return 1 - _unit(a_QD) @ _unit(b_AD).T


def euclidean(a_QD: Floats, b_AD: Floats) -> Floats:
    """The lengths of the differences, (Q, A)."""
    apart_QA: Floats = np.linalg.norm(a_QD[:, None] - b_AD[None], axis=2)
    return apart_QA


def jensen_shannon(a_QD: Floats, b_AD: Floats) -> Floats:
    """The distance of Jensen and Shannon between each two as distributions, (Q, A): 0 to sqrt(ln 2).

    The root of the mean divergence from both to their middle, in nats, each row divided by its sum. Raises
    WrongMatching for negative numbers and for rows of zeros, which are no distributions.
    """
    for x in (a_QD, b_AD):
        if (x < 0).any() or not (x.sum(1) > 0).all():
            raise WrongMatching(
                "Jensen-Shannon compares shares: embeddings must not be negative, nor zeros all along; take "
                "the cosine for these."
            )
    p_Q1D, q_1AD = (a_QD / a_QD.sum(1, keepdims=True))[:, None], (b_AD / b_AD.sum(1, keepdims=True))[None]
    middle_QAD = (p_Q1D + q_1AD) / 2
    divergence_QA = (_entropies(p_Q1D, middle_QAD) + _entropies(q_1AD, middle_QAD)) / 2
    distance_QA: Floats = np.sqrt(np.maximum(divergence_QA, 0))
    return distance_QA


DISTANCES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "cosine": cosine,
    "jensen_shannon": jensen_shannon,
    "euclidean": euclidean,
}


def distances(a_QD: npt.ArrayLike, b_AD: npt.ArrayLike, kind: str = "cosine") -> Floats:
    """How far each of one set is from each of the other, (Q, A). Raises WrongMatching."""
    if kind not in DISTANCES:
        raise WrongMatching(f"There is no distance named {kind}; there are: {', '.join(sorted(DISTANCES))}.")
    a, b = np.asarray(a_QD, np.float64), np.asarray(b_AD, np.float64)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise WrongMatching(f"Embeddings of shapes {a.shape} and {b.shape} cannot be compared row by row.")
    return DISTANCES[kind](a, b)


@dataclass(frozen=True)
class Matcher:
    """Anchors of some classes, and how embeddings are compared with them."""

    anchors_AD: Floats
    labels: tuple[str, ...]
    """The class of each anchor."""
    kind: str = "cosine"
    several: Anchors = "mean"
    """Whether a class with several anchors is as far as they are on average, or as the nearest of them."""

    def __post_init__(self) -> None:
        if not self.labels:
            raise TooLittle("There is no anchor to match with: show one clip of each class at least.")
        if len(self.labels) != len(self.anchors_AD):
            raise WrongMatching(f"There are {len(self.anchors_AD)} anchors and {len(self.labels)} labels.")
        if self.several not in ("mean", "min"):
            raise WrongMatching(f"Several anchors count by their mean or min, not by {self.several}.")

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes, in the order in which they came."""
        return tuple(dict.fromkeys(self.labels))

    def distances(self, embeddings_QD: npt.ArrayLike) -> Floats:
        """How far each embedding is from each class, (Q, classes). Raises WrongMatching."""
        all_QA = distances(embeddings_QD, self.anchors_AD, self.kind)
        of_class = [np.array([label == name for label in self.labels]) for name in self.classes]
        each = [
            all_QA[:, those].mean(1) if self.several == "mean" else all_QA[:, those].min(1)
            for those in of_class
        ]
        return np.stack(each, 1)

    def match(self, embeddings_QD: npt.ArrayLike) -> list[str]:
        """The nearest class of each embedding, the first of equals. Raises WrongMatching."""
        return [self.classes[int(n)] for n in self.distances(embeddings_QD).argmin(1)]


def near_enough(distances_T: Sequence[float], *, deviations: float = 1.0, least: int = 5) -> bool:
    """Whether the last of a row of distances to one class stands out from those before it.

    The threshold moves with what was seen: mean less `deviations` standard deviations of all but the last;
    nothing is near enough before there are `least` of those.
    """
    before = np.asarray(distances_T[:-1], np.float64)
    if len(before) < least:
        return False
    return bool(distances_T[-1] < before.mean() - deviations * before.std())


def _unit(x_ND: Floats) -> Floats:
    length_N1 = np.linalg.norm(x_ND, axis=1, keepdims=True)
    unit_ND: Floats = x_ND / np.where(length_N1 > 0, length_N1, 1)
    return unit_ND


def _entropies(p: Floats, middle_QAD: Floats) -> Floats:
    """Divergences from distributions to their middle, (Q, A); a share of nothing adds nothing."""
    ratio = np.divide(p, middle_QAD, out=np.ones_like(middle_QAD), where=(p > 0) & (middle_QAD > 0))
    terms_QAD: Floats = p * np.log(ratio)
    divergence_QA: Floats = terms_QAD.sum(2)
    return divergence_QA

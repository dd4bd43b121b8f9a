"""What SMART's selectors see where they only glance at a clip: a few numbers of each candidate.

A glance is told in the words of a vocabulary of its own. One glimpse says little; beside those before and
after it, it says whether something begins, goes on or ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.ml.errors import BadFile
from training.ml.features.clip import ClipFeatures
from training.ml.features.motion import Motion
from training.ml.recipes.motion import MotionRecipe
from training.ml.vocabulary import Sizes, Vocabulary


@dataclass(frozen=True)
class Glimpses:
    """Fitted by `fit`, stored by `to_tensors`."""

    vocabulary: Vocabulary
    around: int
    """Candidates on either side that are seen beside each."""

    @classmethod
    def fit(cls, clips: Sequence[ClipFeatures], *, recipe: MotionRecipe, seed: int) -> "Glimpses | None":
        """Fit on the training clips; None where the recipe has no glance or it saw nothing move."""
        if recipe.glance is None:
            return None
        sizes = Sizes(
            components=recipe.glance_components,
            words=recipe.glance_words,
            latent=recipe.glance_latent,
            sample=recipe.sample,
            rounds=recipe.rounds,
        )
        found = Vocabulary.fit(_Glances(clips), sizes, torch.Generator().manual_seed(seed))
        return cls(found, recipe.glance_around) if found.channels else None

    @property
    def width(self) -> int:
        """D: length of X_i."""
        return self.vocabulary.latent_width * (2 * self.around + 1)

    def x(self, glance: Motion) -> npt.NDArray[np.float32]:
        """x_ND, of length 1: each candidate's numbers and its neighbours'; beyond an end, the last again."""
        own_NP = self.vocabulary.latent(self.vocabulary.fisher(glance)).numpy()
        beside = np.arange(len(own_NP))[:, None] + np.arange(-self.around, self.around + 1)
        x_NKP = own_NP[np.clip(beside, 0, len(own_NP) - 1)]
        x_ND: npt.NDArray[np.float32] = x_NKP.reshape(len(own_NP), -1) * np.float32(beside.shape[1] ** -0.5)
        return x_ND

    def to_tensors(self) -> dict[str, Tensor]:
        """Everything it is, by name."""
        return {**self.vocabulary.to_tensors(), "around": torch.tensor(self.around)}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> "Glimpses | None":
        """What `to_tensors` wrote; None where there is nothing. Raises KeyError or ValueError for a part."""
        return cls(Vocabulary.from_tensors(tensors), int(tensors["around"])) if tensors else None


class _Glances(Sequence[Motion]):
    """The glances of clips whose features are read anew each time that they are asked for."""

    def __init__(self, clips: Sequence[ClipFeatures]) -> None:
        self._clips = clips

    def __len__(self) -> int:
        return len(self._clips)

    @overload
    def __getitem__(self, at: int) -> Motion: ...
    @overload
    def __getitem__(self, at: slice) -> list[Motion]: ...
    def __getitem__(self, at: int | slice) -> Motion | list[Motion]:
        if isinstance(at, slice):
            return [glance_in(clip) for clip in self._clips[at]]
        return glance_in(self._clips[at])


def glance_in(clip: ClipFeatures) -> Motion:
    """The glance that was kept of a clip. Raises BadFile where there is none."""
    if clip.glance is None:
        raise BadFile("The features of a clip lack the glance by which frames are chosen. Make them again.")
    return clip.glance

"""From stored features to vectors: what a clip's chosen frames show together, and what each shows alone.

The encoder is fitted on the training clips only and travels with the model. Motion becomes Fisher vectors
(`vocabulary.py`), kept as sums a candidate, so that any choice of frames is pooled by adding; appearance is
averaged. Both halves are brought to length 1 before they are joined, with a weight between them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.ml.errors import BadFile, TooLittle
from training.ml.features.clip import APPEARANCE_DIM, ClipFeatures
from training.ml.glimpses import Glimpses, glance_in
from training.ml.mixture import unit
from training.ml.recipes.motion import MotionRecipe
from training.ml.vocabulary import Sizes, Vocabulary

Floats = npt.NDArray[np.float32]
_GLANCE = "glance."


@dataclass(frozen=True)
class EncodedClip:
    """N candidates of one clip as the selector (x) and the classifier (appearance, fisher) take them."""

    ordinals_N: npt.NDArray[np.int32]
    x_ND: Floats
    """X_i of SMART: what a glance tells, or [v : g : m], appearance, class names (with GloVe), motion.

    Each part is of length 1.
    """
    appearance_ND: Floats
    """Centred appearance, before normalisation: what `Encoder.pool` averages."""
    fisher_NF: Floats
    """Fisher sums of each candidate's snippet, all channels beside each other, not normalised."""
    motion_N: Floats
    """How much moves around each candidate, as its features tell."""

    def __len__(self) -> int:
        return len(self.ordinals_N)

    def only(self, places: npt.ArrayLike) -> "EncodedClip":
        """The candidates at these places alone, as if the clip had no others."""
        at = np.asarray(places, np.int64)
        return EncodedClip(
            self.ordinals_N[at], self.x_ND[at], self.appearance_ND[at], self.fisher_NF[at], self.motion_N[at]
        )


@dataclass(frozen=True)
class Encoder:
    """Fitted by `fit`, stored by `to_tensors`."""

    words: Vocabulary
    appearance_mean_D: Tensor
    concepts_KG: Tensor | None
    """A word vector for each ImageNet class; None: visual only."""
    appearance_share: float
    scale: float
    glimpses: Glimpses | None = None
    """By which frames are chosen where that takes but a glance."""

    @classmethod
    def fit(
        cls, clips: Sequence[ClipFeatures], *, recipe: MotionRecipe, seed: int, glove: Floats | None = None
    ) -> "Encoder":
        """Fit on the training clips. `glove`: (classes, G) word vectors of the network's ImageNet classes.

        The same clips in the same order, seed and number of threads give the same encoder. Raises TooLittle
        without clips.
        """
        if not clips:
            raise TooLittle("There is no clip to fit an encoder on.")
        means = [clip.appearance_ND.astype(np.float32).mean(0) for clip in clips]
        sizes = Sizes(recipe.components, recipe.words, recipe.latent, recipe.sample, recipe.rounds)
        return cls(
            Vocabulary.fit(clips, sizes, torch.Generator().manual_seed(seed)),
            torch.from_numpy(np.stack(means).mean(0)),
            None if glove is None else torch.from_numpy(np.ascontiguousarray(glove, np.float32)),
            recipe.appearance_share,
            recipe.scale,
            Glimpses.fit(clips, recipe=recipe, seed=seed),
        )

    @property
    def fisher_width(self) -> int:
        """Length of a clip's Fisher vector, all channels."""
        return self.words.width

    @property
    def width(self) -> int:
        """F: length of a pooled clip."""
        return APPEARANCE_DIM + self.fisher_width

    @property
    def x_width(self) -> int:
        """D: length of X_i."""
        if self.glimpses is not None:
            return self.glimpses.width
        concepts = 0 if self.concepts_KG is None else self.concepts_KG.shape[1]
        return APPEARANCE_DIM + concepts + self.words.latent_width

    def encode(self, clip: ClipFeatures) -> EncodedClip:
        """The vectors of one clip's candidates."""
        appearance_ND, fisher_NF = self._shown(clip)
        if self.glimpses is not None:
            x_ND = self.glimpses.x(glance_in(clip))
        else:
            x_ND = self._x(clip, appearance_ND, fisher_NF).numpy()
        return EncodedClip(clip.ordinals_N, x_ND, appearance_ND.numpy(), fisher_NF.numpy(), clip.motion_N)

    def pool_read(self, clip: ClipFeatures) -> Floats:
        """The vector (F,) of a clip of which nothing was read but the candidates that were chosen."""
        appearance_ND, fisher_NF = self._shown(clip)
        pooled: Floats = self._joined(appearance_ND.mean(0, True), fisher_NF.sum(0, True))[0].numpy()
        return pooled

    def pool(self, clip: EncodedClip, chosen: npt.ArrayLike) -> Floats:
        """The vector (F,) of the chosen candidates (indices into the clip's candidates, at least one)."""
        pooled: Floats = self.pool_each([clip], [chosen])[0].numpy()
        return pooled

    def pool_each(self, clips: Sequence[EncodedClip], chosen: Sequence[npt.ArrayLike]) -> Tensor:
        """x_BF of several clips, each pooled over its own choice: much faster than one by one."""
        places = [np.asarray(each, np.int64) for each in chosen]
        pairs = list(zip(clips, places, strict=True))
        appearance_BD = torch.from_numpy(np.stack([clip.appearance_ND[at].mean(0) for clip, at in pairs]))
        fisher_BF = torch.from_numpy(np.stack([clip.fisher_NF[at].sum(0) for clip, at in pairs]))
        return self._joined(appearance_BD, fisher_BF)

    def to_tensors(self) -> dict[str, Tensor]:
        """Everything the encoder is, by name, for the model's safetensors file."""
        tensors = {
            "appearance_mean_D": self.appearance_mean_D,
            "shares": torch.tensor([self.appearance_share, self.scale], dtype=torch.float64),
            **self.words.to_tensors(),
        }
        if self.concepts_KG is not None:
            tensors["concepts_KG"] = self.concepts_KG
        if self.glimpses is not None:
            tensors |= {f"{_GLANCE}{name}": each for name, each in self.glimpses.to_tensors().items()}
        return {name: tensor.contiguous() for name, tensor in tensors.items()}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> "Encoder":
        """The encoder that `to_tensors` wrote; other names beside its own are let be. Raises BadFile."""
        try:
            words = Vocabulary.from_tensors(tensors)
            glance = {
                name.removeprefix(_GLANCE): tensors[name] for name in tensors if name.startswith(_GLANCE)
            }
            glimpses = Glimpses.from_tensors(glance)
            share, scale = tensors["shares"].tolist()
            mean_D = tensors["appearance_mean_D"]
        except (KeyError, ValueError) as error:
            raise BadFile(f"The model's encoder is incomplete: {error}.") from error
        return cls(words, mean_D, tensors.get("concepts_KG"), share, scale, glimpses)

    def _shown(self, clip: ClipFeatures) -> tuple[Tensor, Tensor]:
        """Of each candidate what the classifier may see: centred appearance, Fisher sums."""
        appearance_ND = torch.from_numpy(clip.appearance_ND.astype(np.float32)) - self.appearance_mean_D
        return appearance_ND, self.words.fisher(clip)

    def _x(self, clip: ClipFeatures, appearance_ND: Tensor, fisher_NF: Tensor) -> Tensor:
        parts = [unit(appearance_ND)]
        if self.concepts_KG is not None:
            parts.append(unit(self.concepts_KG[torch.from_numpy(clip.concept_NK.astype(np.int64))].mean(1)))
        return torch.cat([*parts, self.words.latent(fisher_NF)], dim=1)

    def _joined(self, appearance_BD: Tensor, fisher_BF: Tensor) -> Tensor:
        halves = [unit(appearance_BD) * self.appearance_share, self.words.normalised(fisher_BF)]
        return unit(torch.cat(halves, dim=1)) * self.scale

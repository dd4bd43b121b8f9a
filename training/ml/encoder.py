"""From stored features to vectors: what a clip's chosen frames show together, and what each shows alone.

The encoder is fitted on the training clips only and travels with the model. Motion becomes Fisher vectors
(`mixture.py`), kept as sums a candidate, so that any choice of frames is pooled by adding; appearance is
averaged. Both halves are brought to length 1 before they are joined, with a weight between them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.ml.errors import BadFile, TooLittle
from training.ml.features.clip import APPEARANCE_DIM, CHANNEL_DIMS, ClipFeatures
from training.ml.mixture import Components, Mixture, power, rows_of, unit
from training.ml.recipes.motion import MotionRecipe

Floats = npt.NDArray[np.float32]
_DESCRIPTORS_A_WORD = 20
"""A Gaussian needs about so many descriptors; with fewer there are fewer words, with none no motion half."""


@dataclass(frozen=True)
class EncodedClip:
    """N candidates of one clip as the selector (x) and the classifier (appearance, fisher) take them."""

    ordinals_N: npt.NDArray[np.int32]
    x_ND: Floats
    """X_i of SMART as [v : g : m]: appearance, class names (with GloVe), motion, each of length 1."""
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
class _Channel:
    """One channel of the motion descriptors: which columns, and their components and mixture."""

    columns: slice
    components: Components
    mixture: Mixture

    @property
    def width(self) -> int:
        """Length of the channel's Fisher vector."""
        return 2 * self.mixture.mean_KD.numel()

    def fisher(self, x_MP: Tensor, place_M3: Tensor, edges: Sequence[int]) -> Tensor:
        """Fisher sums (N, width); candidate n has rows edges[n]..edges[n+1]."""
        z_MD = torch.cat([self.components(x_MP[:, self.columns]), place_M3], dim=1)
        return self.mixture.fisher(z_MD, edges)


@dataclass(frozen=True)
class Encoder:
    """Fitted by `fit`, stored by `to_tensors`."""

    channels: tuple[_Channel, ...]
    appearance_mean_D: Tensor
    latent: Components | None
    """From a candidate's normalised Fisher vector to the motion part of X_i; None where nothing moved."""
    concepts_KG: Tensor | None
    """A word vector for each ImageNet class; None: visual only."""
    appearance_share: float
    scale: float

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
        generator = torch.Generator().manual_seed(seed)
        means, counts = [], []
        for clip in clips:
            means.append(clip.appearance_ND.astype(np.float32).mean(0))
            counts.append(len(clip))
        mean_D = torch.from_numpy(np.stack(means).mean(0))
        x_MP, place_M3 = _sampled(clips, recipe.sample, generator)
        words = min(recipe.words, len(x_MP) // _DESCRIPTORS_A_WORD)
        channels = _fit_channels(x_MP, place_M3, recipe, words, generator) if words else ()
        concepts_KG = None if glove is None else torch.from_numpy(np.ascontiguousarray(glove, np.float32))
        encoder = cls(channels, mean_D, None, concepts_KG, recipe.appearance_share, recipe.scale)
        if not channels:
            return encoder
        kept = torch.randperm(sum(counts), generator=generator)[: max(512, 2 * recipe.latent)]
        latent = _wide_components(encoder._moving(clips, counts, kept), recipe.latent)
        return cls(channels, mean_D, latent, concepts_KG, recipe.appearance_share, recipe.scale)

    @property
    def fisher_width(self) -> int:
        """Length of a clip's Fisher vector, all channels."""
        return sum(channel.width for channel in self.channels)

    @property
    def width(self) -> int:
        """F: length of a pooled clip."""
        return APPEARANCE_DIM + self.fisher_width

    @property
    def x_width(self) -> int:
        """D: length of X_i."""
        words = 0 if self.concepts_KG is None else self.concepts_KG.shape[1]
        return APPEARANCE_DIM + words + (0 if self.latent is None else self.latent.axes_DP.shape[1])

    def encode(self, clip: ClipFeatures) -> EncodedClip:
        """The vectors of one clip's candidates."""
        appearance_ND = torch.from_numpy(clip.appearance_ND.astype(np.float32)) - self.appearance_mean_D
        fisher_NF = self._fisher(clip)
        parts = [unit(appearance_ND)]
        if self.concepts_KG is not None:
            parts.append(unit(self.concepts_KG[torch.from_numpy(clip.concept_NK.astype(np.int64))].mean(1)))
        if self.latent is not None:
            parts.append(unit(self.latent(self._motion(fisher_NF))))
        x_ND = torch.cat(parts, dim=1).numpy()
        return EncodedClip(clip.ordinals_N, x_ND, appearance_ND.numpy(), fisher_NF.numpy(), clip.motion_N)

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
        joined_BF = torch.cat([unit(appearance_BD) * self.appearance_share, self._motion(fisher_BF)], dim=1)
        return unit(joined_BF) * self.scale

    def to_tensors(self) -> dict[str, Tensor]:
        """Everything the encoder is, by name, for the model's safetensors file."""
        tensors = {
            "appearance_mean_D": self.appearance_mean_D,
            "shares": torch.tensor([self.appearance_share, self.scale], dtype=torch.float64),
        }
        for n, channel in enumerate(self.channels):
            tensors |= {
                f"channel{n}.columns": torch.tensor([channel.columns.start, channel.columns.stop]),
                f"channel{n}.mean_D": channel.components.mean_D,
                f"channel{n}.axes_DP": channel.components.axes_DP,
                f"channel{n}.share_K": channel.mixture.share_K,
                f"channel{n}.mean_KD": channel.mixture.mean_KD,
                f"channel{n}.variance_KD": channel.mixture.variance_KD,
            }
        if self.latent is not None:
            tensors |= {"latent.mean_D": self.latent.mean_D, "latent.axes_DP": self.latent.axes_DP}
        if self.concepts_KG is not None:
            tensors["concepts_KG"] = self.concepts_KG
        return {name: tensor.contiguous() for name, tensor in tensors.items()}

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> "Encoder":
        """The encoder that `to_tensors` wrote; other names beside its own are let be. Raises BadFile."""
        try:
            channels: list[_Channel] = []
            while (name := f"channel{len(channels)}") + ".columns" in tensors:
                start, stop = tensors[f"{name}.columns"].tolist()
                components = Components(tensors[f"{name}.mean_D"], tensors[f"{name}.axes_DP"])
                mixture = Mixture(
                    *(tensors[f"{name}.{part}"] for part in ("share_K", "mean_KD", "variance_KD"))
                )
                channels.append(_Channel(slice(start, stop), components, mixture))
            latent = None
            if "latent.axes_DP" in tensors:
                latent = Components(tensors["latent.mean_D"], tensors["latent.axes_DP"])
            share, scale = tensors["shares"].tolist()
            mean_D = tensors["appearance_mean_D"]
        except (KeyError, ValueError) as error:
            raise BadFile(f"The model's encoder is incomplete: {error}.") from error
        return cls(tuple(channels), mean_D, latent, tensors.get("concepts_KG"), share, scale)

    def _fisher(self, clip: ClipFeatures) -> Tensor:
        """Fisher sums (N, fisher_width) of the candidates' snippets."""
        if not self.channels:
            return torch.zeros(len(clip), 0)
        x_MP, place_M3 = rows_of(clip.descriptors_MP), torch.from_numpy(clip.place_M3.astype(np.float32))
        edges = np.searchsorted(clip.owner_M, np.arange(len(clip) + 1)).tolist()
        return torch.cat([channel.fisher(x_MP, place_M3, edges) for channel in self.channels], dim=1)

    def _moving(self, clips: Sequence[ClipFeatures], counts: Sequence[int], kept_K: Tensor) -> Tensor:
        """The normalised Fisher vectors (K, F) of some of all clips' candidates, numbered one after another.

        Only those are held: of all of them a thousand clips would fill a gigabyte.
        """
        kept_KF = torch.empty(len(kept_K), self.fisher_width)
        stops = torch.tensor(counts).cumsum(0)
        clip_K = torch.searchsorted(stops, kept_K, right=True)
        for at in sorted(set(clip_K.tolist())):
            here_K = clip_K == at
            rows = kept_K[here_K] - (stops[at] - counts[at])
            kept_KF[here_K] = self._motion(self._fisher(clips[at]))[rows]
        return kept_KF

    def _motion(self, fisher_xF: Tensor) -> Tensor:
        """Fisher sums, power-normalised and of length 1 as a whole, each channel as heavy as the others."""
        if not self.channels:
            return fisher_xF
        parts = torch.split(fisher_xF, [channel.width for channel in self.channels], dim=-1)
        joined: Tensor = torch.cat([unit(power(part)) for part in parts], dim=-1)
        return joined.mul(len(parts) ** -0.5)


def _sampled(clips: Sequence[ClipFeatures], count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """About `count` descriptors and their places, as many of every clip."""
    each = -(-count // len(clips))
    rows, places = [], []
    for clip in clips:
        kept = torch.randperm(len(clip.descriptors_MP), generator=generator)[:each].numpy()
        rows.append(clip.descriptors_MP[kept])
        places.append(clip.place_M3[kept].astype(np.float32))
    return rows_of(np.concatenate(rows)), torch.from_numpy(np.concatenate(places))


def _fit_channels(
    x_MP: Tensor, place_M3: Tensor, recipe: MotionRecipe, words: int, generator: torch.Generator
) -> tuple[_Channel, ...]:
    channels, start = [], 0
    for width in CHANNEL_DIMS:
        columns = slice(start, start + width)
        components = Components.fit(x_MP[:, columns], recipe.components)
        z_MD = torch.cat([components(x_MP[:, columns]), place_M3], dim=1)
        mixture = Mixture.fit(z_MD, words, rounds=recipe.rounds, generator=generator)
        channels.append(_Channel(columns, components, mixture))
        start += width
    return tuple(channels)


def _wide_components(x_MF: Tensor, count: int) -> Components:
    """Principal components of few rows of many numbers, through the M x M matrix of their products."""
    mean_F = x_MF.mean(0)
    centred_MF = (x_MF - mean_F).double()
    values_M, vectors_MM = torch.linalg.eigh(centred_MF @ centred_MF.T)
    kept = values_M.flip(0) > values_M.max() * 1e-9
    axes_FP = (centred_MF.T @ vectors_MM.flip(1)[:, kept][:, :count]).T
    axes_FP = unit(axes_FP).T
    rows = axes_FP.abs().argmax(0)
    axes_FP = axes_FP * axes_FP[rows, torch.arange(axes_FP.shape[1])].sign()
    return Components(mean_F, axes_FP.float().contiguous())

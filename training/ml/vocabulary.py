"""Words of motion: what moves in a candidate's snippet as a Fisher vector over a learned vocabulary.

Each channel of a descriptor is brought to its principal components, beside which stands its place, and
counted by a mixture of Gaussians (`mixture.py`). The vectors are sums: candidates are joined by adding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.ml.features.clip import ClipFeatures
from training.ml.features.motion import CHANNEL_DIMS, Motion
from training.ml.mixture import Components, Mixture, power, rows_of, unit

_DESCRIPTORS_A_WORD = 20
"""A Gaussian needs about so many descriptors; with fewer there are fewer words, with none no vocabulary."""
Moving = Motion | ClipFeatures
"""How the candidates of a clip move."""


@dataclass(frozen=True)
class Sizes:
    """Of a vocabulary: principal components and words a channel, and dimensions of `Vocabulary.latent`."""

    components: int
    words: int
    latent: int
    sample: int
    """Descriptors that it is fitted on, at most."""
    rounds: int
    """Of expectation maximisation."""


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
class Vocabulary:
    """Fitted by `fit`, stored by `to_tensors`; without channels where nothing moved in what taught it."""

    channels: tuple[_Channel, ...]
    components: Components | None
    """From a candidate's normalised Fisher vector to few numbers; None without channels."""

    @classmethod
    def fit(cls, clips: Sequence[Moving], sizes: Sizes, generator: torch.Generator) -> "Vocabulary":
        """Learn words from at least one clip: the same from the same clips, in the same order."""
        x_MP, place_M3, counts = _sampled(clips, sizes.sample, generator)
        words = min(sizes.words, len(x_MP) // _DESCRIPTORS_A_WORD)
        if not words:
            return cls((), None)
        found = cls(_fit_channels(x_MP, place_M3, sizes, words, generator), None)
        kept = torch.randperm(sum(counts), generator=generator)[: max(512, 2 * sizes.latent)]
        return cls(found.channels, _wide_components(found._of_some(clips, counts, kept), sizes.latent))

    @property
    def width(self) -> int:
        """F: length of a Fisher vector, all channels."""
        return sum(channel.width for channel in self.channels)

    @property
    def latent_width(self) -> int:
        """Length of what `latent` gives."""
        return 0 if self.components is None else self.components.axes_DP.shape[1]

    def fisher(self, clip: Moving) -> Tensor:
        """Fisher sums (N, F) of the candidates' snippets."""
        if not self.channels:
            return torch.zeros(len(clip), 0)
        x_MP, place_M3 = rows_of(clip.descriptors_MP), torch.from_numpy(clip.place_M3.astype(np.float32))
        edges = np.searchsorted(clip.owner_M, np.arange(len(clip) + 1)).tolist()
        return torch.cat([channel.fisher(x_MP, place_M3, edges) for channel in self.channels], dim=1)

    def normalised(self, fisher_xF: Tensor) -> Tensor:
        """Fisher sums, power-normalised and of length 1 as a whole, each channel as heavy as the others."""
        if not self.channels:
            return fisher_xF
        parts = torch.split(fisher_xF, [channel.width for channel in self.channels], dim=-1)
        joined: Tensor = torch.cat([unit(power(part)) for part in parts], dim=-1)
        return joined.mul(len(parts) ** -0.5)

    def latent(self, fisher_NF: Tensor) -> Tensor:
        """Fisher sums as few numbers (N, latent_width), of length 1."""
        if self.components is None:
            return torch.zeros(len(fisher_NF), 0)
        return unit(self.components(self.normalised(fisher_NF)))

    def to_tensors(self) -> dict[str, Tensor]:
        """Everything it is, by name."""
        tensors: dict[str, Tensor] = {}
        for n, channel in enumerate(self.channels):
            tensors |= {
                f"channel{n}.columns": torch.tensor([channel.columns.start, channel.columns.stop]),
                f"channel{n}.mean_D": channel.components.mean_D,
                f"channel{n}.axes_DP": channel.components.axes_DP,
                f"channel{n}.share_K": channel.mixture.share_K,
                f"channel{n}.mean_KD": channel.mixture.mean_KD,
                f"channel{n}.variance_KD": channel.mixture.variance_KD,
            }
        if self.components is not None:
            tensors |= {"latent.mean_D": self.components.mean_D, "latent.axes_DP": self.components.axes_DP}
        return tensors

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> "Vocabulary":
        """The vocabulary that `to_tensors` wrote. Raises KeyError or ValueError for a part of one."""
        channels: list[_Channel] = []
        while (name := f"channel{len(channels)}") + ".columns" in tensors:
            start, stop = tensors[f"{name}.columns"].tolist()
            components = Components(tensors[f"{name}.mean_D"], tensors[f"{name}.axes_DP"])
            mixture = Mixture(*(tensors[f"{name}.{part}"] for part in ("share_K", "mean_KD", "variance_KD")))
            channels.append(_Channel(slice(start, stop), components, mixture))
        latent = None
        if "latent.axes_DP" in tensors:
            latent = Components(tensors["latent.mean_D"], tensors["latent.axes_DP"])
        return cls(tuple(channels), latent)

    def _of_some(self, clips: Sequence[Moving], counts: Sequence[int], kept_K: Tensor) -> Tensor:
        """The normalised Fisher vectors (K, F) of some of all clips' candidates, numbered one after another.

        Only those are held: of all of them a thousand clips would fill a gigabyte.
        """
        kept_KF = torch.empty(len(kept_K), self.width)
        stops = torch.tensor(counts).cumsum(0)
        clip_K = torch.searchsorted(stops, kept_K, right=True)
        for at in sorted(set(clip_K.tolist())):
            here_K = clip_K == at
            rows = kept_K[here_K] - (stops[at] - counts[at])
            kept_KF[here_K] = self.normalised(self.fisher(clips[at]))[rows]
        return kept_KF


def _sampled(
    clips: Sequence[Moving], count: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, list[int]]:
    """About `count` descriptors and their places, as many of every clip; and how many candidates each has.

    In one pass, because every look at a clip may read its file.
    """
    each = -(-count // len(clips))
    rows, places, counts = [], [], []
    for clip in clips:
        counts.append(len(clip))
        kept = torch.randperm(len(clip.descriptors_MP), generator=generator)[:each].numpy()
        rows.append(clip.descriptors_MP[kept])
        places.append(clip.place_M3[kept].astype(np.float32))
    return rows_of(np.concatenate(rows)), torch.from_numpy(np.concatenate(places)), counts


def _fit_channels(
    x_MP: Tensor, place_M3: Tensor, sizes: Sizes, words: int, generator: torch.Generator
) -> tuple[_Channel, ...]:
    channels, start = [], 0
    for width in CHANNEL_DIMS:
        columns = slice(start, start + width)
        components = Components.fit(x_MP[:, columns], sizes.components)
        z_MD = torch.cat([components(x_MP[:, columns]), place_M3], dim=1)
        mixture = Mixture.fit(z_MD, words, rounds=sizes.rounds, generator=generator)
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

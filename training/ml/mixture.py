"""Principal components, Gaussian mixtures and Fisher vectors.

Fisher vectors: Perronnin, Sanchez, Mensink, "Improving the Fisher Kernel" (ECCV 2010), sections 2 and 3.
Before they are normalised they are sums over descriptors, so snippets are joined by adding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

_FLOOR = 1e-2
"""No variance of a mixture falls below this part of the data's own."""


@dataclass(frozen=True)
class Components:
    """The directions in which descriptors differ most: z = (x - mean_D) @ axes_DP."""

    mean_D: Tensor
    axes_DP: Tensor

    @classmethod
    def fit(cls, x_MD: Tensor, count: int) -> "Components":
        """Principal components of M descriptors, at most `count`; each axis points to its largest entry."""
        mean_D = x_MD.mean(0)
        centred_MD = (x_MD - mean_D).double()
        _, vectors_DD = torch.linalg.eigh(centred_MD.T @ centred_MD)
        axes_DP = vectors_DD.flip(1)[:, :count]
        rows = axes_DP.abs().argmax(0)
        axes_DP = axes_DP * axes_DP[rows, torch.arange(axes_DP.shape[1])].sign()
        return cls(mean_D, axes_DP.float().contiguous())

    def __call__(self, x_MD: Tensor) -> Tensor:
        """The components (M, P) of descriptors."""
        return (x_MD - self.mean_D) @ self.axes_DP


@dataclass(frozen=True)
class Mixture:
    """A mixture of K Gaussians with diagonal covariances."""

    share_K: Tensor
    mean_KD: Tensor
    variance_KD: Tensor

    @classmethod
    def fit(cls, z_MD: Tensor, words: int, *, rounds: int, generator: torch.Generator) -> "Mixture":
        """Expectation maximisation from `words` rows drawn far from each other (k-means++)."""
        floor_D = z_MD.var(0, correction=0) * _FLOOR + 1e-8
        mean_KD = _far_apart(z_MD / floor_D.sqrt(), words, generator) * floor_D.sqrt()
        variance_KD = (floor_D / _FLOOR).expand_as(mean_KD) / words ** (2 / z_MD.shape[1])
        mixture = cls(torch.full((len(mean_KD),), 1 / len(mean_KD)), mean_KD, variance_KD)
        for _ in range(rounds):
            mixture = mixture._better(z_MD, floor_D)
        return mixture

    def posterior(self, z_MD: Tensor) -> Tensor:
        """How much each of the K Gaussians accounts for each row: (M, K), rows sum to 1."""
        precision_KD = 1 / self.variance_KD
        far_MK = (
            z_MD.square() @ precision_KD.T
            - 2 * z_MD @ (self.mean_KD * precision_KD).T
            + (self.mean_KD.square() * precision_KD).sum(1)
        )
        log_K = self.share_K.log() - self.variance_KD.log().sum(1) / 2
        return torch.softmax(log_K - far_MK / 2, dim=1)

    def fisher(self, z_MD: Tensor, edges: Sequence[int]) -> Tensor:
        """Sums over rows edges[n]..edges[n + 1] of the gradient towards means and deviations: (N, 2 K D).

        Equations (16) and (17) of the journal version (IJCV 2013), before the division by the number of rows.
        """
        q_MK = self.posterior(z_MD)
        squared_MD = z_MD.square()
        deviation_KD, share_K1 = self.variance_KD.sqrt(), self.share_K[:, None]
        sums = []
        for start, stop in pairwise(edges):
            q_KM = q_MK[start:stop].T
            mass_K1 = q_KM.sum(1, keepdim=True)
            first_KD, second_KD = q_KM @ z_MD[start:stop], q_KM @ squared_MD[start:stop]
            to_mean_KD = (first_KD - mass_K1 * self.mean_KD) / (deviation_KD * share_K1.sqrt())
            spread_KD = second_KD - 2 * self.mean_KD * first_KD + mass_K1 * self.mean_KD.square()
            to_deviation_KD = (spread_KD / self.variance_KD - mass_K1) / (2 * share_K1).sqrt()
            sums.append(torch.cat([to_mean_KD.flatten(), to_deviation_KD.flatten()]))
        return torch.stack(sums)

    def _better(self, z_MD: Tensor, floor_D: Tensor) -> "Mixture":
        q_MK = self.posterior(z_MD)
        mass_K = q_MK.sum(0) + 1e-6
        mean_KD = q_MK.T @ z_MD / mass_K[:, None]
        square_KD = q_MK.T @ z_MD.square() / mass_K[:, None]
        variance_KD = torch.maximum(square_KD - mean_KD.square(), floor_D)
        return Mixture(mass_K / mass_K.sum(), mean_KD, variance_KD)


def _far_apart(x_MD: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """`count` rows, each drawn with a chance that grows with its squared distance to those before it."""
    chosen = [int(torch.randint(len(x_MD), (1,), generator=generator))]
    distance_M = (x_MD - x_MD[chosen[0]]).square().sum(1)
    for _ in range(count - 1):
        chance_M = distance_M + 1e-12
        chosen.append(int(torch.multinomial(chance_M, 1, generator=generator)))
        distance_M = torch.minimum(distance_M, (x_MD - x_MD[chosen[-1]]).square().sum(1))
    return x_MD[chosen]


def power(x: Tensor) -> Tensor:
    """sign(x) sqrt|x|: no single word speaks for the whole."""
    return x.sign() * x.abs().sqrt()


def unit(x: Tensor) -> Tensor:
    """Rows brought to length 1; rows of zeros stay zeros."""
    length: Tensor = torch.linalg.vector_norm(x, dim=-1, keepdim=True).clamp_min(1e-12)
    return x / length


def rows_of(descriptors: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> Tensor:
    """Stored descriptors as numbers in 0..1, float32."""
    return torch.from_numpy(descriptors.astype(np.float32) / 255.0)

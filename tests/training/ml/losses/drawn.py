"""Drawn logits, features and labels in float64, and the share of each class that logits give."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Floats = npt.NDArray[np.float64]


def logits(rows: int = 7, classes: int = 4, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(rows, classes, dtype=torch.float64, generator=generator) * 3


def features(rows: int = 8, width: int = 5, seed: int = 1) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(rows, width, dtype=torch.float64, generator=generator)


def shares(logits_BC: Tensor) -> Floats:
    x = logits_BC.detach().numpy()
    e = np.exp(x - x.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True))

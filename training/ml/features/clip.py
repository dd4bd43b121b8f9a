"""What is kept of a clip: the features of its candidate frames, in one safetensors file.

Everything downstream (encoder, selector, classifier) reads this and never a picture.
"""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.ml.arrays import Kinds, read_arrays, write_arrays
from training.ml.features.motion import CHANNEL_DIMS, Motion

Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]

DESCRIPTOR_DIM = sum(CHANNEL_DIMS)
APPEARANCE_DIM = 1280
CONCEPTS = 10
_MADE = "rushes_features"
_FACTS = {"recipe": str, "weights": str}

_TYPES: Kinds = {
    "ordinals_N": (np.int32, 1),
    "appearance_ND": (np.float16, 2),
    "concept_NK": (np.int16, 2),
    "concept_p_NK": (np.float16, 2),
    "motion_N": (np.float32, 1),
    "descriptors_MP": (np.uint8, 2),
    "owner_M": (np.int16, 1),
    "place_M3": (np.float16, 2),
}
_GLANCE = "glance_"
_GLANCED: Kinds = {f"{_GLANCE}{each.name}": _TYPES[each.name] for each in fields(Motion)}


@dataclass(frozen=True)
class ClipFeatures:
    """N candidates and M motion descriptors of one clip."""

    ordinals_N: npt.NDArray[np.int32]
    """The candidates' numbers in their video, strictly ascending."""
    appearance_ND: Halves
    """MobileNetV2's pooled features."""
    concept_NK: npt.NDArray[np.int16]
    """The ten most likely ImageNet classes of each candidate (rows of the network's own classifier)."""
    concept_p_NK: Halves
    """Their probabilities, falling."""
    motion_N: Floats
    """Mean |flow| over the candidate's snippet, in px of the small picture per 1/15 s."""
    descriptors_MP: npt.NDArray[np.uint8]
    """Square-rooted L1-normalised histograms of the CHANNELS, times 255."""
    owner_M: npt.NDArray[np.int16]
    """Which candidate's snippet a descriptor lies in, ascending."""
    place_M3: Halves
    """x and y in the box in which the clip moves (-1..1 inside), and time in the clip (0..1)."""
    recipe: str
    """The fingerprint of the feature recipe."""
    weights: str
    """SHA-256 of the appearance network's weights; "none" for a network of random numbers."""
    glance: Motion | None = None
    """What a quick look tells of the same candidates, where the recipe has one."""

    def __len__(self) -> int:
        return len(self.ordinals_N)

    def save(self, path: Path) -> None:
        """Write the file whole or not at all; equal features give equal bytes."""
        arrays = {name: getattr(self, name) for name in _TYPES}
        if self.glance is not None:
            arrays |= {name: getattr(self.glance, name.removeprefix(_GLANCE)) for name in _GLANCED}
        write_arrays(path, _MADE, arrays, {name: getattr(self, name) for name in _FACTS})

    @classmethod
    def load(cls, path: Path) -> "ClipFeatures":
        """Read a file that `save` wrote. Raises BadFile, with a sentence, for anything else."""
        arrays, facts = read_arrays(path, _MADE, _TYPES, _FACTS, "features file", _GLANCED)
        glanced = {name.removeprefix(_GLANCE): arrays.pop(name) for name in _GLANCED if name in arrays}
        return cls(**arrays, **facts, glance=Motion(**glanced) if glanced else None)

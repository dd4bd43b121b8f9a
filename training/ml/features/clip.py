"""What is kept of a clip: the features of its candidate frames, in one safetensors file.

Everything downstream (encoder, selector, classifier) reads this and never a picture.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from training.ml.errors import BadFile

Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]

CHANNELS = ("hof", "mbhx", "mbhy", "hog")
"""The channels of a motion descriptor, in the order in which they lie in a row."""
CHANNEL_DIMS = (72, 64, 64, 64)
DESCRIPTOR_DIM = sum(CHANNEL_DIMS)
APPEARANCE_DIM = 1280
CONCEPTS = 10
_MADE = "rushes_features"

_TYPES: dict[str, tuple[type[np.generic], int]] = {
    "ordinals_N": (np.int32, 1),
    "appearance_ND": (np.float16, 2),
    "concept_NK": (np.int16, 2),
    "concept_p_NK": (np.float16, 2),
    "motion_N": (np.float32, 1),
    "descriptors_MP": (np.uint8, 2),
    "owner_M": (np.int16, 1),
    "place_M3": (np.float16, 2),
}


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

    def __len__(self) -> int:
        return len(self.ordinals_N)

    def save(self, path: Path) -> None:
        """Write the file whole or not at all; equal features give equal bytes."""
        arrays = {name: np.ascontiguousarray(getattr(self, name)) for name in _TYPES}
        part = path.with_name(path.name + ".part")
        # One entry only: the order in which several are written changes from process to process.
        made = json.dumps({"recipe": self.recipe, "weights": self.weights}, sort_keys=True)
        save_file(arrays, part, metadata={_MADE: made})
        os.replace(part, path)  # noqa: PTH105 - Path.replace is the same call

    @classmethod
    def load(cls, path: Path) -> "ClipFeatures":
        """Read a file that `save` wrote. Raises BadFile, with a sentence, for anything else."""
        try:
            with safe_open(path, framework="numpy") as file:
                facts = json.loads((file.metadata() or {}).get(_MADE, "{}"))
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
        except (OSError, SafetensorError, ValueError) as error:
            raise BadFile(f"The features file {path.name} cannot be read: {error}.") from error
        wrong = [
            name
            for name, (kind, axes) in _TYPES.items()
            if name not in arrays or arrays[name].dtype != kind or arrays[name].ndim != axes
        ]
        if wrong or not {"recipe", "weights"} <= facts.keys():
            raise BadFile(f"The features file {path.name} lacks {', '.join(wrong) or 'its recipe'}.")
        return cls(
            **{name: arrays[name] for name in _TYPES}, recipe=facts["recipe"], weights=facts["weights"]
        )

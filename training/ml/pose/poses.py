"""What is kept of a clip's poses, in one safetensors file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.ml.arrays import Kinds, read_arrays, write_arrays
from training.ml.pose.joints import Floats, Numbers

_MADE = "rushes_poses"
_TYPES: Kinds = {
    "ordinals_T": (np.int32, 1),
    "people_M": (np.int32, 1),
    "joints_TMV3": (np.float32, 4),
}
_FACTS = {"layout": str, "width": int, "height": int, "weights": str, "recipe": str}


@dataclass(frozen=True)
class Poses:
    """M people in T frames of a clip; a person keeps their place M in all of them."""

    ordinals_T: npt.NDArray[np.int32]
    """The frames' numbers in their video, strictly ascending."""
    people_M: npt.NDArray[np.int32]
    """A number for each person; who is seen most surely comes first."""
    joints_TMV3: Floats
    """x, y in px of the frame, and confidence 0..1; (0, 0, 0) where a joint, or a person, was not seen."""
    layout: str
    """The graph's name that says which joint is which: "cpm14", "openpose25"."""
    width: int
    """Px of the frame."""
    height: int
    weights: str = ""
    """SHA-256 of the pose network's weights; empty where poses were read from files."""
    recipe: str = ""
    """The fingerprint of the recipe by which they were read; empty where none was."""

    def __len__(self) -> int:
        return len(self.ordinals_T)

    def save(self, path: Path) -> None:
        """Write the file whole or not at all; equal poses give equal bytes."""
        arrays = {name: getattr(self, name) for name in _TYPES}
        write_arrays(path, _MADE, arrays, {name: getattr(self, name) for name in _FACTS})

    @classmethod
    def load(cls, path: Path) -> "Poses":
        """Read a file that `save` wrote. Raises BadFile, with a sentence, for anything else."""
        arrays, facts = read_arrays(path, _MADE, _TYPES, _FACTS, "poses file")
        return cls(**arrays, **facts)


def normalised(joints_V3: Numbers, width: int, height: int) -> Floats:
    """Joints (..., V, 3) with x and y in -0.5..0.5 of the frame, as ST-GCN has them; missing ones stay 0."""
    centred_V3 = np.asarray(joints_V3, np.float32).copy()
    centred_V3[..., :2] = centred_V3[..., :2] / (width, height) - 0.5
    centred_V3[joints_V3[..., 2] == 0] = 0
    return centred_V3


def most_certain(joints_TMV3: Numbers, people: int = 2) -> Floats:
    """The `people` persons of the most mean confidence, by falling confidence; nobody fills the rest."""
    frames, there, joints, _ = joints_TMV3.shape
    order = np.argsort(-joints_TMV3[..., 2].mean((0, 2)), kind="stable")[:people]
    kept_TMV3 = np.zeros((frames, people, joints, 3), np.float32)
    kept_TMV3[:, : min(there, people)] = joints_TMV3[:, order]
    return kept_TMV3

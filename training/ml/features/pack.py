"""What is kept of a clip for a network: the pictures, or the flow, of its moments, in one safetensors file.

Pictures are JPEG, flow too (u above v, grey), so a clip takes some hundred kilobytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from training.ml.arrays import Arrays, Kinds, read_arrays, write_arrays
from training.ml.errors import BadFile

Pixels = npt.NDArray[np.uint8]

QUALITY = 92
_MADE = "rushes_pack"
_TYPES: Kinds = {"ordinals_P": (np.int32, 1), "sizes": (np.int32, 1), "jpegs": (np.uint8, 1)}
_FACTS = {"channels": int, "recipe": str, "weights": str}


@dataclass(frozen=True)
class ClipPack:
    """P moments of L pictures each, all of one size."""

    ordinals_P: npt.NDArray[np.int32]
    """The number in the video of each moment's first frame, ascending."""
    channels: int
    """3: pictures, RGB. 2: flow, u and v as `training.ml.flow` stores them."""
    jpegs: tuple[bytes, ...]
    """P * L of them, moment by moment."""
    recipe: str
    """The fingerprint of what was read."""
    weights: str = "none"
    """Pixels need no weights."""

    def __len__(self) -> int:
        return len(self.ordinals_P)

    @property
    def frames(self) -> int:
        """L."""
        return len(self.jpegs) // len(self.ordinals_P)

    def at(self, places: Sequence[int]) -> Pixels:
        """The pictures (K, L, H, W, channels) of some moments. Raises BadFile for one that cannot be read."""
        each = self.frames
        wanted = [self.jpegs[place * each + n] for place in places for n in range(each)]
        pictures = np.stack([unpacked(jpeg, self.channels) for jpeg in wanted])
        return pictures.reshape(len(places), each, *pictures.shape[1:])

    def save(self, path: Path) -> None:
        """Write the file whole or not at all; equal packs give equal bytes."""
        arrays: Arrays = {
            "ordinals_P": self.ordinals_P,
            "sizes": np.array([len(jpeg) for jpeg in self.jpegs], np.int32),
            "jpegs": np.frombuffer(b"".join(self.jpegs), np.uint8),
        }
        write_arrays(path, _MADE, arrays, {name: getattr(self, name) for name in _FACTS})

    @classmethod
    def load(cls, path: Path) -> "ClipPack":
        """Read a file that `save` wrote. Raises BadFile, with a sentence, for anything else."""
        arrays, facts = read_arrays(path, _MADE, _TYPES, _FACTS, "packed clip")
        ordinals_P, sizes, whole = arrays["ordinals_P"], arrays["sizes"], arrays["jpegs"].tobytes()
        stops = np.cumsum(sizes)
        if not len(ordinals_P) or len(sizes) % len(ordinals_P) or stops[-1] != len(whole):
            raise BadFile(f"The packed clip {path.name} is not whole.")
        jpegs = tuple(whole[stop - size : stop] for stop, size in zip(stops, sizes, strict=True))
        return cls(ordinals_P, jpegs=jpegs, **facts)


def packed(picture: Pixels) -> bytes:
    """A picture (H, W, 3) in RGB, or flow (H, W, 2), as JPEG."""
    flow = picture.shape[2] == 2
    laid = np.concatenate([picture[:, :, 0], picture[:, :, 1]]) if flow else picture[:, :, ::-1]
    done, data = cv2.imencode(".jpg", laid, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:  # cv2 says no more
        raise BadFile("A picture of the clip could not be packed.")
    return data.tobytes()


def packed_whole(picture: Pixels) -> bytes:
    """A picture (H, W, 3) in RGB as PNG, which loses nothing."""
    done, data = cv2.imencode(".png", picture[:, :, ::-1])
    if not done:  # cv2 says no more
        raise BadFile("A picture could not be packed.")
    return data.tobytes()


def unpacked(jpeg: bytes, channels: int) -> Pixels:
    """What was packed: (H, W, channels). Raises BadFile where it is damaged."""
    how = cv2.IMREAD_GRAYSCALE if channels == 2 else cv2.IMREAD_COLOR
    found = cv2.imdecode(np.frombuffer(jpeg, np.uint8), how)
    if found is None:
        raise BadFile("A picture of a packed clip is damaged.")
    if channels == 2:
        half = len(found) // 2
        return np.stack([found[:half], found[half:]], axis=2)
    return np.ascontiguousarray(found[:, :, ::-1], np.uint8)

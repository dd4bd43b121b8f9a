"""What is kept of a clip for a recipe of several parts: the file that each part keeps, in one."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from training.ml.arrays import Kinds, read_arrays, write_arrays
from training.ml.errors import BadFile

_MADE = "rushes_bundle"
_TYPES: Kinds = {"sizes": (np.int64, 1), "whole": (np.uint8, 1)}
_FACTS = {"names": list, "missing": dict, "frames": int, "recipe": str, "weights": str}


class Kept(Protocol):
    """What a part keeps of a clip."""

    def save(self, path: Path) -> None:
        """Write the file whole or not at all."""

    def __len__(self) -> int:
        """Frames that are told of."""


@dataclass(frozen=True)
class ClipBundle:
    """The files of a clip's parts by the names of their recipes, at least one."""

    files: Mapping[str, bytes]
    missing: Mapping[str, str]
    """By part, the sentence why it could keep nothing of this clip."""
    frames: int
    """Of which the part with the most tells."""
    recipe: str
    """The fingerprint of the recipe."""
    weights: str
    """SHA-256 of the weights by which each part reads clips, by `recipes.fusion.together`."""

    def __len__(self) -> int:
        return self.frames

    @classmethod
    def of(
        cls, parts: Mapping[str, Kept], missing: Mapping[str, str], *, recipe: str, weights: str
    ) -> "ClipBundle":
        """Bundle what the parts keep."""
        with tempfile.TemporaryDirectory() as room:
            files = {}
            for name, part in parts.items():
                part.save(Path(room) / "part")
                files[name] = (Path(room) / "part").read_bytes()
        return cls(files, missing, max(map(len, parts.values())), recipe, weights)

    def unpack(self, folder: Path, stem: str) -> dict[str, Path]:
        """Write each part's file as `folder/PART/stem.safetensors`, as the part reads it; where, by part."""
        paths = {}
        for name, content in self.files.items():
            paths[name] = folder / name / f"{stem}.safetensors"
            paths[name].parent.mkdir(parents=True, exist_ok=True)
            paths[name].write_bytes(content)
        return paths

    def save(self, path: Path) -> None:
        """Write the file whole or not at all; equal bundles give equal bytes."""
        sizes = np.array([len(each) for each in self.files.values()], np.int64)
        whole = np.frombuffer(b"".join(self.files.values()), np.uint8)
        facts = {"names": list(self.files), "missing": dict(self.missing), "frames": self.frames}
        facts |= {"recipe": self.recipe, "weights": self.weights}
        write_arrays(path, _MADE, {"sizes": sizes, "whole": whole}, facts)

    @classmethod
    def load(cls, path: Path) -> "ClipBundle":
        """Read a file that `save` wrote. Raises BadFile, with a sentence, for anything else."""
        arrays, facts = read_arrays(path, _MADE, _TYPES, _FACTS, "bundle of a clip")
        names, whole = facts.pop("names"), arrays["whole"].tobytes()
        stops = np.cumsum(arrays["sizes"]).tolist()
        if not names or len(names) != len(stops) or stops[-1] != len(whole):
            raise BadFile(f"The bundle of a clip {path.name} is not whole.")
        starts = [0, *stops[:-1]]
        files = {name: whole[a:b] for name, a, b in zip(names, starts, stops, strict=True)}
        return cls(files, **facts)

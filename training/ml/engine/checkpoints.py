"""What a run has learned so far, on disk, so that a killed run goes on and ends as if nothing had happened.

A checkpoint is one safetensors file; what is not a tensor lies in its header as JSON. It is written beside
its place, synced, and renamed: there is the old one or the new one and never a half.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

_HEADER = "rushes"  # one key: safetensors writes several in an order that changes from run to run
_NAME = "run.json"


@dataclass(frozen=True)
class Slot:
    """A place for one checkpoint, which each `save` overwrites."""

    folder: Path
    name: str

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.folder / f"{self.name}.safetensors"

    def save(self, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
        """Keep these tensors and facts (anything JSON holds, no NaN)."""
        put(self.path, packed(tensors, facts))

    def load(self) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """What was kept last; None if nothing was, or nothing that can be read."""
        try:
            return unpacked(self.path)
        except (OSError, SafetensorError, ValueError, KeyError):
            return None


def packed(tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> bytes:
    """A safetensors file with `facts` in its header; equal content gives equal bytes."""
    header = json.dumps(facts, sort_keys=True, allow_nan=False)
    whole = {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}
    return bytes(save(whole, metadata={_HEADER: header}))


def unpacked(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read what `packed` made. Raises OSError, SafetensorError, ValueError or KeyError."""
    with safe_open(path, framework="pt") as file:
        facts = json.loads((file.metadata() or {})[_HEADER])
        return {name: file.get_tensor(name) for name in file.keys()}, facts  # noqa: SIM118 - no mapping


def put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and have it on the disk before returning."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    settle(part, path)


def settle(part: Path, path: Path) -> None:
    """Give a synced file its name, and sync the folder that says so."""
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def opened(folder: Path, fingerprint: str) -> bool:
    """Prepare the folder for the run with this fingerprint; whether there is something of it to go on from.

    What another run (other labels, another recipe, another seed) left there is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if json.loads((folder / _NAME).read_text())["fingerprint"] == fingerprint:
            return True
    except (OSError, ValueError, KeyError, TypeError):
        pass
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()
    put(folder / _NAME, json.dumps({"fingerprint": fingerprint}).encode())
    return False

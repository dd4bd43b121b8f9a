"""Files of weights: .pth, .pt, .pyth, .pth.tar and .safetensors, read without running what is in them."""

import hashlib
import pickle
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from training.ml.errors import BadFile

WRAPPERS = ("model_state", "state_dict", "model_state_dict", "model", "net", "network", "module", "weights")
"""Under which names publishers put the state dict beside epochs and optimisers; the first that is there."""
_multiarray: Any = np._core.multiarray  # type: ignore[attr-defined]
_NUMBERS = [
    # Scores and epochs are often numpy's numbers and arrays. These build such and nothing else; files of
    # numpy 1 call the room that they come from by another name.
    *(_multiarray.scalar, (_multiarray.scalar, "numpy.core.multiarray.scalar")),
    *(_multiarray._reconstruct, (_multiarray._reconstruct, "numpy.core.multiarray._reconstruct")),
    np.ndarray,
    np.dtype,
    *(type(np.dtype(kind)) for kind in (np.float64, np.float32, np.int64, np.int32, np.bool_)),
]


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds."""

    path: Path
    sha256: str
    """Of the whole file."""
    state: dict[str, Tensor]
    """Tensors by the publisher's names, on the CPU."""
    wrapper: str = ""
    """The name under which the tensors lay, parts joined by dots; empty where the file is nothing else."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Numbers and texts that lay beside them, as the epoch."""


def read(path: Path) -> Checkpoint:
    """The checkpoint in a file.

    Raises BadFile, with a sentence, for one that is missing, damaged, holds no tensors, or holds anything
    that would have to be run to be read.
    """
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadFile(f"The checkpoint {path} cannot be read: {error.strerror}.") from error
    if path.suffix == ".safetensors":
        return Checkpoint(path, sha256, *_safetensors(path))
    state, wrapper, facts = _unwrapped(_loaded(path), path)
    return Checkpoint(path, sha256, state, wrapper, facts)


def _safetensors(path: Path) -> tuple[dict[str, Tensor], str, dict[str, Any]]:
    try:
        with safe_open(path, framework="pt") as file:
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
            return state, "", dict(file.metadata() or {})
    except (OSError, SafetensorError) as error:
        raise BadFile(f"The checkpoint {path} is damaged: {error}.") from error


def _loaded(path: Path) -> Any:
    try:
        with torch.serialization.safe_globals(_NUMBERS):
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        found = re.search(r"GLOBAL ([\w.]+)", str(error))
        if found is None:
            raise BadFile(f"The checkpoint {path} is damaged, or is none: torch cannot read it.") from error
        raise BadFile(
            f"The checkpoint {path} holds a {found[1]}, which is more than tensors and numbers: opening it "
            "could run a program. Save only its state dict where it comes from, and give that."
        ) from error
    except (RuntimeError, EOFError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFile(f"The checkpoint {path} is damaged, or is none: torch cannot read it.") from error


def _unwrapped(held: Any, path: Path) -> tuple[dict[str, Tensor], str, dict[str, Any]]:
    if not isinstance(held, Mapping):
        raise BadFile(f"The checkpoint {path} holds a {type(held).__name__}, not tensors by their names.")
    tensors = {name: each for name, each in held.items() if isinstance(each, Tensor)}
    if tensors and not any(isinstance(held.get(name), Mapping) for name in WRAPPERS):
        return {str(name): each.detach() for name, each in tensors.items()}, "", _facts(held)
    for wrapper in WRAPPERS:
        if isinstance(held.get(wrapper), Mapping):
            state, inner, facts = _unwrapped(held[wrapper], path)
            return state, f"{wrapper}.{inner}".strip("."), _facts(held) | facts
    names = ", ".join(str(name) for name in list(held)[:8]) or "nothing"
    raise BadFile(
        f"The checkpoint {path} holds no tensors under {', '.join(WRAPPERS)}; what it holds is {names}."
    )


def _facts(held: Mapping[Any, Any]) -> dict[str, Any]:
    """What a person would want to know of it, and JSON can hold."""
    plain = {name: each.item() if isinstance(each, np.generic) else each for name, each in held.items()}
    return {str(name): each for name, each in plain.items() if isinstance(each, bool | int | float | str)}

"""Arrays and the facts of how they were made, in one safetensors file: whole or not there at all."""

import errno
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from training.ml.errors import BadFile

Arrays = Mapping[str, npt.NDArray[Any]]
Kinds = Mapping[str, tuple[type[np.generic], int]]
"""By name what a file must hold: type, and number of axes."""


def write_arrays(path: Path, made: str, arrays: Arrays, facts: Mapping[str, Any]) -> None:
    """Write a file of the sort `made`; equal content gives equal bytes.

    Raises OSError, with the file's name, where it cannot be written.
    """
    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    part = path.with_name(path.name + ".part")
    # One entry only: the order in which several are written changes from process to process.
    try:
        save_file(whole, part, metadata={made: json.dumps(facts, sort_keys=True)})
    except SafetensorError as error:
        raise _as_system_error(error, path) from error
    os.replace(part, path)  # noqa: PTH105 - Path.replace is the same call


def _as_system_error(error: SafetensorError, path: Path) -> OSError:
    """What the system said when a file was written: safetensors tells it in words only."""
    found = re.search(r"os error (\d+)", str(error))
    number = int(found[1]) if found else errno.EIO
    return OSError(number, os.strerror(number), str(path))


def read_arrays(
    path: Path,
    made: str,
    kinds: Kinds,
    facts: Mapping[str, type],
    what: str,
    optional: Kinds | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arrays and facts of a file that `write_arrays` wrote; others beside those asked for are left out.

    The `optional` arrays are there all together or not at all. Raises BadFile for anything else, with a
    sentence about "the `what`".
    """
    try:
        with safe_open(path, framework="numpy") as file:
            told = json.loads((file.metadata() or {}).get(made, "{}"))
            names = set(file.keys())
            if optional and names & optional.keys():
                kinds = {**kinds, **optional}
            there = {name: file.get_tensor(name) for name in names & kinds.keys()}
    except (OSError, SafetensorError, ValueError) as error:
        raise BadFile(f"The {what} {path.name} cannot be read: {error}.") from error
    wrong = [
        name
        for name, (kind, axes) in kinds.items()
        if name not in there or there[name].dtype != kind or there[name].ndim != axes
    ]
    wrong += [f"its {name}" for name, kind in facts.items() if not isinstance(told.get(name), kind)]
    if wrong:
        raise BadFile(f"The {what} {path.name} lacks {', '.join(wrong)}.")
    return there, {name: told[name] for name in facts}

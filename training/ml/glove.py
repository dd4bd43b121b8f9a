"""Word vectors (GloVe) for the names of classes: the g part of SMART's X_i.

Pennington, Socher, Manning: "GloVe: Global Vectors for Word Representation" (EMNLP 2014). A file has a line
`token v1 .. vd` a word. It is configured by whoever has one; without it only what is seen describes a frame.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.ml.errors import BadFile

Floats = npt.NDArray[np.float32]
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


def words(name: str) -> list[str]:
    """The words of a class's first name: "tiger cat, Felis" gives tiger, cat."""
    return [word for word in _BETWEEN_WORDS.split(name.split(",")[0].strip().lower()) if word]


def vectors(path: Path, wanted: Iterable[str]) -> tuple[dict[str, Floats], int]:
    """The vectors of the wanted words that the file holds, and their length.

    The file is read line by line and may be large. Raises BadFile, naming the line that is no word vector.
    """
    wanted, found, length = set(wanted), {}, 0
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                parts = line.rstrip("\r\n").split(" ")
                if number == 1:
                    length = len(parts) - 1
                # A few tokens hold blanks themselves: the numbers are the last ones.
                token = " ".join(parts[:-length]) if length else ""
                if length < 2 or not token:
                    raise BadFile(f"Line {number} of {path.name} is no word vector (`token v1 .. vd`).")
                if token in wanted and token not in found:
                    found[token] = _numbers(parts[-length:], number, path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"The word vectors {path.name} cannot be read: {error}.") from error
    if not length:
        raise BadFile(f"The word vectors {path.name} are empty.")
    return found, length


def class_vectors(path: Path, names: Sequence[str]) -> Floats:
    """One vector (classes, d) a class: the mean of its first name's known words, else zeros."""
    known, length = vectors(path, (word for name in names for word in words(name)))
    rows_KD = np.zeros((len(names), length), np.float32)
    for row_D, name in zip(rows_KD, names, strict=True):
        present = [known[word] for word in words(name) if word in known]
        if present:
            row_D[:] = np.mean(present, axis=0)
    return rows_KD


def _numbers(parts: list[str], line: int, path: Path) -> Floats:
    try:
        row = np.array(parts, np.float32)
    except ValueError as error:
        raise BadFile(f"Line {line} of {path.name} holds something that is no number.") from error
    if not np.isfinite(row).all():
        raise BadFile(f"Line {line} of {path.name} holds a number that is not finite.")
    return row

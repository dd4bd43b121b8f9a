"""Data sets by name: `read_dataset("ucf101", "/data/UCF101", protocol="split2").train`."""

import inspect
from pathlib import Path
from typing import Any, get_type_hints

from training.ml.datasets import protocols
from training.ml.datasets.base import Check, Dataset, Holds, Protocol, Sample, WrongProtocol
from training.ml.datasets.readers import READERS, Reader
from training.ml.errors import LearningError

__all__ = [
    "READERS",
    "Check",
    "Dataset",
    "Holds",
    "Protocol",
    "Reader",
    "Sample",
    "UnknownDataset",
    "WrongProtocol",
    "read_dataset",
]


class UnknownDataset(LearningError):  # noqa: N818
    """No reader has this name, or it has no such option."""


def read_dataset(name: str, root: Path | str, *, protocol: str = "", **options: Any) -> Dataset:
    """Read a data set from its files, parted by a protocol of its own or of those in `datasets.protocols`.

    Without `protocol` its first own one is in use, where it has any. `options` are those of the reader.
    Raises UnknownDataset, WrongProtocol, or what the reader raises: a LearningError that names the file, and
    the line where files have lines.
    """
    if name not in READERS:
        raise UnknownDataset(f"There is no reader named {name}; there are: {', '.join(sorted(READERS))}.")
    read = READERS[name].read
    known = set(inspect.signature(read).parameters) - {"root"}
    if unknown := sorted(set(options) - known):
        there = f"its options are {', '.join(sorted(known))}" if known else "it has none"
        raise UnknownDataset(f"The reader {name} has no option {', '.join(unknown)}; {there}.")
    for option, value in options.items():
        kind = get_type_hints(read)[option]
        if not isinstance(float(value) if isinstance(value, int) else value, kind):
            wanted = "a path" if kind == Path | str else "a number"
            raise UnknownDataset(f"The reader {name} takes {wanted} as {option}, not {value!r}.")
    found = read(Path(root), **options)
    return protocols.using(found, protocol) if protocol else found

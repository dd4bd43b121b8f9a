"""MATLAB files of level 5, spelled after "MAT-File Format" and not after what reads them."""

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]
Order = Literal["<", ">"]
_CLASSES = {"f8": (6, 9), "f4": (7, 7), "u1": (9, 2), "i2": (10, 3), "i4": (12, 5)}


def element(order: Order, kind: int, data: bytes) -> bytes:
    return struct.pack(f"{order}II", kind, len(data)) + data + b"\0" * (-len(data) % 8)


def small(order: Order, kind: int, data: bytes) -> bytes:
    """An element of at most four bytes, which lies within its tag."""
    return struct.pack(f"{order}I", len(data) << 16 | kind) + data.ljust(4, b"\0")


def matrix(order: Order, name: str, value: Numbers | Sequence[Numbers]) -> bytes:
    """An array of numbers, or a row of cells."""
    if isinstance(value, np.ndarray):
        flags, kind = _CLASSES[value.dtype.str[1:]]
        shape: tuple[int, ...] = value.shape
        content = element(order, kind, value.astype(value.dtype.newbyteorder(order)).tobytes("F"))
    else:
        flags, shape = 1, (1, len(value))
        content = b"".join(matrix(order, "", each) for each in value)
    head = element(order, 6, struct.pack(f"{order}II", flags, 0))
    head += element(order, 5, struct.pack(f"{order}{len(shape)}i", *shape))
    named = name.encode()
    head += small(order, 1, named) if 0 < len(named) <= 4 else element(order, 1, named)
    return element(order, 14, head + content)


def write_mat(
    path: Path, *, order: Order = "<", packed: bool = True, **variables: Numbers | Sequence[Numbers]
) -> Path:
    mark = b"IM" if order == "<" else b"MI"
    data = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack(f"{order}H", 0x0100) + mark
    for name, value in variables.items():
        whole = matrix(order, name, value)
        squeezed = zlib.compress(whole)
        data += struct.pack(f"{order}II", 15, len(squeezed)) + squeezed if packed else whole
    path.write_bytes(data)
    return path

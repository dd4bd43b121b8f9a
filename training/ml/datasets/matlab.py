"""Numbers and cells of MATLAB's .mat files of level 5 (what MATLAB writes unless told `-v7.3`).

MathWorks: "MAT-File Format", chapter 1. A file is a header of 128 bytes and elements: a tag of type and
size, and data padded to eight bytes; small ones lie within their tag; compressed ones are elements in zlib.
"""

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.ml.errors import BadFile

Array = npt.NDArray[Any]

_HEADER = 128
_MATRIX, _COMPRESSED = 14, 15
_CELL, _NUMBERS = 1, range(6, 16)
_TYPES = {
    1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8",
}  # fmt: skip


def read_variable(path: Path, name: str) -> Array:
    """One variable by its name: an array of numbers, or of arrays (dtype object) where it is a cell.

    Axes are MATLAB's. Raises BadFile, which names the file and the byte, for a file of another kind, a
    damaged one, one without the variable, or one that holds neither numbers nor cells under its name.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path.name} cannot be read: {error.strerror}.") from error
    order = _order(path, data)
    names = []
    for at, kind, content in _elements(path, data, _HEADER, order):
        inner_at = at
        if kind == _COMPRESSED:
            # Places within what was compressed mean nothing to a person: the element's own stands for them.
            inner = _inflated(path, at, content)
            _, kind, content = next(_elements(path, inner, 0, order), (0, 0, b""))
        if kind != _MATRIX:
            continue
        matrix = _matrix(path, inner_at, content, order)
        if matrix.name == name:
            return _value(path, inner_at, matrix, order)
        names.append(matrix.name)
    raise BadFile(f"{path.name} has no variable {name}; it has: {', '.join(names) or 'none'}.")


@dataclass(frozen=True)
class _Matrix:
    kind: int
    complex: bool
    shape: tuple[int, ...]
    name: str
    parts: list[tuple[int, bytes]]
    """Type and data of what follows the name."""


def _order(path: Path, data: bytes) -> str:
    """The byte order, as struct and numpy write it."""
    if data.startswith((b"MATLAB 7.3", b"\x89HDF")):
        raise BadFile(f"{path.name} is of MATLAB's format 7.3: save it again with the option -v7.")
    mark = data[126:128]
    if mark not in (b"IM", b"MI"):
        raise BadFile(
            f"{path.name} is no .mat file of level 5: its header does not end in IM or MI at byte 126."
        )
    return "<" if mark == b"IM" else ">"


def _elements(path: Path, data: bytes, start: int, order: str) -> Iterator[tuple[int, int, bytes]]:
    """Place, type and data of each element, one after the other."""
    at = start
    while at < len(data):
        if at + 8 > len(data):
            raise BadFile(f"{path.name} is cut off at byte {at}.")
        kind, size = struct.unpack_from(f"{order}II", data, at)
        if kind >> 16:  # small: the size lies above the type, the data in the other half of the tag
            kind, size = kind & 0xFFFF, kind >> 16
            if size > 4:
                raise BadFile(f"{path.name} is damaged at byte {at}.")
            yield at, kind, data[at + 4 : at + 4 + size]
            at += 8
            continue
        if at + 8 + size > len(data):
            raise BadFile(f"{path.name} is cut off: at byte {at} it promises {size} more bytes.")
        yield at, kind, data[at + 8 : at + 8 + size]
        # Only compressed elements are not padded.
        at += 8 + size + (0 if kind == _COMPRESSED else -size % 8)


def _inflated(path: Path, at: int, content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise BadFile(f"{path.name} is damaged at byte {at}: {error}.") from error


def _matrix(path: Path, at: int, content: bytes, order: str) -> _Matrix:
    parts = [(kind, part) for _, kind, part in _elements(path, content, 0, order)]
    if not parts:  # an empty cell's content
        return _Matrix(_NUMBERS[0], False, (0, 0), "", [(9, b"")])
    if len(parts) < 3 or len(parts[0][1]) != 8 or len(parts[1][1]) % 4:
        raise BadFile(f"{path.name} is damaged: the array at byte {at} has no flags, shape and name.")
    (flags,) = struct.unpack_from(f"{order}I", parts[0][1])
    shape = struct.unpack(f"{order}{len(parts[1][1]) // 4}i", parts[1][1])
    name = parts[2][1].decode("latin-1")
    return _Matrix(flags & 0xFF, bool(flags & 0x800), shape, name, parts[3:])


def _value(path: Path, at: int, matrix: _Matrix, order: str) -> Array:
    if matrix.kind == _CELL:
        inner = [_value(path, at, _matrix(path, at, part, order), order) for _, part in matrix.parts]
        _fits(path, at, matrix, len(inner))
        cells = np.empty(len(inner), object)
        cells[:] = inner
        return cells.reshape(matrix.shape, order="F")
    if matrix.kind not in _NUMBERS or matrix.complex or not matrix.parts:
        raise BadFile(
            f"{path.name} holds in {matrix.name or 'a cell'} (byte {at}) neither numbers nor cells."
        )
    kind, data = matrix.parts[0]
    if kind not in _TYPES or len(data) % int(_TYPES[kind][1]):
        raise BadFile(f"{path.name} is damaged: the array at byte {at} is of no known type.")
    numbers = np.frombuffer(data, order + _TYPES[kind])
    _fits(path, at, matrix, len(numbers))
    return numbers.astype(numbers.dtype.newbyteorder("=")).reshape(matrix.shape, order="F")


def _fits(path: Path, at: int, matrix: _Matrix, there: int) -> None:
    if min(matrix.shape, default=0) < 0 or math.prod(matrix.shape) != there:
        shape = " x ".join(map(str, matrix.shape))
        raise BadFile(
            f"{path.name} is damaged: the array at byte {at} is {shape}, but {there} values follow."
        )

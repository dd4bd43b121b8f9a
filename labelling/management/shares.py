"""A part of a table of labels, so that a demo has something left to label."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from math import ceil

from labelling.formats.labels_csv import LabelRow, LabelTable


def share_of(table: LabelTable, *, share: float, seed: int) -> LabelTable:
    """`share` (0 to 1) of the rows of each class, at least one; the same ones for the same seed, in order.

    The others are `left`: their clips are there to be labelled, and nobody says as what.
    """
    by_label: dict[str, list[LabelRow]] = defaultdict(list)
    for row in table.rows:
        by_label[row.label].append(row)
    kept = {row for rows in by_label.values() for row in _some(rows, share, seed)}
    return replace(
        table,
        rows=tuple(row for row in table.rows if row in kept),
        left=tuple(row for row in table.rows if row not in kept),
    )


def _some(rows: Sequence[LabelRow], share: float, seed: int) -> list[LabelRow]:
    return sorted(rows, key=lambda row: _lot(row, seed))[: ceil(share * len(rows))]


def _lot(row: LabelRow, seed: int) -> bytes:
    """Drawn by what the row is about, so that neither its place nor other rows matter."""
    return sha256(f"{seed}:{row.file}:{row.start}:{row.end}".encode()).digest()

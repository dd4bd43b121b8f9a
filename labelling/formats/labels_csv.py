"""`labels.csv`: which file shows what, by whom, seen by which camera, on which frames. Knows no Django.

    file,label,subject,camera,start,end
    gate/0001.mp4,walking,S01,gate,,
    yard.mp4,digging,,,120,480

The first line names the columns, in any order; only `file` and `label` must be there. `start` and `end` are
frame ordinals, half-open, both or neither: without them a row is about the whole recording. The text is
UTF-8, parted by commas, semicolons or tabs. Columns of other names are left alone.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

COLUMNS = ("file", "label", "subject", "camera", "start", "end")
NEEDED = ("file", "label")
DELIMITERS = ",;\t"
MAX_CELL = 400  # characters; a longer one is not a name
EXCERPT = 60

_ORDINAL = re.compile(r"[0-9]{1,9}")


class NotATable(ValueError):  # noqa: N818 - named after what happened
    """No line of this file could be used; its str is a sentence that says why."""


class _Bad(Exception):  # noqa: N818
    """What is wrong with one line, as the end of a sentence."""


@dataclass(frozen=True)
class LabelRow:
    """One line: `line` is its number in the file, `start` and `end` are None for the whole recording."""

    line: int
    file: str
    label: str
    subject: str = ""
    camera: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class BadLine:
    """A line that says nothing usable, and why, in a sentence that names it."""

    line: int
    sentence: str


@dataclass(frozen=True)
class LabelTable:
    """What a file holds: good rows and bad lines in their order, and the columns that mean nothing here.

    `left` are rows whose labels nobody wants, only their frames and subjects.
    """

    rows: tuple[LabelRow, ...] = ()
    bad: tuple[BadLine, ...] = ()
    ignored: tuple[str, ...] = ()
    left: tuple[LabelRow, ...] = ()

    @property
    def lines(self) -> int:
        """How many lines there are below the first, blank ones left out."""
        return len(self.rows) + len(self.bad) + len(self.left)


def read(data: bytes) -> LabelTable:
    """Read a file. Raises NotATable; a bad line is reported and does not stop the others."""
    text = _decoded(data)
    delimiter = _delimiter(text)
    lines = _lines(text, delimiter)
    _, header = next(lines, (1, []))
    if isinstance(header, csv.Error):
        raise NotATable(f"The first line of the file cannot be read: {header}.") from header
    places, ignored = _places(header)
    rows, bad = [], []
    for number, cells in lines:
        try:
            rows.append(_row(number, cells, places, len(header)))
        except _Bad as error:
            bad.append(BadLine(number, f"Line {number}{_excerpt(cells, delimiter)}: {error}."))
    return LabelTable(tuple(rows), tuple(bad), ignored)


def write(rows: Iterable[LabelRow]) -> str:
    """Write rows as a file that `read` reads back as the same rows; their line numbers are new ones."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")  # which quotes both of its characters
    writer.writerow(COLUMNS)
    for row in rows:
        frames = ("", "") if row.start is None else (row.start, row.end)
        writer.writerow((row.file, row.label, row.subject, row.camera, *frames))
    return out.getvalue()


def cleaned(cell: str) -> str:
    """A cell as it is understood: on one line, without blanks around it or in a row."""
    return " ".join("".join(c if c.isprintable() else " " for c in cell).split())


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotATable(f"Line {line} is not UTF-8 text. Save the file as CSV in UTF-8.") from error


def _delimiter(text: str) -> str:
    """What parts the names of the columns."""
    first = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Number and cells of each line that is not blank; the error instead where it is no CSV.

    A quoted cell may run over several lines: the first of them counts.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = [cleaned(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield number, error
            continue
        if any(cells):
            yield number, cells


def _places(header: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each known column stands, and the names of the others."""
    names = [name.lower() for name in header]
    for name in NEEDED:
        if name not in names:
            raise NotATable(f'The column "{name}" is missing. The first line should read file,label,...')
    for name in COLUMNS:
        if names.count(name) > 1:
            raise NotATable(f"The first line of the file names the column {name} twice.")
    places = {name: names.index(name) for name in COLUMNS if name in names}
    return places, tuple(name for name in header if name and name.lower() not in COLUMNS)


def _row(number: int, cells: list[str] | csv.Error, places: dict[str, int], width: int) -> LabelRow:
    """Raises _Bad."""
    if isinstance(cells, csv.Error):
        raise _Bad(f"it is no CSV ({cells})") from cells
    if len(cells) > width:
        raise _Bad(f"it has {len(cells)} values where the first line names {width} columns")
    said = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
    for name, cell in said.items():
        if len(cell) > MAX_CELL:
            raise _Bad(f"its {name} is longer than {MAX_CELL} characters")
    for name in NEEDED:
        if not said[name]:
            raise _Bad(f"it names no {name}")
    start, end = (_ordinal(name, said.get(name, "")) for name in ("start", "end"))
    if (start is None) != (end is None):
        raise _Bad("start and end go together: give both or neither")
    if start is not None and end is not None and start >= end:
        raise _Bad(f"the start {start} is not before the end {end} (the end is the first frame after it)")
    names = {name: said.get(name, "") for name in ("file", "label", "subject", "camera")}
    return LabelRow(number, **names, start=start, end=end)


def _ordinal(name: str, cell: str) -> int | None:
    if not cell:
        return None
    if _ORDINAL.fullmatch(cell) is None:
        raise _Bad(f"its {name} is {cell[:EXCERPT]}, which is not the number of a frame")
    return int(cell)


def _excerpt(cells: list[str] | csv.Error, delimiter: str) -> str:
    """The line itself, cut to a length that fits in a sentence."""
    if isinstance(cells, csv.Error):
        return ""
    text = delimiter.join(cells).strip()
    return f" ({text if len(text) <= EXCERPT else text[:EXCERPT] + '…'})"

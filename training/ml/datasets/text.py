"""Lists, tables and JSON as the world writes them; what is wrong with one names the file and the line."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from training.ml.errors import BadFile


def refuse(path: Path, line: int, wrong: str) -> NoReturn:
    """Raise BadFile that says where it is and what is wrong there; `wrong` goes on after "which"."""
    raise BadFile(f"Line {line} of {path.name} {wrong}.")


def text_of(path: Path) -> str:
    """A file's text, UTF-8 with or without a mark. Raises BadFile, which names the line that is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path.name} cannot be read: {error.strerror}.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(path, data.count(b"\n", 0, error.start) + 1, "is not UTF-8 text")


def lines_of(path: Path) -> list[tuple[int, str]]:
    """Number and text of each line that is not blank. Raises BadFile for a file that has none."""
    rows = [(n, line.strip()) for n, line in enumerate(text_of(path).split("\n"), 1) if line.strip()]
    if not rows:
        raise BadFile(f"{path.name} is empty.")
    return rows


def table_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line of a table that is not blank, the first with its columns' names too.

    Parted by what parts the first line: commas, semicolons or tabs. A quoted cell may run over several lines:
    the first of them counts. Raises BadFile for what is no table.
    """
    text = text_of(path)
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            refuse(path, number, f"is no line of a table ({error})")
        if any(cells):
            yield number, cells


def json_of(path: Path) -> Any:
    """What a JSON file holds. Raises BadFile, which names the line."""
    try:
        return json.loads(text_of(path))
    except json.JSONDecodeError as error:
        raise BadFile(f"{path.name} is no JSON: {error.msg} in line {error.lineno}.") from error
    except RecursionError as error:
        raise BadFile(f"{path.name} is nested too deeply to be read.") from error


def folder_of(root: Path) -> Path:
    """The folder itself. Raises BadFile where there is none."""
    if not root.is_dir():
        raise BadFile(f"There is no folder {root}.")
    return root

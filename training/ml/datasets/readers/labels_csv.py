"""`labels.csv` beside the files that it names: the table that the app reads too, with more columns.

The first line names the columns; `file` and `label` must be there. `start` and `end` are frames, half-open,
both or neither. `subject`, `camera`, `view`, `setup`, `group` (or `sequence`, or `recording`) and `split` are
what samples can be parted by. Other columns are left alone.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from training.ml.datasets.base import Dataset, Holds, Sample, natural
from training.ml.datasets.readers.sides import by_split
from training.ml.datasets.text import folder_of, refuse, table_of
from training.ml.errors import BadFile
from training.ml.manifest import SIDES

TABLE = "labels.csv"
NEEDED = ("file", "label")
SAID = ("subject", "camera", "view", "setup", "split")
GROUP = ("group", "sequence", "recording")
_SKELETONS = frozenset({".skeleton", ".mat", ".txt", ".safetensors"})


def read(root: Path) -> Dataset:
    """What the table says: the one at `root`, or the `labels.csv` in it. Raises BadFile with its line."""
    path = root if root.is_file() else folder_of(root) / TABLE
    rows = table_of(path)
    line, header = next(rows, (1, []))
    names = [name.lower() for name in header]
    _check_header(path, line, names)
    samples = []
    for number, cells in rows:
        if len(cells) > len(names):
            refuse(path, number, f"has {len(cells)} values where {len(names)} columns are named")
        padded = [*cells, *[""] * (len(names) - len(cells))]
        samples.append(_row(path, number, dict(zip(names, padded, strict=True))))
    if not samples:
        raise BadFile(f"{path.name} names no file.")
    classes = sorted({sample.label for sample in samples}, key=natural)
    return by_split(Dataset(name="labels_csv", classes=tuple(classes), samples=tuple(samples)))


def _check_header(path: Path, line: int, names: Sequence[str]) -> None:
    for name in NEEDED:
        if name not in names:
            refuse(path, line, f"names no column {name}; it should begin with file,label")
    for name in (*NEEDED, *SAID, *GROUP, "start", "end"):
        if names.count(name) > 1:
            refuse(path, line, f"names the column {name} twice")
    if len(groups := [name for name in GROUP if name in names]) > 1:
        refuse(path, line, f"names {' and '.join(groups)}, which are the same here: keep one")


def _row(path: Path, line: int, row: Mapping[str, str]) -> Sample:
    for name in NEEDED:
        if not row[name]:
            refuse(path, line, f"has no {name}")
    if row.get("split") and row["split"] not in SIDES:
        refuse(path, line, f'has the split "{row["split"]}" and none of {", ".join(SIDES)}')
    start, end = _frames(path, line, row)
    return Sample(
        path=path.parent / row["file"],
        label=row["label"],
        holds=Holds.SKELETON if Path(row["file"]).suffix.lower() in _SKELETONS else Holds.VIDEO,
        start=start,
        end=end,
        group=next((row[name] for name in GROUP if row.get(name)), ""),
        subject=row.get("subject", ""),
        camera=row.get("camera", ""),
        view=row.get("view", ""),
        setup=row.get("setup", ""),
        split=row.get("split", ""),
    )


def _frames(path: Path, line: int, row: Mapping[str, str]) -> tuple[int | None, int | None]:
    cells = [row.get(name, "") for name in ("start", "end")]
    if not any(cells):
        return None, None
    if not all(cell.isascii() and cell.isdigit() for cell in cells):
        refuse(path, line, f'has start "{cells[0]}" and end "{cells[1]}", where two numbers of frames belong')
    start, end = map(int, cells)
    if start >= end:
        refuse(path, line, f"ends at frame {end}, which is not after its start {start}")
    return start, end

"""Which camera recorded which file of a folder."""

import csv
from collections.abc import Iterable
from pathlib import Path

UNNAMED = "Camera 1"


def cameras_of(paths: Iterable[Path], folder: Path) -> dict[str, list[Path]]:
    """Group `paths` by camera: the `camera` of labels.csv, else the name of the file's own folder, else one.

    Names become titles: `yard_north` is shown as `Yard north`.
    """
    told = _told_by_labels(folder / "labels.csv")
    groups: dict[str, list[Path]] = {}
    for path in paths:
        beside = "" if path.parent == folder else path.parent.name
        name = told.get(path.relative_to(folder).as_posix()) or beside
        groups.setdefault(_title(name) or UNNAMED, []).append(path)
    return groups


def _told_by_labels(table: Path) -> dict[str, str]:
    if not table.exists():
        return {}
    with table.open(newline="", encoding="utf-8-sig") as file:
        return {row["file"]: row.get("camera") or "" for row in csv.DictReader(file) if row.get("file")}


def _title(name: str) -> str:
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]

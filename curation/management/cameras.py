"""Which camera recorded which file of a folder."""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import CommandError

UNNAMED = "Camera 1"


def cameras_of(paths: Iterable[Path], folder: Path) -> dict[str, list[Path]]:
    """Group `paths` by camera: the `camera` of labels.csv, else the name of the file's own folder, else one.

    Names become titles: `yard_north` is shown as `Yard north`. Raises CommandError for a labels.csv that
    cannot be read, before a file lands at the wrong camera.
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
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            return {row["file"]: row.get("camera") or "" for row in csv.DictReader(file) if row.get("file")}
    except OSError as error:
        raise CommandError(f"{table} cannot be read: {error.strerror}.", returncode=2) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{table} is no CSV in UTF-8: save it as one.", returncode=2) from error


def _title(name: str) -> str:
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]

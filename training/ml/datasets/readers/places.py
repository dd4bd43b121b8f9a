"""Where, below the folder that a user names, a data set's lists and videos lie."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from training.ml.datasets.text import folder_of
from training.ml.errors import BadFile

VIDEOS = frozenset({".avi", ".mp4", ".mkv", ".webm", ".mov", ".m4v", ".mpg", ".mpeg", ".ts", ".wmv"})


def folder_with(root: Path, places: Iterable[str], file: str) -> Path:
    """The first of these folders in which `file` lies. Raises BadFile that says where it was looked for."""
    folder_of(root)
    tried = [root / place for place in places]
    for folder in tried:
        if (folder / file).is_file():
            return folder
    looked = ", ".join(str(folder) for folder in tried)
    raise BadFile(f"{file} is in none of {looked}: put the official list there.")


def first_folder(root: Path, places: Iterable[str]) -> Path:
    """The first of these folders that there is, `root` where there is none."""
    return next((root / place for place in places if (root / place).is_dir()), root)


def videos_in(folder: Path) -> Mapping[str, list[Path]]:
    """Every video below a folder by its name without the ending, in order."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder_of(folder).rglob("*")):
        if path.suffix.lower() in VIDEOS and path.is_file():
            found.setdefault(path.stem, []).append(path)
    return found

"""Which files a person means when they name files and folders."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from curation.media.errors import MediaError
from curation.media.sniff import sniff

EXTENSIONS = frozenset(
    {".3gp", ".asf", ".avi", ".dav", ".flv", ".h264", ".h265", ".hevc", ".m2ts", ".m4v", ".mkv", ".mov"}
    | {".mp4", ".mpeg", ".mpg", ".mts", ".ogv", ".ts", ".webm", ".wmv"}
)


def footage_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file named, and every video in every folder named, in order, each once.

    In a folder a file counts by its extension, or where that says nothing, by its first bytes; hidden ones
    do not. A file that is named is taken at its word, so that a bad one ends as failed with its reason.
    Raises FileNotFoundError, and other OSErrors for what may not be looked at or cannot be a name.
    """
    seen: set[Path] = set()
    for path in paths:
        path.stat()
        for file in _videos_under(path) if path.is_dir() else [path]:
            if (real := file.resolve()) not in seen:
                seen.add(real)
                yield file


def _videos_under(folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    shown = (path for path in files if not _hidden(path.relative_to(folder)))
    return sorted(path for path in shown if path.suffix.lower() in EXTENSIONS or _looks_like_video(path))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _looks_like_video(path: Path) -> bool:
    if path.suffix:
        return False
    try:
        sniff(path)
    except MediaError:
        return False
    return True

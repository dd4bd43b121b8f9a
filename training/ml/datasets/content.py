"""Names for what files hold: two copies of a recording have one name, and a changed one has another."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from training.ml.errors import BadFile

_seen: dict[tuple[str, int, int], str] = {}


def content_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, or of a folder's names and bytes, as 64 hex digits.

    A file that has kept its size and time of change is not read again by the same process. Raises BadFile for
    what cannot be read.
    """
    if path.is_dir():
        inside = sorted(each for each in path.rglob("*") if each.is_file())
        return key_of([(each.relative_to(path).as_posix(), content_of(each)) for each in inside])
    try:
        facts = path.stat()
        known = os.path.realpath(path), facts.st_size, facts.st_mtime_ns
        if known not in _seen:
            with path.open("rb") as file:
                _seen[known] = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from error
    return _seen[known]


def key_of(facts: Any) -> str:
    """The SHA-256 of facts that JSON holds, as 64 hex digits."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

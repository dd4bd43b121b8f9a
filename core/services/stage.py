"""A stored file as a local path, for decoders: checked by its hash, held while it is in use.

A file-system storage hands out its own file; its hash is taken once and remembered for as long as the
file's inode, size and times stay. Any other storage is copied into STAGE_DIR, a cache that all processes of
the machine share:

    STAGE_DIR/entries/<sha256>        a whole file; it appears by rename, after its hash was right
    STAGE_DIR/entries/<sha256>.part   a copy under way, already as long as it will be
    STAGE_DIR/locks/<sha256>          flock: shared to use the entry, exclusive to make or drop it
    STAGE_DIR/known/<key's sha256>    a local file's hash, and what the file looked like when it was taken
"""

import fcntl
import hashlib
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

log = logging.getLogger(__name__)

CHUNK_BYTES = 2**20
ROOM_LOCK = "room"


class WrongContentError(Exception):
    """A stored file is missing, or is not what it was when it came in."""


@contextmanager
def stage(key: str, sha256: str) -> Iterator[Path]:
    """A local path with the content of `key`, valid inside the block; nobody may write to it.

    `sha256` is 64 hexadecimal digits. Raises WrongContentError where the content is not that, or is gone.
    """
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError(f"{sha256!r} is not a SHA-256 in hexadecimal.")
    if isinstance(default_storage, FileSystemStorage):
        yield _checked_in_place(key, Path(default_storage.path(key)), sha256)
        return
    with _held(key, sha256) as path:
        yield path


def _checked_in_place(key: str, path: Path, sha256: str) -> Path:
    note = _folder("known") / hashlib.sha256(key.encode()).hexdigest()
    try:
        before = _looks(path)
        if _read(note) == f"{sha256} {before}":
            return path
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        after = _looks(path)
    except FileNotFoundError as error:
        raise _gone(key) from error
    if digest != sha256 or before != after:
        raise _wrong(key)
    draft = note.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    draft.write_text(f"{sha256} {before}")
    draft.replace(note)
    return path


def _looks(path: Path) -> str:
    """What changes when a file does, as far as one can tell without reading it."""
    stat = path.stat()
    return f"{path} {stat.st_dev} {stat.st_ino} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"


def _read(note: Path) -> str | None:
    try:
        return note.read_text()
    except FileNotFoundError:
        return None


@contextmanager
def _held(key: str, sha256: str) -> Iterator[Path]:
    entry = _folder("entries") / sha256
    while True:
        with _lock(sha256, exclusive=False):
            if entry.exists():
                _used_now(entry)
                yield entry
                return
        with _lock(sha256, exclusive=True):
            if not entry.exists():
                _fetch(key, sha256, entry)


def _used_now(entry: Path) -> None:
    """Make it the last to be dropped. The kernel's own stamp stands still between two ticks or longer."""
    now = time.time_ns()
    os.utime(entry, ns=(now, now))


def _fetch(key: str, sha256: str, entry: Path) -> None:
    """Copy into a .part, hash on the way, rename. A .part found here is from a process that died."""
    part = entry.with_name(f"{sha256}.part")
    try:
        size = default_storage.size(key)
        with _lock(ROOM_LOCK, exclusive=True):
            _make_room(size, mine=sha256)
            with part.open("wb") as file:
                file.truncate(size)  # counts in full from now on
        digest = hashlib.sha256()
        with part.open("r+b") as file:
            for chunk in _content(key):
                digest.update(chunk)
                file.write(chunk)
            whole = file.tell() == size
            os.fsync(file.fileno())
        if not whole or digest.hexdigest() != sha256:
            raise _wrong(key)
        part.replace(entry)
    except FileNotFoundError as error:
        raise _gone(key) from error
    finally:
        part.unlink(missing_ok=True)


def _content(key: str) -> Iterator[bytes]:
    """The bytes of a stored file, front to back, never all at once."""
    bucket = getattr(default_storage, "bucket", None)
    if bucket is not None:  # the file that django-storages opens lands whole in memory first
        yield from bucket.Object(key).get()["Body"].iter_chunks(CHUNK_BYTES)
        return
    with default_storage.open(key) as file:
        yield from file.chunks(CHUNK_BYTES)


def _make_room(size: int, *, mine: str) -> None:
    """Drop entries, least recently used first, until `size` bytes fit. One in use stays, whatever the cap."""
    entries = list(_entries())
    total = size + sum(stat.st_size for path, stat in entries)
    for path, stat in sorted(entries, key=lambda entry: entry[1].st_mtime_ns):
        stale = path.suffix == ".part"  # if it can be locked, who wrote it is dead
        if (total <= settings.STAGE_MAX_BYTES and not stale) or path.stem == mine:
            continue
        try:
            with _lock(path.stem, exclusive=True, wait=False):
                path.unlink(missing_ok=True)
                total -= stat.st_size
                if not stale:
                    (_folder("locks") / path.stem).unlink(missing_ok=True)
        except BlockingIOError:
            continue
    if total > settings.STAGE_MAX_BYTES:
        log.warning("the stage holds %d bytes, more than its %d", total, settings.STAGE_MAX_BYTES)


def _entries() -> Iterator[tuple[Path, os.stat_result]]:
    for path in _folder("entries").iterdir():
        with suppress(FileNotFoundError):  # a .part that has just become an entry
            yield path, path.stat()


@contextmanager
def _lock(name: str, *, exclusive: bool, wait: bool = True) -> Iterator[None]:
    """Hold the lock of that name. Raises BlockingIOError where it would have to wait and must not."""
    path = _folder("locks") / name
    how = (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB)
    while True:
        with path.open("ab") as file:
            fcntl.flock(file, how)
            if _is_still(file, path):
                yield
                return


def _is_still(file: IO[bytes], path: Path) -> bool:
    """Whether the file that was locked is the one in the folder, not one that was removed while waiting."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    here = os.fstat(file.fileno())
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)


def _folder(name: str) -> Path:
    folder = Path(settings.STAGE_DIR) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _gone(key: str) -> WrongContentError:
    return WrongContentError(f"{key} is gone from the storage.")


def _wrong(key: str) -> WrongContentError:
    return WrongContentError(f"{key} is not what it was when it came in: its hash is another. Add it again.")

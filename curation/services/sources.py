"""Bringing a recording's bytes into storage, under a name that the server makes."""

import hashlib
import os
import stat
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage

from core.errors import Invalid

PREFIX = "sources"
CHUNK = 4 * 2**20


@dataclass(frozen=True)
class StoredSource:
    """A recording in storage: its key, the SHA-256 of its bytes, and how many there are."""

    key: str
    sha256: str
    bytes: int


class HashingFile(File):  # type: ignore[type-arg]  # django-stubs: generic only for type checkers
    """A file that hashes its bytes, in order and once, while a storage reads it."""

    def __init__(self, file: IO[Any], name: str) -> None:
        super().__init__(file, name)
        self.inner = file
        self._digest = hashlib.sha256()
        self.hashed = 0

    def read(self, size: int = -1, /) -> bytes:
        """Read like a file; a storage that rewinds and reads again does not count twice."""
        start = self.inner.tell()
        data: bytes = self.inner.read(size)
        fresh = self.hashed - start
        if 0 <= fresh < len(data):
            self._digest.update(memoryview(data)[fresh:])
            self.hashed += len(data) - fresh
        return data

    def chunks(self, chunk_size: int | None = None) -> Any:
        """The bytes from the beginning, piece by piece."""
        self.inner.seek(0)
        while data := self.read(chunk_size or CHUNK):
            yield data

    def sha256(self) -> str:
        """The hash of what was read. Raises RuntimeError if a storage skipped some of it."""
        if self.hashed != os.fstat(self.inner.fileno()).st_size:
            raise RuntimeError("The storage did not read the whole file, so its hash is unknown.")
        return self._digest.hexdigest()


def source_store(path: Path) -> StoredSource:
    """Copy a file into storage, hashing it on the way; the copy is on disk when this returns.

    Raises Invalid for a file that cannot be read, that is no file (a pipe would be read for ever), or that
    changes meanwhile. Nothing stays behind when it raises.
    """
    key = f"{PREFIX}/{uuid.uuid4().hex}"
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise Invalid(f"{path.name} is a pipe or a device and no file.")
        opened = path.open("rb")
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise Invalid(f"{path.name} could not be read: {reason}.") from error
    with opened:
        file = HashingFile(opened, key)
        before = _looks(opened)
        try:
            kept = default_storage.save(key, file)
            if _looks(opened) != before:
                raise Invalid(
                    f"{path.name} changed while it was copied. Bring it in when its recorder has finished."
                )
            _settle(kept)
            return StoredSource(key=kept, sha256=file.sha256(), bytes=file.hashed)
        except BaseException:
            default_storage.delete(key)
            raise


def source_take(path: Path) -> StoredSource:
    """As `source_store` for a file of ours that is on disk and that nobody writes to any more.

    Where the storage is the same disk it gets a second name there instead of a copy: of a gigabyte only the
    hash is left to wait for. The first name stays, so that a process that dies in between loses nothing.
    """
    key = f"{PREFIX}/{uuid.uuid4().hex}"
    try:
        stored = Path(default_storage.path(key))
        stored.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, stored)
    except (NotImplementedError, OSError):
        return source_store(path)
    try:
        stored.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        with stored.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        sync_to_disk(stored.parent)
        return StoredSource(key=key, sha256=sha256, bytes=stored.stat().st_size)
    except BaseException:
        stored.unlink()
        raise


def _looks(file: IO[Any]) -> tuple[int, int]:
    """What changes when somebody writes to an open file."""
    told = os.fstat(file.fileno())
    return told.st_size, told.st_mtime_ns


def source_discard(source: StoredSource) -> None:
    """Remove a copy that no video came to own."""
    default_storage.delete(source.key)


def _settle(key: str) -> None:
    """Sync a file and its folder where the storage is a local disk; others are durable by themselves."""
    try:
        path = Path(default_storage.path(key))
    except NotImplementedError:
        return
    sync_to_disk(path)
    sync_to_disk(path.parent)


def sync_to_disk(path: Path) -> None:
    """Bring a file's bytes, or a folder's list of names, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

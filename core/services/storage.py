"""Media behind Django's storage API: whole folders appear at once or not at all, and go the same way.

Every key is made by the server (`public_name`); no part of it ever comes from a person or from a file.
"""

import errno
import os
import re
import shutil
import stat
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils import timezone

from core.services.stage import WrongContentError, stage

__all__ = [
    "WrongContentError",
    "discard",
    "discard_unowned",
    "folder_modified",
    "public_name",
    "publish_tree",
    "stage",
]

_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
PASSAGE = ".passage"
"""The folder in a file system's storage through which things come and go; its names are no keys."""
FORGOTTEN_SECONDS = 24 * 3600.0
MKDIR_TRIES = 20
UNOWNED = timedelta(days=1)
"""How long what is written may wait for the commit that names it."""


def public_name(*parts: str) -> str:
    """Join names to a key. Raises ValueError for any that the server does not make: hidden, `..`, spaces."""
    names = [name for part in parts for name in part.split("/")]
    for name in names:
        if not _PART.fullmatch(name):
            raise ValueError(f"{name!r} is not a name that the server makes.")
    return "/".join(names)


def publish_tree(out: Path, prefix: str) -> dict[str, str]:
    """Move every file under `out` into the default storage; relative path -> key.

    On a file system all files and folders are fsynced and the folder is renamed into place: it is there
    whole, durably, or not there. `out` is gone afterwards. Elsewhere files are uploaded in the order of
    their names. Nothing refers to them before the caller commits. Raises ValueError for anything but plain
    files and folders with server-made names, FileExistsError where something is published under `prefix`.
    """
    prefix = public_name(prefix)
    found = sorted(_plain_files(out))
    files = {name: public_name(prefix, name) for name in found}
    if not files:
        return files
    if isinstance(default_storage, FileSystemStorage):
        _move_in(out, Path(default_storage.path(prefix)), Path(default_storage.location))
        return files
    for name, key in files.items():
        if default_storage.exists(key):
            raise FileExistsError(errno.EEXIST, "There is something published here already", key)
        with (out / name).open("rb") as file:
            stored = default_storage.save(key, File(file))
        if stored != key:
            raise FileExistsError(errno.EEXIST, f"The storage put it at {stored} instead", key)
    return files


def discard(prefix: str) -> None:
    """Remove a published folder, or one file, and what is empty then. Nothing there is fine."""
    prefix = public_name(prefix)
    if isinstance(default_storage, FileSystemStorage):
        _move_out(Path(default_storage.path(prefix)), Path(default_storage.location))
    else:
        default_storage.delete(prefix)
        _delete_below(prefix)


def discard_unowned(prefix: str, owned: Callable[[Collection[str]], Collection[str]]) -> None:
    """Remove what lies right under `prefix` for more than a day and is none of the keys that `owned` keeps.

    Who wrote it died, or gave up, before the commit that would have named it.
    """
    try:
        folders, files = default_storage.listdir(prefix)
    except FileNotFoundError:
        return
    whole = {f"{prefix}/{name}" for name in folders if name}
    keys = whole | {f"{prefix}/{name}" for name in files if name}
    oldest = timezone.now() - UNOWNED
    for key in keys - set(owned(keys)):
        with suppress(FileNotFoundError):  # somebody else removes it just now
            if key in whole and folder_modified(key) < oldest:
                discard(key)
            elif key not in whole and default_storage.get_modified_time(key) < oldest:
                default_storage.delete(key)


def folder_modified(prefix: str) -> datetime:
    """When the newest file under the prefix was written; long ago for an empty one."""
    folders, files = default_storage.listdir(prefix)
    times = [default_storage.get_modified_time(f"{prefix}/{name}") for name in files if name]
    times += [folder_modified(f"{prefix}/{name}") for name in folders if name]
    return max(times, default=datetime.fromtimestamp(0, tz=timezone.get_current_timezone()))


def _plain_files(out: Path) -> Iterator[str]:
    """Relative paths; a link in a child's output could publish any file of the worker's."""
    for folder, folders, names in os.walk(out):
        for name in (*folders, *names):
            path = Path(folder, name)
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode):
                yield path.relative_to(out).as_posix()
            elif not stat.S_ISDIR(mode):
                raise ValueError(f"{path.name} is neither a plain file nor a folder.")


def _move_in(out: Path, target: Path, location: Path) -> None:
    _sync_tree(out)
    tries = MKDIR_TRIES
    while True:
        try:
            _make_folders(target.parent, location)
            _rename_new(out, target)
            break
        except FileNotFoundError:  # `discard` took an empty parent away in between
            tries -= 1
            if not tries:
                raise
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            out = _copied_here(out, location)
    _sync_folder(target.parent)


def _rename_new(source: Path, target: Path) -> None:
    """Rename a folder; one that is there already is left alone, even an empty one."""
    if target.exists():
        raise FileExistsError(errno.EEXIST, "There is something published here already", str(target))
    source.rename(target)


def _copied_here(out: Path, location: Path) -> Path:
    """A synced copy of `out` on the storage's own disk, from where it can be renamed."""
    passage = _passage(location)
    copy = passage / uuid.uuid4().hex
    shutil.copytree(out, copy, copy_function=shutil.copyfile)
    _sync_tree(copy)
    shutil.rmtree(out, ignore_errors=True)
    return copy


def _move_out(target: Path, location: Path) -> None:
    if not target.is_dir():
        target.unlink(missing_ok=True)
    else:
        grave = _passage(location) / uuid.uuid4().hex
        try:
            target.rename(grave)  # gone at once, also for who lists it while it is being removed
        except FileNotFoundError:
            return
        shutil.rmtree(grave, ignore_errors=True)
    parent = target.parent
    while parent != location and parent.is_relative_to(location):
        try:
            parent.rmdir()
        except OSError:  # not empty, or gone already
            return
        parent = parent.parent


def _passage(location: Path) -> Path:
    """The passage, without what processes that died left in it long ago."""
    passage = location / PASSAGE
    passage.mkdir(parents=True, exist_ok=True)
    for left in passage.iterdir():
        try:
            forgotten = time.time() - left.lstat().st_ctime > FORGOTTEN_SECONDS
        except FileNotFoundError:
            continue
        if forgotten:
            shutil.rmtree(left, ignore_errors=True)
    return passage


def _make_folders(folder: Path, location: Path) -> None:
    """Like mkdir -p, each new name synced into its parent."""
    if folder.is_dir():
        return
    if folder != location and folder.is_relative_to(location):
        _make_folders(folder.parent, location)
    with suppress(FileExistsError):  # made by another, who may have taken it away again by now
        folder.mkdir(parents=True, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_tree(top: Path) -> None:
    for folder, _, names in os.walk(top, topdown=False):
        for name in names:
            _sync(Path(folder, name), os.O_RDONLY)
        _sync_folder(Path(folder))


def _sync_folder(folder: Path) -> None:
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    fd = os.open(path, flags)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _delete_below(prefix: str) -> None:
    folders, names = default_storage.listdir(prefix)
    for name in filter(None, names):
        default_storage.delete(f"{prefix}/{name}")
    for name in filter(None, folders):
        _delete_below(f"{prefix}/{name}")

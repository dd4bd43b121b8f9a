"""Where the embedded servers keep their data, sockets, locks and logs, and as which user they run."""

import hashlib
import os
import pwd
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

SOCKET_FOLDER_MAX = 88  # bytes; macOS allows 103 for a socket's whole path, Linux 107
SYSTEM_DATA = Path("/var/lib/rushes")


class EmbeddedError(Exception):
    """An embedded server cannot run; the message is a sentence that a person can act on."""


@dataclass(frozen=True)
class Addresses:
    """Where the embedded servers of one `var/` folder listen."""

    database_url: str
    redis_url: str


@dataclass(frozen=True)
class Account:
    """The unprivileged account that servers run as when root starts them."""

    name: str
    uid: int
    gid: int


def var_folder() -> Path:
    """Return the folder of this installation's data: RUSHES_VAR, or `var/` in the checkout."""
    default = Path(__file__).resolve().parents[2] / "var"
    return Path(os.environ.get("RUSHES_VAR") or default).resolve()


def addresses(var: Path) -> Addresses:
    """Return the addresses of the embedded servers whose data lies in `var`; no server is needed."""
    run = run_folder(var)
    return Addresses(f"postgres://rushes@{str(run).replace('/', '%2F')}/rushes", f"unix://{run}/redis.sock")


def run_folder(var: Path) -> Path:
    """Return the folder of the sockets: `var/run`, or a short one under /tmp where that would not work.

    A socket's path is limited to about a hundred bytes, and must be plain enough for a URL. A server
    that root starts runs as somebody else, who may not pass through every parent of `var`.
    """
    near = var / "run"
    plain = re.fullmatch(r"[A-Za-z0-9_./-]+", str(near)) is not None
    if plain and len(os.fsencode(near)) <= SOCKET_FOLDER_MAX and (os.geteuid() != 0 or open_to_others(var)):
        return near
    digest = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    return Path("/tmp") / f"rushes-{os.geteuid()}" / digest  # noqa: S108 - owner and mode are checked


def open_to_others(folder: Path) -> bool:
    """Whether any account may pass through `folder` and all its parents (those that exist)."""
    existing = [place for place in (folder, *folder.parents) if place.exists()]
    return all(place.stat().st_mode & stat.S_IXOTH for place in existing)


def server_account() -> Account | None:
    """Return whom the servers run as: None for ourselves, an unprivileged account when we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and this machine has neither a 'postgres' nor a 'nobody' account: "
        "start Rushes as a normal user."
    )


def data_folder(var: Path, server: str, account: Account | None) -> Path:
    """Return the folder of `server`'s data (it may not exist yet).

    It lies in `var`. No parent's mode is ever changed: where `account` cannot pass through the parents
    of `var`, it lies under /var/lib/rushes, and `var/embedded-data` says where.
    """
    home = var if account is None else _home_open_to_others(var)
    place = home / server
    owner = os.geteuid() if account is None else account.uid
    if place.exists() and place.stat().st_uid != owner:
        raise EmbeddedError(
            f"The data in {place} was made by user {_user_name(place.stat().st_uid)}: start Rushes as that "
            f"user (or as root, if root made it)."
        )
    return place


def _home_open_to_others(var: Path) -> Path:
    note = var / "embedded-data"
    if not note.exists():
        if open_to_others(var):
            return var
        home = SYSTEM_DATA / secrets.token_hex(6)
        home.mkdir(mode=0o755, parents=True)
        draft = note.with_suffix(f".{os.getpid()}")
        draft.write_text(f"{home}\n")
        try:
            os.link(draft, note)
        except FileExistsError:  # the other of two keepers that started at once has chosen
            home.rmdir()
        finally:
            draft.unlink()
    home = Path(note.read_text().strip())
    if not home.is_dir():
        raise EmbeddedError(
            f"{note} says that the databases lie in {home}, which is not there. Bring it back, or delete "
            f"that file to start with an empty database."
        )
    return home


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def make_private(folder: Path, account: Account | None) -> None:
    """Make `folder` (mode 0700) for the server's account; refuse one that somebody else put there."""
    parent = folder.parent
    if parent.parent == Path("/tmp"):  # noqa: S108 - this is where the check is made
        parent.mkdir(mode=0o711, exist_ok=True)
        info = parent.lstat()
        if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid() or info.st_mode & 0o022:
            raise EmbeddedError(f"{parent} belongs to somebody else or can be written by others: remove it.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = os.geteuid() if account is None else account.uid
    info = folder.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid not in (owner, os.geteuid()):
        raise EmbeddedError(f"{folder} belongs to user {_user_name(info.st_uid)}: remove it.")
    if account is not None and info.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)

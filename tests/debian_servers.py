"""Run a command on a PostgreSQL and a Redis of the machine, started for it on private ports.

`python -m tests.debian_servers COMMAND...` sets DATABASE_URL and REDIS_URL, and ends the servers after it.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.embedded.places import server_account
from config.embedded.process import run_as, spawn

PASSWORD = "rushes"


def main(command: Sequence[str]) -> int:
    """Run `command` on fresh servers; returns its exit status."""
    folder = Path(tempfile.mkdtemp(prefix="rushes-servers-"))
    folder.chmod(0o755)
    try:
        with postgres(folder) as database_url, redis(folder) as redis_url:
            urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
            return subprocess.run(command, env=os.environ | urls, check=False).returncode
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run the machine's PostgreSQL over TCP with a password; gives its URL."""
    programs = postgres_programs()
    data = private(folder / "postgres")
    secret = folder / "password"
    secret.write_text(PASSWORD)
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "rushes", "--auth=scram-sha-256"]
    made = run_as(server_account(), [*initdb, f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8"])
    if made.returncode != 0:
        raise SystemExit(made.stderr)
    port = free_port()
    serve = [str(programs / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port)]
    with running([*serve, "-k", "", "-c", "fsync=off"], folder, port, signal.SIGINT):
        yield f"postgres://rushes:{PASSWORD}@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run the machine's Redis over TCP; gives its URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("There is no redis-server on this machine.")
    port = free_port()
    serve = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(private(folder / "redis"))]
    with running([*serve, "--appendonly", "yes", "--save", ""], folder, port, signal.SIGTERM):
        yield f"redis://127.0.0.1:{port}/0"


def postgres_programs() -> Path:
    """Return the folder of the newest PostgreSQL that Debian installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise SystemExit("There is no PostgreSQL under /usr/lib/postgresql on this machine.")
    return found[-1].parent


def private(place: Path) -> Path:
    """Make a folder that belongs to the account which the servers run as."""
    place.mkdir(mode=0o700)
    account = server_account()
    if account is not None:
        os.chown(place, account.uid, account.gid)
    return place


@contextlib.contextmanager
def running(command: Sequence[str], folder: Path, port: int, stop: signal.Signals) -> Iterator[None]:
    """Run a server until the block ends."""
    with (folder / "servers.log").open("ab") as log:
        process = spawn(command, account=server_account(), log=log, death=stop, keep=[])
    try:
        wait_for(port, process)
        yield
    finally:
        process.send_signal(stop)
        process.wait(30)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until somebody listens."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(f"{process.args!r} did not start.")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

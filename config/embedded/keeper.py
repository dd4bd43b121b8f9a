"""The keeper of one embedded server: `python -m config.embedded.keeper VAR SERVER READY_FD`.

It is the server's parent. It restarts a server that dies, stops it cleanly when no command shares
it any more or at SIGTERM, and a keeper that is killed takes its server with it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from config.embedded.places import EmbeddedError, make_private, run_folder, server_account
from config.embedded.postgres import Postgres
from config.embedded.process import Lock, command_line, last_lines, open_log, spawn
from config.embedded.redis import Redis

Server = Postgres | Redis
SERVERS: dict[str, type[Postgres] | type[Redis]] = {"postgres": Postgres, "redis": Redis}
TICK_SECONDS = 0.2
START_SECONDS = 300.0  # crash recovery after hours of writes takes its time
ORPHAN_SECONDS = 20.0
RESTART_SECONDS = (0.2, 1.0, 5.0, 15.0)


class Keeper:
    """Starts one server and looks after it until nobody needs it."""

    def __init__(self, var: Path, name: str) -> None:
        run = run_folder(var)
        account = server_account()
        make_private(run, account)
        self.server: Server = SERVERS[name](var, run, account)
        self.account = account
        self.log = var / "log" / f"{name}.log"
        self.sharers = Lock(var / "lock" / f"{name}.sharers")
        self.alive = var / "lock" / f"{name}.server"  # locked by the server and its children, not by us
        self.process: subprocess.Popen[bytes] | None = None
        self.stopping = False

    def ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """Stop at the next tick (a signal handler)."""
        self.stopping = True

    def start(self) -> None:
        """Start the server and wait until it answers. Raises EmbeddedError, and leaves none behind then."""
        self.process = None
        with contextlib.closing(self._no_orphans()) as alive:
            self.server.prepare()
            self._launch(alive)
        try:
            self._wait_until_ready()
        except EmbeddedError:
            if self.stopping or not self.server.set_aside():
                raise
            with contextlib.closing(self._no_orphans()) as alive:
                self._launch(alive)
            self._wait_until_ready()

    def watch(self) -> None:
        """Keep the server up until nobody shares it or a signal says stop; then stop it."""
        failures = 0
        while not self.stopping and not self.sharers.take():
            time.sleep(TICK_SECONDS)
            if self.process is not None and self.process.poll() is None:
                continue
            time.sleep(RESTART_SECONDS[min(failures, len(RESTART_SECONDS) - 1)])
            try:
                self.start()
                failures = 0
            except EmbeddedError as error:
                failures += 1
                sys.stderr.write(f"{error}\n")
        self.stop()

    def stop(self) -> None:
        """Ask the server to stop, more firmly if it does not."""
        if self.process is None:
            return
        for sig, seconds in self.server.stop_signals:
            if self.process.poll() is None:
                self.process.send_signal(sig)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
            break
        self.process = None

    def _launch(self, alive: Lock) -> None:
        with open_log(self.log) as log:
            self.process = spawn(
                self.server.command(),
                account=self.account,
                log=log,
                death=self.server.death_signal,
                keep=[alive.fd],
            )
        alive.write(str(self.process.pid))

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.server.ready():
            gone = self.process is None or self.process.poll() is not None
            if gone or self.stopping or time.monotonic() > deadline:
                self.stop()
                raise EmbeddedError(
                    f"{self.server.title} did not start; {self.log} ends:\n{last_lines(self.log)}"
                )
            time.sleep(0.05)

    def _no_orphans(self) -> Lock:
        """Return the server's lock, taken when no process of an earlier run is left; end one that stays."""
        alive = Lock(self.alive)
        if alive.take(wait=ORPHAN_SECONDS):
            return alive
        pid = int(alive.read() or 0)
        for sig, _ in self.server.stop_signals:
            if self.server.program in command_line(pid):
                os.kill(pid, sig)
            if alive.take(wait=ORPHAN_SECONDS / 2):
                return alive
        alive.close()
        raise EmbeddedError(f"An earlier {self.server.title} (pid {pid}) does not stop: end it by hand.")


def main(var: str, name: str, ready_fd: str) -> int:
    """Run a keeper; what is written to `ready_fd` is "ok" or the sentence that says why not."""
    place = Path(var)
    lock = Lock(place / "lock" / f"{name}.keeper")
    if not lock.take():
        os.write(int(ready_fd), b"ok")
        return 0
    lock.write(str(os.getpid()))
    try:
        keeper = Keeper(place, name)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, keeper.ask_to_stop)
        keeper.start()
    except (EmbeddedError, OSError) as error:
        os.write(int(ready_fd), str(error).encode())
        return 1
    os.write(int(ready_fd), b"ok")
    os.close(int(ready_fd))
    keeper.watch()
    lock.close()  # before the sharers' lock: who gets that one must not find a keeper that is leaving
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

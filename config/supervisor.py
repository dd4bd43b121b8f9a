"""A supervisor: starts programs, restarts what dies, stops all of them in reverse order.

It knows nothing of Django or of what the programs are (config/processes.py). Each program leads a
process group of its own, so that Ctrl-C in a terminal reaches only the supervisor, and so that what a
killed program leaves behind can be ended with it. On Linux a program is told when the supervisor dies.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded.process import die_with_parent, last_lines, open_log

TICK_SECONDS = 0.2
BACKOFF_SECONDS = (0.5, 2.0, 5.0, 15.0, 30.0)
STEADY_SECONDS = 60.0  # who ran this long is restarted without delay


class StartError(Exception):
    """A program did not start; the message says which, and shows the end of its log."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program to keep running."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None  # asked until it says yes; None: running is enough
    ready_seconds: float = 60.0
    stop_seconds: float = 10.0  # between SIGTERM and SIGKILL
    once: bool = False  # ends by itself (a step of the demo); it writes to the terminal, not to a log


@dataclass
class Running:
    """A program, its process, and how often it had to be restarted in a row."""

    program: Program
    process: subprocess.Popen[bytes]
    started: float
    failures: int = 0
    restart_at: float | None = None


class Supervisor:
    """Runs `programs`; `say` gets one line for every event that a person may want to know."""

    def __init__(
        self, programs: Sequence[Program], *, logs: Path, cwd: Path, say: Callable[[str], None]
    ) -> None:
        self.programs = programs
        self.logs = logs
        self.cwd = cwd
        self.say = say
        self.running: list[Running] = []
        self.stopping = False

    def start(self) -> None:
        """Start every program and return when all are ready; a step that ends by itself comes last.

        Raises StartError.
        """
        for program in self.programs:
            if not program.once:
                self.running.append(Running(program, self._spawn(program), time.monotonic()))
        for entry in self.running:
            self._wait_until_ready(entry)
            if not self.stopping:
                self.say(f"{entry.program.name} ready ({time.monotonic() - entry.started:.1f} s)")
        for program in self.programs:
            if program.once and not self.stopping:
                self.running.append(Running(program, self._spawn(program), time.monotonic()))

    def run(self, *, every_tick: Callable[[], None] | None = None) -> None:
        """Watch over the programs until `stopping` is set (by a signal handler)."""
        while not self.stopping:
            self.tick()
            if every_tick is not None:
                every_tick()
            time.sleep(TICK_SECONDS)

    def tick(self) -> None:
        """Notice what died; start again what is due."""
        now = time.monotonic()
        for entry in self.running:
            if entry.restart_at is not None:
                if now >= entry.restart_at:
                    entry.process, entry.started, entry.restart_at = self._spawn(entry.program), now, None
            elif entry.process.poll() is not None and not (entry.program.once and entry.failures):
                self._died(entry, now)

    def stop(self) -> None:
        """SIGTERM to all in reverse order, SIGKILL to the groups of those that do not end in time."""
        self.stopping = True
        entries = [entry for entry in reversed(self.running) if entry.restart_at is None]
        for entry in entries:
            if entry.process.poll() is None:
                entry.process.terminate()
        began = time.monotonic()
        for entry in entries:
            left = began + entry.program.stop_seconds - time.monotonic()
            try:
                entry.process.wait(max(left, 0.01))
            except subprocess.TimeoutExpired:
                self.say(f"{entry.program.name} did not stop in {entry.program.stop_seconds:.0f} s: killed")
            _kill_group(entry.process)
        self.running.clear()

    def kill(self) -> None:
        """End everything at once (a second Ctrl-C): whoever waits in `stop` goes on."""
        for entry in self.running:
            if entry.process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(entry.process.pid, signal.SIGKILL)

    def log(self, program: Program) -> Path:
        """Return the file that a program writes to."""
        return self.logs / f"{program.name.lower().replace(' ', '-')}.log"

    def _died(self, entry: Running, now: float) -> None:
        status = entry.process.returncode
        _kill_group(entry.process)
        if entry.program.once:
            entry.failures = 1  # seen
            if status != 0:
                self.say(f"{entry.program.name} ended with status {status}")
            return
        if now - entry.started >= STEADY_SECONDS:
            entry.failures = 0
        delay = BACKOFF_SECONDS[min(entry.failures, len(BACKOFF_SECONDS) - 1)]
        entry.failures += 1
        entry.restart_at = now + delay
        why = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        self.say(f"{entry.program.name} {why}: again in {delay:.1f} s (see {self.log(entry.program)})")

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        with contextlib.ExitStack() as stack:
            log = None if program.once else stack.enter_context(open_log(self.log(program)))
            return subprocess.Popen(
                program.command,
                cwd=self.cwd,
                env={**os.environ, **program.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def _wait_until_ready(self, entry: Running) -> None:
        program = entry.program
        deadline = time.monotonic() + program.ready_seconds
        while program.ready is not None and not program.ready() and not self.stopping:
            if entry.process.poll() is not None:
                raise StartError(f"{program.name} ended at once. {self._ending(program)}")
            if time.monotonic() > deadline:
                raise StartError(
                    f"{program.name} was not ready in {program.ready_seconds:.0f} s. {self._ending(program)}"
                )
            time.sleep(TICK_SECONDS / 2)

    def _ending(self, program: Program) -> str:
        return f"{self.log(program)} ends:\n{last_lines(self.log(program), 15)}"


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL whatever is left of a program's process group, and take note of its end."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

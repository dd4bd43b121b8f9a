"""Run a set-up step's commands with one progress line on the terminal and everything in a log."""

from __future__ import annotations

import os
import selectors
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

HINTS = {
    "ensurepip": "Python's venv module is not whole here; on Debian: sudo apt-get install python3-venv",
    "No space left": "The disk is full: the set-up needs about 4 GB (6 GB with a GPU).",
    "Could not find a version": "A package index that this machine uses lacks a package; see the log.",
    "Temporary failure in name resolution": "This machine has no connection to the package index.",
}


class SetupError(Exception):
    """A step failed; the message says which command, why, and where the log is."""


def run_logged(
    title: str,
    commands: Sequence[Sequence[str]],
    *,
    note: str = "",
    cwd: Path,
    env: Mapping[str, str],
    log: Path,
) -> None:
    """Run `commands` one after the other. Raises SetupError with a hint and what the command said."""
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    progress = Progress(title, note)
    for command in commands:
        with log.open("ab") as file:
            file.write(f"\n$ {shlex.join(command)}\n".encode())
            status, said = _follow(command, cwd, env, file.fileno(), progress)
        if status != 0:
            progress.end("failed")
            hint = next((f"{text}\n" for sign, text in HINTS.items() if sign in said), "")
            lines = [line for line in said.splitlines() if line.strip()]
            errors = [line for line in lines if "error" in line.lower()][:8]
            ending = "\n".join(f"    {line}" for line in errors or lines[-8:])
            raise SetupError(f"{shlex.join(command)}\n{ending}\n{hint}The whole output is in {log}.")
    progress.end(f"done ({time.monotonic() - began:.0f} s)")


class Progress:
    """One line that says what is going on: rewritten on a terminal, printed twice elsewhere."""

    def __init__(self, title: str, note: str) -> None:
        self.title = title
        self.began = time.monotonic()
        self.terminal = sys.stdout.isatty()
        if note:
            print(f"{title}: {note}", flush=True)
        elif not self.terminal:
            print(f"{title} ...", flush=True)

    def show(self, detail: str) -> None:
        """Show the seconds so far and what the command said last."""
        if self.terminal:
            line = f"{self.title} ... {time.monotonic() - self.began:.0f} s  {detail}"
            self._write(line[: shutil.get_terminal_size().columns - 1])

    def end(self, result: str) -> None:
        """Leave the line with how it ended."""
        if self.terminal:
            self._write(f"{self.title}: {result}\n")
        else:
            print(f"{self.title}: {result}", flush=True)

    def _write(self, text: str) -> None:
        sys.stdout.write(f"\r\x1b[2K{text}".encode("ascii", "replace").decode())
        sys.stdout.flush()


def _follow(
    command: Sequence[str], cwd: Path, env: Mapping[str, str], log: int, progress: Progress
) -> tuple[int, str]:
    """Run a command, copying its output to `log`; its exit status and the end of what it said."""
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        return 127, str(error)
    said = b""
    assert process.stdout is not None  # noqa: S101 - asked for above
    with selectors.DefaultSelector() as selector, process:
        selector.register(process.stdout, selectors.EVENT_READ)
        try:
            while True:
                if selector.select(timeout=1.0):
                    part = os.read(process.stdout.fileno(), 65536)
                    if not part:
                        break
                    os.write(log, part)
                    said = (said + part)[-20_000:]
                lines = said.decode(errors="replace").split("\n")
                progress.show(next((line.strip() for line in reversed(lines) if line.strip()), ""))
        except KeyboardInterrupt:
            process.terminate()
            raise
    return process.returncode, said.decode(errors="replace")

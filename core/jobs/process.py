"""The worker's side of the child process: start it, listen, stop it, and say in a sentence how it ended."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from core.jobs.kinds import Limits

TICK_SECONDS = 0.25
TAIL_BYTES = 4096
LINE_BYTES = 64 * 2**20
REAP_SECONDS = 5.0
# A child decodes files from strangers: it gets nothing that would open a door.
SECRETS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "STORAGE_URL",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)


@dataclass(frozen=True)
class Ending:
    """How the work ended: with a result, or with a sentence; `stopped` names who stopped it."""

    result: dict[str, Any] | None = None
    reason: str = ""
    permanent: bool = False
    stopped: str = ""


class Child:
    """One running child process group."""

    def __init__(self, *, work: str, params: dict[str, Any], out: Path, limits: Limits) -> None:
        self.limits = limits
        self.stage = ""
        self.stopped = ""
        self._words: dict[str, Any] = {}
        self._line = bytearray()
        self._tail = bytearray()
        self._started = time.monotonic()
        self._kill_at: float | None = None
        self._lingered = False
        reader, writer = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core.jobs.child", str(writer)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(writer,),
            start_new_session=True,
            cwd=settings.BASE_DIR,
            env={name: value for name, value in os.environ.items() if name not in SECRETS},
            bufsize=0,
        )
        os.close(writer)
        self._reports = os.fdopen(reader, "rb", buffering=0)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._reports, selectors.EVENT_READ, self._hear)
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018
        self._selector.register(self._process.stdout, selectors.EVENT_READ, self._keep_tail)
        order = {"work": work, "params": params, "out": str(out), "limits": asdict(limits)}
        self._order(json.dumps(order, allow_nan=False).encode() + b"\n")

    @property
    def pid(self) -> int:
        """Process id, which is the id of the group and of the session too."""
        return self._process.pid

    def listen(self, tell: Callable[[float, str, dict[str, Any]], None]) -> bool:
        """Wait a tick for news, pass progress on; False once the process has ended and all was heard."""
        self._tell = tell
        for key, _ in self._selector.select(self._tick()):
            key.data()
        self._mind_the_clock()
        if self._process.poll() is None:
            return True
        while self._selector.get_map() and (ready := self._selector.select(0)):
            for key, _ in ready:
                key.data()
        return False

    def stop(self, why: str, *, grace_seconds: float) -> None:
        """Ask the group to end (SIGTERM), and kill it when the grace is over. The first reason stands."""
        if self.stopped:
            return
        self.stopped = why
        self._kill_at = time.monotonic() + grace_seconds
        if grace_seconds > 0:
            self._signal(signal.SIGTERM)
        self._mind_the_clock()

    def close(self) -> None:
        """Kill whatever is left of the group and let go of the pipes."""
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._selector.close()
        self._reports.close()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def ending(self) -> Ending:
        """How it ended, once `listen` has said that it did."""
        if self.stopped and self.stopped != "wall":
            return Ending(stopped=self.stopped)
        # Its work was done when it said so, however it left: a learner frees gigabytes, or trips over them.
        if not self.stopped and "result" in self._words:
            return Ending(result=self._words["result"])
        if self._words.get("permanent"):
            return Ending(reason=self._words["error"], permanent=True)
        cause = "wall" if self.stopped else self._words.get("cause", "")
        return Ending(reason=self._sentence(cause, self._process.returncode))

    def _sentence(self, cause: str, code: int) -> str:
        doing = f" while {self.stage}" if self.stage else ""
        limits = self.limits
        if cause == "wall":
            return f"The worker took longer than its limit of {_duration(limits.wall_seconds)}{doing}."
        if cause == "memory":
            limit = f" (limit {_size(limits.memory_bytes)})" if limits.memory_bytes else ""
            return f"The worker ran out of memory{limit}{doing}."
        if cause == "output":
            return f"The worker wrote a file larger than its limit of {_size(limits.output_bytes)}{doing}."
        if cause == "disk":
            return f"The disk of the worker is full{doing}."
        if cause := self._words.get("error", ""):
            return f"The worker failed{doing}: {cause}"
        if code == -signal.SIGXCPU:
            return f"The worker used up its {_duration(limits.cpu_seconds)} of processor time{doing}."
        if self._lingered:
            return f"The worker stopped speaking{doing} and did not end, so it was killed."
        if code == -signal.SIGKILL:
            return f"The worker was killed{doing}, probably because the machine ran out of memory."
        tail = self._tail.decode(errors="replace").strip().rsplit("\n", 1)[-1][:300]
        how = f"crashed ({signal.strsignal(-code)})" if code < 0 else f"ended with status {code}"
        return f"The worker {how}{doing}." + (f" Its last words: {tail}" if tail else "")

    def _tick(self) -> float:
        return min(TICK_SECONDS, settings.JOB_HEARTBEAT_SECONDS)

    def _mind_the_clock(self) -> None:
        now = time.monotonic()
        wall = self.limits.wall_seconds
        if wall and not self.stopped and now - self._started > wall:
            self.stop("wall", grace_seconds=0)
        elif self._kill_at is not None and now >= self._kill_at:
            self._kill_at = None
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        # Nobody may be left (macOS says "not permitted" of a group of zombies).
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def _order(self, data: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError):  # dead already: `listen` finds out how it died
            rest = memoryview(data)
            while rest:
                rest = rest[self._process.stdin.write(rest) or 0 :]

    def _hear(self) -> None:
        data = self._reports.read(2**16)
        if not data:
            self._selector.unregister(self._reports)
            self._reap()
            return
        self._line += data
        *lines, rest = self._line.split(b"\n")
        self._line = bytearray(rest[:LINE_BYTES])
        for line in lines:
            self._take(json.loads(line))

    def _take(self, words: dict[str, Any]) -> None:
        if "progress" in words:
            self.stage = words["stage"]
            self._tell(words["progress"], words["stage"], words["facts"])
        else:
            self._words = words

    def _keep_tail(self) -> None:
        assert self._process.stdout is not None  # noqa: S101
        data = self._process.stdout.read(2**16)
        if not data:
            self._selector.unregister(self._process.stdout)
        self._tail = (self._tail + (data or b""))[-TAIL_BYTES:]

    def _reap(self) -> None:
        """The pipe closed, so the child is ending; one that lingers is helped along. What it said stands."""
        try:
            self._process.wait(REAP_SECONDS)
        except subprocess.TimeoutExpired:
            self._lingered = True
            self._signal(signal.SIGKILL)


def _size(count: int | None) -> str:
    number = float(count or 0)
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1024 or unit == "GB":
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1024
    raise AssertionError("unreachable")


def _duration(seconds: int | None) -> str:
    count = seconds or 0
    for unit, size in (("hour", 3600), ("minute", 60), ("second", 1)):
        if count >= size and count % size == 0:
            number = count // size
            return f"{number} {unit}" + ("s" if number != 1 else "")
    return f"{count} seconds"

"""The process in which a job's work is done: no Django, no database, limits, and a short leash.

    python -m core.jobs.child FD     # FD: a pipe for JSON lines to the parent

Standard input brings one JSON line, `{"work", "params", "out", "limits"}`, and then stays open as
the leash: when it ends, the parent is gone and this whole process group kills itself. Every line
sent back is one of `{"progress", "stage", "facts"}`, `{"result"}` or `{"error", "permanent", "cause"}`.
"""

import ctypes
import errno
import importlib
import json
import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

PR_SET_PDEATHSIG = 1
NICE = 5  # people clicking in the browser come first
_PARENT = os.getppid()


def main() -> int:
    """Do one piece of work and report; the exit status is 0 only if a result was sent."""
    signal.signal(signal.SIGTERM, _unwind)
    signal.signal(signal.SIGHUP, _end_group)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGHUP, 0, 0, 0)
    os.nice(NICE)
    order = json.loads(sys.stdin.buffer.readline() or b"null")
    if order is None or os.getppid() != _PARENT:
        _end_group()
    threading.Thread(target=_leash, daemon=True).start()
    with os.fdopen(int(sys.argv[1]), "wb", buffering=0) as pipe:
        say = _speaker(pipe.write)
        try:
            _limit(order["limits"])
            result = _load(order["work"])(order["params"], Path(order["out"]), _reporter(say))
            say({"result": result})
        except BaseException as error:
            traceback.print_exc()
            say(_verdict(error))
            return 1
    return 0


def _speaker(write: Callable[["memoryview[int]"], Any]) -> Callable[[dict[str, Any]], None]:
    lock = threading.Lock()

    def say(line: dict[str, Any]) -> None:
        data = memoryview(json.dumps(line, allow_nan=False).encode() + b"\n")
        with lock:
            while data:  # a pipe takes what fits
                data = data[write(data) :]

    return say


def _reporter(say: Callable[[dict[str, Any]], None]) -> Callable[..., None]:
    def report(fraction: float, stage: str, **facts: Any) -> None:
        say({"progress": min(max(float(fraction), 0.0), 1.0), "stage": stage, "facts": facts})

    return report


def _verdict(error: BaseException) -> dict[str, Any]:
    """The line that says how the work ended: a verdict on the input, or an attempt that died."""
    if getattr(error, "permanent", False):
        return {"error": str(error), "permanent": True, "cause": ""}
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return {"error": "", "permanent": False, "cause": "memory"}
    if getattr(error, "errno", None) == errno.EFBIG:
        return {"error": "", "permanent": False, "cause": "output"}
    if getattr(error, "errno", None) == errno.ENOSPC:
        return {"error": "", "permanent": False, "cause": "disk"}
    return {"error": f"{type(error).__name__}: {error}", "permanent": False, "cause": ""}


def _load(work: str) -> Callable[..., dict[str, Any]]:
    module, _, name = work.partition(":")
    function: Callable[..., dict[str, Any]] = getattr(importlib.import_module(module), name)
    return function


def _limit(limits: dict[str, int | None]) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if cpu := limits["cpu_seconds"]:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    if memory := limits["memory_bytes"]:
        # Private memory where the system counts it: address space also holds mapped files and GPU ranges.
        what = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        resource.setrlimit(what, (memory, memory))
    if output := limits["output_bytes"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))


def _leash() -> None:
    while os.getppid() == _PARENT:
        try:
            if not os.read(0, 4096):
                break
        except OSError:
            break
        time.sleep(0.1)
    _end_group()


def _unwind(signum: int, _frame: object) -> None:
    """SIGTERM is the parent's wish: leave, but tidily."""
    raise SystemExit(128 + signum)


def _end_group(*_: object) -> NoReturn:
    """SIGHUP is the kernel's news that the parent died."""
    os.killpg(0, signal.SIGKILL)
    os._exit(1)  # not reached


if __name__ == "__main__":
    sys.exit(main())

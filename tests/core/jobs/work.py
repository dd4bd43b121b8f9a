"""Work functions for the tests of the child process: each does one thing, or dies in one way."""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Report = Callable[..., None]


class VerdictError(Exception):
    permanent = True


def fine(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    report(0.5, "writing", bytes=3)
    (out / "deep").mkdir()
    (out / "deep" / "answer.txt").write_text(params.get("text", "yes"))
    return {"answer": 42}


def lingering(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Done, but its process does not end: so does one that has much to free on a busy machine."""
    threading.Thread(target=time.sleep, args=(3600,)).start()
    return fine(params, out, report)


def tripping(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Done, but its process crashes on the way out."""
    atexit.register(os.kill, os.getpid(), signal.SIGSEGV)
    return fine(params, out, report)


def mute(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Closes the pipe that it speaks through, and goes on."""
    report(0.1, "counting")
    os.close(int(sys.argv[1]))
    time.sleep(3600)
    return {}


def noisy(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    for n in range(200):
        report(n / 200, f"step {n}")
        print("x" * 1000)
        print("y" * 1000, file=sys.stderr)
    return {"big": "z" * 500_000}


def verdict(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    raise VerdictError("The file is empty: record it again.")


def broken(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    report(0.1, "counting")
    raise ValueError("no such thing")


def hungry(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    report(0.1, "making proxies")
    hoard = []
    while True:
        hoard.append(bytearray(50 * 2**20))


def greedy(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    with (out / "big").open("wb") as file:
        while True:
            file.write(b"x" * 2**20)


def many(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    for n in range(5):
        (out / f"{n}").write_bytes(b"x" * 2**20)
    return {}


def spinning(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    while True:
        pass


def killed(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    report(0.1, "counting")
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def crashed(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    print("the last thing it said", flush=True)
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


def leaving(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    os._exit(3)


def sleeping(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Sleep with a grandchild at its side; both process ids are reported."""
    nap = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    report(0.25, "sleeping", pids=[os.getpid(), nap.pid])
    time.sleep(600)
    return {}


def stubborn(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    report(0.25, "sleeping", pids=[os.getpid()])
    while True:
        time.sleep(600)


def tidy(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Leave a mark where it was asked politely to stop."""
    try:
        report(0.25, "sleeping", pids=[os.getpid()])
        time.sleep(600)
    finally:
        Path(params["mark"]).write_text("unwound")
    return {}


def nosy(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    return {
        "seen": sorted(os.environ),
        "django": "django" in sys.modules,
        "leader": os.getpgid(0) == os.getpid(),
    }

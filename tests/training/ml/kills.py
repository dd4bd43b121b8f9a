"""A process that starts the same run again and again and has each attempt killed by SIGKILL in the middle.

    python -m tests.training.ml.kills PARAMS OUT

Standard output brings a JSON list: for each attempt the phase in which it died, "" for the one that ended.
An attempt is a fork of this process, which itself never computes anything.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import torch._dynamo  # noqa: F401 - optimizers load it at first use, which takes seconds in every attempt

from training.ml.run import run

# The phase and how many reports of it an attempt lives through; then attempts that die after some seconds.
POINTS = (
    ("reading", 1),
    ("features", 4),
    ("oracle", 9),
    ("classifier", 3),
    ("classifier", 8),
    ("selector", 2),
    ("selector", 9),
    ("test", 5),
    ("writing", 1),
)
SECONDS = (0.05, 0.15, 0.3, 0.45)


def main() -> None:
    params, out = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    died = [attempt(params, out, point=point) for point in POINTS]
    for chain, seconds in enumerate(SECONDS):
        again = {**params, "checkpoints": f"{params['checkpoints']}-timed"}
        died.append(attempt(again, out / "timed", seconds=seconds + 0.1 * chain))
    died.append(attempt(params, out))
    died.append(attempt({**params, "checkpoints": f"{params['checkpoints']}-timed"}, out / "timed"))
    sys.stdout.write(json.dumps(died))


def attempt(
    params: dict[str, Any], out: Path, *, point: tuple[str, int] | None = None, seconds: float = 0.0
) -> str:
    """Fork, run, be killed; the phase reached, or "" where it ended by itself."""
    reader, writer = os.pipe()
    if not (pid := os.fork()):
        heard = 0

        def report(_fraction: float, _stage: str, **facts: Any) -> None:
            nonlocal heard
            os.write(writer, facts["phase"].encode() + b"\n")
            heard += point is not None and facts["phase"] == point[0]
            if point is not None and heard == point[1]:
                os.kill(os.getpid(), signal.SIGKILL)

        run(params, out, report)
        os._exit(0)
    os.close(writer)
    if seconds:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reader) as pipe:
        phases = pipe.read().split()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return phases[-1] if phases else "starting"
    if status:
        sys.exit("an attempt failed")
    return ""


if __name__ == "__main__":
    main()

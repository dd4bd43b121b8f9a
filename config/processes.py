"""What `manage.py up` runs beside the servers: the web server, the workers, the sweeper."""

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable

from config.supervisor import Program

WORKER_STOP_SECONDS = 55.0  # Celery's soft shutdown of 45 s, and a little
WEB_THREADS = 8


def default_workers(cores: int | None = None) -> int:
    """Return how many jobs run at once beside training: half the cores, at least two."""
    return max(2, (cores or os.cpu_count() or 2) // 2)


def programs(*, port: int, workers: int) -> list[Program]:
    """Return the programs in the order in which they start; they stop in the reverse one.

    Training has a pool of its own: a run that takes hours must not keep footage from coming in.
    """
    python = sys.executable
    return [
        Program(
            name="Web",
            command=[
                python, "-m", "gunicorn", "config.wsgi",
                "--bind", f"127.0.0.1:{port}",
                "--worker-class", "gthread", "--workers", "2", "--threads", str(WEB_THREADS),
                "--timeout", "120", "--graceful-timeout", "10", "--no-control-socket",
            ],
            ready=answers(f"http://127.0.0.1:{port}/api/health"),
            stop_seconds=15.0,
        ),
        worker("Workers", queues="ingest,score,light", pool=workers),
        worker("Trainer", queues="train", pool=1),
        Program(name="Sweeper", command=[python, "manage.py", "sweeper"]),
    ]  # fmt: skip


def demo_footage(folder: str | None) -> Program:
    """Return the step that brings a folder's recordings and labels in, or without one simulated ones."""
    command = [sys.executable, "manage.py", "demo_content", *([folder] if folder else [])]
    return Program(name="Demo content", command=command, once=True)


def worker(name: str, *, queues: str, pool: int) -> Program:
    """Return a Celery worker with its own pool of processes."""
    return Program(
        name=name,
        command=[
            sys.executable, "-m", "celery", "--app", "config.celery", "worker",
            "--hostname", f"{name.lower()}@%h", "--queues", queues, "--pool", "prefork",
            "--concurrency", str(pool), "--without-gossip", "--without-mingle", "--loglevel", "INFO",
        ],
        ready=greets(f"{name.lower()}@{socket.gethostname()}"),
        # Celery reads it when it is imported, before our own module: SIGTERM then means its soft shutdown.
        env={"REMAP_SIGTERM": "SIGQUIT"},
        stop_seconds=WORKER_STOP_SECONDS,
    )  # fmt: skip


def greets(node: str) -> Callable[[], bool]:
    """Return a question: does the Celery worker of this name answer a ping?"""

    def ask() -> bool:
        from config.celery import app

        return bool(app.control.ping(destination=[node], timeout=0.5))

    return ask


def answers(url: str) -> Callable[[], bool]:
    """Return a question: does `url` answer 200?"""

    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ask

"""The programs of Rushes: the web server, the workers, the sweeper.

`manage.py up` runs all of them beside the embedded servers, `python -m config.serve` one of them.
"""

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable

from config.supervisor import Program

WORKER_STOP_SECONDS = 55.0  # Celery's soft shutdown of 45 s, and a little
WEB_STOP_SECONDS = 15.0  # gunicorn's graceful timeout of 10 s, and a little
WEB_THREADS = 8


def default_workers(cores: int | None = None) -> int:
    """Return how many jobs run at once beside training: half the cores, at least two."""
    return max(2, (cores or os.cpu_count() or 2) // 2)


def programs(*, port: int, workers: int) -> list[Program]:
    """Return the programs in the order in which they start; they stop in the reverse one."""
    return [web(port=port), footage_worker(pool=workers), trainer(), sweeper()]


def web(*, port: int, host: str = "127.0.0.1") -> Program:
    """Return the web server; whichever host it listens to, it is asked how it is on 127.0.0.1."""
    return Program(
        name="Web",
        command=[
            sys.executable, "-m", "gunicorn", "config.wsgi",
            "--bind", f"{host}:{port}",
            "--worker-class", "gthread", "--workers", "2", "--threads", str(WEB_THREADS),
            "--timeout", "120", "--graceful-timeout", "10", "--no-control-socket",
        ],
        ready=answers(f"http://127.0.0.1:{port}/api/health"),
        stop_seconds=WEB_STOP_SECONDS,
    )  # fmt: skip


def footage_worker(*, pool: int) -> Program:
    """Return the worker for everything but training: `pool` jobs at once."""
    return worker("Workers", queues="ingest,score,light", pool=pool)


def trainer() -> Program:
    """Return the worker that trains; its pool is its own, since hours of it must not hold up footage."""
    return worker("Trainer", queues="train", pool=1)


def sweeper() -> Program:
    """Return the sweeper, which does at intervals what others leave to Celery's beat."""
    return Program(name="Sweeper", command=[sys.executable, "manage.py", "sweeper"])


def demo_footage(folder: str | None, *, url: str) -> Program:
    """Return the step that brings a folder's recordings and labels in, or without one simulated ones."""
    command = [sys.executable, "manage.py", "demo_content", *([folder] if folder else []), "--url", url]
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
    """Return a question: does our `url` answer 200, asked as a proxy of ours would ask?"""

    def ask() -> bool:
        request = urllib.request.Request(url, headers=_as_a_proxy())  # noqa: S310 - our own address
        try:
            with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ask


def _as_a_proxy() -> dict[str, str]:
    """A host that ALLOWED_HOSTS lets in, and no plain HTTP where HTTPS=1 would send it elsewhere."""
    from django.conf import settings

    host = str(settings.ALLOWED_HOSTS[0]).lstrip(".")
    headers = {"Host": "localhost" if host == "*" else host}
    return {**headers, "X-Forwarded-Proto": "https"} if settings.HTTPS else headers

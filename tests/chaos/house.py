"""The processes of the kill suite: a private Redis, workers that are started again, a sweeper."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models.functions import Now

from core.models import Job, JobState
from tests.surroundings import VAR

FAST = {
    "JOB_LEASE_SECONDS": "2",
    "JOB_HEARTBEAT_SECONDS": "0.5",
    "JOB_SWEEP_SECONDS": "0.5",
    "JOB_BACKOFF_SECONDS": "0.1",
    "JOB_RING_SECONDS": "2",
}


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"within {seconds} s: {what}"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def _database_answers() -> bool:
    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True


class House:
    """Everything that runs, all of it marked in its environment so that no orphan can hide."""

    def __init__(self, folder: Path, *, workers: int) -> None:
        self.folder = folder
        self.marks = folder / "marks"
        self.marks.mkdir()
        self.media = folder / "media"
        self.work = folder / "var" / "work"
        self.name = uuid.uuid4().hex
        self.port = free_port()
        self.restarts = 0
        self.away = 0.0  # seconds for which PostgreSQL did not answer
        database = {k: v for k, v in connection.settings_dict.items() if k != "TEST"}
        self.env: dict[str, str] = {
            **os.environ,
            **FAST,
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "CHAOS_DATABASE": json.dumps(database, default=str),
            "CHAOS_MARKS": str(self.marks),
            "CHAOS_HOUSE": self.name,
            "RUSHES_VAR": str(folder / "var"),
            "STORAGE_URL": f"file://{self.media}",
            "REDIS_URL": f"redis://127.0.0.1:{self.port}/0",
            "REMAP_SIGTERM": "SIGQUIT",
        }
        self.redis = self._start_redis()
        self.workers: list[subprocess.Popen[bytes]] = []
        self.sweeper = self._start("sweeper", "manage.py", "sweeper")
        for n in range(workers):
            self.workers.append(self._start_worker(n))

    def client(self) -> "redis.Redis[bytes]":
        return redis.Redis(port=self.port)

    def published(self, pk: str, token: int) -> Path:
        """Where that attempt's files appear, all at once."""
        return self.media / "chaos.encode" / pk / str(token)

    def files(self, folder: Path) -> set[str]:
        """Every file under the folder, by its path in it."""
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    def waiting(self) -> int:
        """Messages in the queue."""
        return int(self.client().llen("light"))

    def keep_up(self) -> None:
        """Start what has died again, as a supervisor does."""
        for n, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.restarts += 1
                self.workers[n] = self._start_worker(n)
        if self.sweeper.poll() is not None:
            self.restarts += 1
            self.sweeper = self._start("sweeper", "manage.py", "sweeper")

    def wipe_redis(self) -> None:
        """Lose every message, in memory and on disk, and crash."""
        self.client().flushall()
        self.redis.kill()
        self.redis.wait()
        shutil.rmtree(self.folder / "redis")
        self.redis = self._start_redis()

    def kill_database(self) -> None:
        """Kill PostgreSQL without a word, and wait until its keeper has it back and no lease is overdue."""
        assert not os.environ.get("DATABASE_URL"), "only the embedded one has a keeper"
        began = time.monotonic()
        connection.close()
        os.kill(int((VAR / "lock" / "postgres.server").read_text()), signal.SIGKILL)
        wait_until(_database_answers, 60, "the keeper brings PostgreSQL back")
        self.away += time.monotonic() - began
        late = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=Now())
        wait_until(lambda: not late.exists(), 20, "each lease is renewed, or its job taken back")

    def strangers(self) -> list[int]:
        """Every living process that was started in this house."""
        found = []
        mark = f"CHAOS_HOUSE={self.name}".encode()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0") and alive(int(entry.name)):
                    found.append(int(entry.name))
            except (OSError, ValueError):
                continue
        return found

    def stop(self) -> None:
        """Stop the workers as an operator does, then make sure."""
        for process in [*self.workers, self.sweeper]:
            process.send_signal(signal.SIGTERM)
        for process in [*self.workers, self.sweeper]:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def close(self) -> None:
        """Leave nothing behind, whatever happened."""
        self.redis.kill()
        self.redis.wait()
        for pid in self.strangers():
            os.kill(pid, signal.SIGKILL)

    def log(self, lines: int = 60) -> str:
        """The last lines that each process wrote, for the message of a failing test."""
        parts = []
        for path in sorted(self.folder.glob("*.log")):
            tail = path.read_text(errors="replace").splitlines()[-lines:]
            parts.append("\n".join([f"--- {path.name}", *tail]))
        return "\n".join(parts)

    def _start_redis(self) -> "subprocess.Popen[bytes]":
        data = self.folder / "redis"
        data.mkdir()
        program = shutil.which("redis-server")
        assert program, "redis-server is needed for the kill suite"
        options = f"--port {self.port} --bind 127.0.0.1 --appendonly yes --appendfsync everysec"
        with (self.folder / "redis.log").open("ab") as log:
            process = subprocess.Popen(
                [program, *options.split(), "--maxmemory-policy", "noeviction", "--dir", str(data)],
                stdout=log,
                stderr=log,
            )
        wait_until(self._redis_answers, 30, "Redis answers")
        return process

    def _redis_answers(self) -> bool:
        try:
            return bool(self.client().ping())
        except redis.ConnectionError:
            return False

    def _start_worker(self, n: int) -> "subprocess.Popen[bytes]":
        options = (
            "-m celery -A config.celery worker -Q light -c 1 --without-gossip --without-mingle -l WARNING"
        )
        return self._start(f"worker{n}", *options.split(), "-n", f"{self.name}-{n}@house")

    def _start(self, name: str, *command: Any) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *command], cwd=settings.BASE_DIR, env=self.env, stdout=log, stderr=log
            )

"""Other connections beside a test's own: work on them, and wait for them without sleeping and hoping."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def elsewhere(pool: ThreadPoolExecutor, step: Callable[[], T]) -> "Future[T]":
    """Do it on another connection, which does not wait for a lock for ever."""

    def on_its_own() -> T:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '20s'")
            return step()
        finally:
            connection.close()

    return pool.submit(on_its_own)


def until_they_wait(*others: "Future[Any]", seconds: float = 30.0) -> None:
    """Return when each of these waits for a lock in this database, or has ended."""
    deadline = time.monotonic() + seconds
    while _waiting() + sum(other.done() for other in others) < len(others):
        assert time.monotonic() < deadline, "they neither wait nor end"
        time.sleep(0.01)


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the first answer for ever
        cursor.execute(WAITING)
        (count,) = cursor.fetchone()
    return int(count)

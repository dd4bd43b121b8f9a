"""Waiting for other connections, without sleeping and hoping."""

import time
from concurrent.futures import Future
from typing import Any

from django.db import connection

WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


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

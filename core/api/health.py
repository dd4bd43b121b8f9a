"""Whether this installation is up, for whoever watches it. No secrets, no versions, no sign-in."""

import logging

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest
from kombu.exceptions import OperationalError as BrokerError
from ninja import Router, Status
from redis.exceptions import RedisError

from config.celery import app
from core.api.schemas import HealthOut

log = logging.getLogger(__name__)
router = Router(tags=["health"])

WORKERS_SECONDS = 15


@router.get("/health", auth=None, response={200: HealthOut, 503: HealthOut}, operation_id="health")
def health(request: HttpRequest) -> Status[HealthOut]:
    """200 while database and Redis answer, 503 otherwise. No worker is a delay, not an outage."""
    database, redis = _database(), _redis()
    ok = database and redis
    body = HealthOut(ok=ok, database=database, redis=redis, workers=_workers() if redis else None)
    return Status(200 if ok else 503, body)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.error("health: the database does not answer: %s", error)
        return False
    return True


def _redis() -> bool:
    try:
        cache.set("health", 1, timeout=5)
    except (RedisError, OSError) as error:
        log.error("health: Redis does not answer: %s", error)
        return False
    return True


def _workers() -> int | None:
    """How many workers answer a ping; asked at most every 15 seconds, whoever calls how often."""
    known: int | None = cache.get("health:workers")
    if known is not None:
        return known
    try:
        count = len(app.control.ping(timeout=0.5))
    except (BrokerError, RedisError, OSError) as error:
        log.error("health: the broker does not answer: %s", error)
        return None
    cache.set("health:workers", count, timeout=WORKERS_SECONDS)
    return count

"""The sweeper: rings again for jobs that nobody claimed, takes back expired ones, clears what they left."""

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from config.celery import app
from core.jobs.kinds import job_kinds
from core.models import Job, JobState
from core.selectors.jobs import jobs_expired, jobs_unanswered, jobs_with_leftovers
from core.services.jobs import job_enqueue, job_expire, job_ring
from core.services.storage import discard, folder_modified

log = logging.getLogger(__name__)

LOCK = 0x52757368657301  # "Rushes", 1: the advisory lock that makes the sweeper one
BATCH = 1000
HOUSEKEEPING_SECONDS = 3600.0


@dataclass(frozen=True)
class Swept:
    """What one sweep did; `alone` is False where another sweeper held the lock and nothing was done."""

    alone: bool = True
    rung: int = 0
    taken_back: int = 0
    quarantined: int = 0


def sweep() -> Swept:
    """One round over the due and the expired jobs, unless another sweeper is at it."""
    with _only_one() as alone:
        if not alone:
            return Swept(alone=False)
        expired = list(jobs_expired().values_list("pk", flat=True)[:BATCH])
        states = [state for pk in expired if (state := job_expire(job_id=str(pk))) is not None]
        return Swept(
            rung=_ring_again(),
            taken_back=len(states),
            quarantined=states.count(JobState.QUARANTINED),
        )


def tidy() -> int:
    """Remove files that attempts published or wrote but never committed; how many prefixes and folders.

    Sessions that ran out go as well: Django itself never clears them. What is done once a day is asked for.
    """
    with _only_one() as alone:
        if not alone:
            return 0
        call_command("clearsessions")
        _ask_for_today()
        return _unpublish() + clear_work()


def run_forever(stop: threading.Event) -> None:
    """Sweep until `stop` is set. A database or a broker that is down is waited for."""
    tidy_at = time.monotonic()
    while True:
        try:
            sweep()
            if time.monotonic() >= tidy_at:
                tidy()
                tidy_at = time.monotonic() + HOUSEKEEPING_SECONDS
        except (DatabaseError, InterfaceError, OSError) as error:
            log.warning("the sweep was cut short: %s", error)
            connection.close()
        if stop.wait(settings.JOB_SWEEP_SECONDS):
            return


def _ask_for_today() -> None:
    """Accept the day's job of every kind that has one a day; by its key it is there once, whoever asks."""
    today = f"{timezone.now():%Y-%m-%d}"
    for kind in job_kinds():
        if kind.daily:
            job_enqueue(kind=kind.name, dedupe_key=f"{kind.name}:{today}", params={})


def _ring_again() -> int:
    """Ring for unanswered jobs, in each queue as many as have no message waiting there.

    Without that bound a long queue would be rung for in every sweep, and drown in its own bells. Queues are
    looked at one by one: jobs that wait long in one of them must not hide those of another.
    """
    rung = 0
    known: dict[str, list[str]] = {}
    for kind in job_kinds():
        known.setdefault(kind.queue.value, []).append(kind.name)
    for queue, names in known.items():
        jobs = jobs_unanswered().filter(kind__in=names)[:BATCH]
        missing = len(jobs) - _waiting(queue)
        for job in jobs[: max(missing, 0)]:
            if not job_ring(job=job):
                break
            rung += 1
    strange = jobs_unanswered().exclude(kind__in=[name for names in known.values() for name in names])
    for kind_name in strange.order_by("kind").values_list("kind", flat=True).distinct():
        log.warning("jobs of the kind %s wait for a version that knows it", kind_name)
    return rung


def _waiting(queue: str) -> int:
    """How many messages lie in the queue; 0 where the broker does not answer (then ringing fails too)."""
    try:
        with app.connection_for_write() as broker:
            return int(broker.default_channel.client.llen(queue))
    except (BrokerError, RedisError, OSError) as error:
        log.warning("the broker does not answer: %s", error)
        return 0


def _unpublish() -> int:
    """Discard `<kind>/<job>/<token>` where the token neither won nor runs, once it is old enough.

    Only jobs whose rows are here are looked at: files of another database's jobs are not ours to judge.
    """
    count = 0
    oldest = timezone.now() - timedelta(seconds=settings.JOB_ORPHAN_SECONDS)
    for job in jobs_with_leftovers().iterator():
        base = f"{job.kind}/{job.pk}"
        kept = str(job.token) if job.state in (JobState.DONE, JobState.RUNNING) else None
        for token in _folders(base):
            if token != kept and folder_modified(f"{base}/{token}") <= oldest:
                discard(f"{base}/{token}")
                count += 1
    return count


def _folders(prefix: str) -> list[str]:
    try:
        return list(default_storage.listdir(prefix)[0])
    except FileNotFoundError:
        return []


def clear_work() -> int:
    """Remove what killed attempts left in this machine's work folder; how many folders."""
    folders = [folder for folder in Path(settings.JOB_WORK_DIR).glob("*.*") if folder.is_dir()]
    running = Job.objects.filter(state=JobState.RUNNING).values_list("pk", "token")
    alive = {f"{pk}.{token}" for pk, token in running}
    dead = [folder for folder in folders if folder.name not in alive]
    for folder in dead:
        shutil.rmtree(folder, ignore_errors=True)
    return len(dead)


@contextmanager
def _only_one() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone and connection.connection is not None and not connection.connection.closed:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

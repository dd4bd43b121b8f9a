"""One attempt at one job, from the claim to the transaction that ends it."""

import logging
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from core.jobs.kinds import JobKind, Outcome, job_kind
from core.jobs.lease import Lease
from core.jobs.process import Child, Ending
from core.models import Job
from core.services.jobs import job_claim, job_fail, job_finish, job_release, job_stopped
from core.services.kinds import holding
from core.services.storage import discard, publish_tree

log = logging.getLogger(__name__)
T = TypeVar("T")

STOPPING_GRACE_SECONDS = 5.0


def run(job_id: str) -> None:
    """Claim the job and carry it to an end; does nothing where it is not there for the taking."""
    job = job_claim(job_id=job_id, owner=f"{socket.gethostname()}:{os.getpid()}")
    if job is None:
        return
    folder = Path(settings.JOB_WORK_DIR) / f"{job.pk}.{job.token}"
    with _told_to_stop() as stopping, Lease(job) as lease:
        try:
            out = folder / "out"
            out.mkdir(parents=True)
            kind = job_kind(job.kind)
            with holding():
                ending = _work(job, kind, out, lease, stopping)
                _settle(job, kind, out, ending)
        except Exception as error:
            log.exception("job %s failed outside its child", job.pk)
            _patiently(partial(_fail, job, error))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _work(job: Job, kind: JobKind, out: Path, lease: Lease, stopping: threading.Event) -> Ending:
    """Prepare, then watch over the child until it ended or had to be stopped."""
    params = kind.prepare(job)
    parent = os.getppid()
    if kind.work is None:
        return Ending(result={})
    child = Child(work=kind.work, params=params, out=out, limits=kind.limits)
    try:
        while child.listen(lease.tell):
            if lease.lost.is_set():
                child.stop("lost", grace_seconds=0)
            elif lease.cancel.is_set():
                child.stop("cancelled", grace_seconds=settings.JOB_CANCEL_GRACE_SECONDS)
            elif stopping.is_set() or os.getppid() != parent:
                child.stop("worker", grace_seconds=STOPPING_GRACE_SECONDS)
        return _checked(child.ending(), kind, out)
    finally:
        child.close()


def _checked(ending: Ending, kind: JobKind, out: Path) -> Ending:
    limit = kind.limits.output_bytes
    if ending.result is None or limit is None:
        return ending
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    if size <= limit:
        return ending
    return Ending(reason=f"The worker wrote {size} bytes, more than its limit of {limit}.")


def _settle(job: Job, kind: JobKind, out: Path, ending: Ending) -> None:
    if ending.stopped == "lost":
        log.warning("job %s has another owner now; what token %s made is thrown away", job.pk, job.token)
    elif ending.stopped == "cancelled":
        _patiently(lambda: job_stopped(job=job))
    elif ending.stopped == "worker":
        _patiently(lambda: job_release(job=job, note="Its worker was told to stop."))
    elif ending.result is None:
        _patiently(lambda: job_fail(job=job, reason=ending.reason, permanent=ending.permanent))
    else:
        _finish(job, kind, out, ending)


def _finish(job: Job, kind: JobKind, out: Path, ending: Ending) -> None:
    """Publish under the token's own prefix, then commit. Files go away only if the row says they lost."""
    prefix = f"{kind.name}/{job.pk}/{job.token}"
    try:
        files = publish_tree(out, prefix)
        outcome = Outcome(result=ending.result or {}, files=files)
        won = _patiently(lambda: job_finish(job=job, outcome=outcome))
    except Exception as error:
        log.exception("job %s could not be committed", job.pk)
        # A COMMIT whose answer was lost may have gone through: only a row that was still running says no.
        if _patiently(partial(_fail, job, error)):
            discard(prefix)
        return
    if not won:
        log.warning("job %s has another owner now; what token %s made is thrown away", job.pk, job.token)
        discard(prefix)


def _fail(job: Job, error: Exception) -> bool:
    if getattr(error, "permanent", False):
        return job_fail(job=job, reason=str(error), permanent=True)
    return job_fail(job=job, reason=f"The worker failed: {type(error).__name__}: {error}")


def _patiently(step: Callable[[], T]) -> T:
    """Do a fenced step, again for as long as a lease lasts while the database does not answer."""
    until = time.monotonic() + settings.JOB_LEASE_SECONDS
    while True:
        try:
            return step()
        except (OperationalError, InterfaceError) as error:
            if time.monotonic() >= until:
                raise
            log.warning("the database does not answer, trying again: %s", error)
            connection.close()
            time.sleep(min(1.0, settings.JOB_HEARTBEAT_SECONDS))


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that is set when this process is told to end; the signal is passed on afterwards."""
    told = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    heard: list[int] = []

    def note(signum: int, _frame: object) -> None:
        heard.append(signum)
        told.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGQUIT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for signum in dict.fromkeys(heard):
            os.kill(os.getpid(), signum)

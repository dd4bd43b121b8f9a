"""The lease of a running job, kept by a thread of its own for as long as the attempt takes."""

import logging
import threading
import time
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from core.models import Job
from core.selectors.jobs import job_cancel_wanted
from core.services.jobs import job_heartbeat

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0  # how often progress is written at most, and how soon a cancellation is seen


class Lease:
    """Beats until the attempt is over. `lost` and `cancel` are set as soon as the row says so.

    A database that does not answer loses nothing: the row decides when it is back.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.lost = threading.Event()
        self.cancel = threading.Event()
        self._news: dict[str, Any] = {}
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{job.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, progress: float, stage: str, facts: dict[str, Any]) -> None:
        """Have this progress (0 to 1), stage and facts written with the next beat."""
        with self._lock:
            self._news = {"progress": progress, "stage": stage[:80], "facts": facts}

    def _beat(self) -> None:
        every = settings.JOB_HEARTBEAT_SECONDS
        due = time.monotonic() + every
        try:
            while not self._over.wait(min(TICK_SECONDS, every)):
                try:
                    if self._once(beat=time.monotonic() >= due):
                        due = time.monotonic() + every
                except (OperationalError, InterfaceError) as error:
                    log.warning("the lease of job %s could not be extended yet: %s", self.job.pk, error)
                    connection.close()
        finally:
            connection.close()

    def _once(self, *, beat: bool) -> bool:
        """Beat if it is time or there is news; otherwise only look whether the job is still wanted."""
        with self._lock:
            news, self._news = self._news, {}
        if not (beat or news):
            if job_cancel_wanted(job=self.job):
                self.cancel.set()
            return False
        answer = job_heartbeat(job=self.job, **news)
        if not answer.held:
            self.lost.set()
        if answer.cancel:
            self.cancel.set()
        return True

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from core.jobs.runner import run
from core.models import Job, JobState
from curation.management import crew


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody who works on whatever is queued, in a thread of this process."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            for pk in Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True):
                run(str(pk))
            time.sleep(0.1)
        connection.close()

    monkeypatch.setattr(crew, "somebody_works_on", lambda queue: True)
    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()

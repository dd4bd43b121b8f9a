"""Workers for a command that waits, where none are running."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from config.celery import app
from config.processes import worker
from config.supervisor import Program, Supervisor
from core.jobs.kinds import Queue

ANSWER_SECONDS = 2.0


def somebody_works_on(queue: Queue) -> bool:
    """Whether a worker that listens to `queue` answers."""
    answers = app.control.inspect(timeout=ANSWER_SECONDS).active_queues() or {}
    return any(listened["name"] == queue for queues in answers.values() for listened in queues)


@contextmanager
def workers_for(
    queues: list[Queue], *, say: Callable[[str], None], pool: int | None = None
) -> Iterator[Callable[[], None]]:
    """Somebody who works on `queues` while the block runs: those who do so already, else a crew of its own.

    Call what it gives now and then while you wait, so that a crew's dead are replaced.
    """
    if all(somebody_works_on(queue) for queue in queues):
        yield lambda: None
        return
    say("No worker is running, so one works for as long as this takes.")
    with crew_for(queues, say=say, pool=pool) as crew:
        yield crew.tick


@contextmanager
def crew_for(
    queues: list[Queue], *, say: Callable[[str], None], pool: int | None = None
) -> Iterator[Supervisor]:
    """A worker and a sweeper for as long as the block runs; call `tick` now and then to replace what died.

    When the block ends they are asked to stop, and running jobs are given back unharmed. `say` gets a line
    for what a person may want to know. `pool` jobs run at once, by default as many as decode at full speed.
    """
    pool = pool or max(1, (os.cpu_count() or 1) // 2)  # one decoder with its encoders keeps two cores busy
    supervisor = Supervisor(
        [
            worker(f"Crew-{os.getpid()}", queues=",".join(queues), pool=pool),
            Program(name="Crew sweeper", command=[sys.executable, "manage.py", "sweeper"]),
        ],
        logs=Path(settings.VAR_DIR) / "log",
        cwd=settings.BASE_DIR,
        say=say,
    )
    try:
        supervisor.start()
        yield supervisor
    finally:
        supervisor.stop()

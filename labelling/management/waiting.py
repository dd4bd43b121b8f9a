"""Waiting for recordings to be read before their labels come in."""

import time
from collections.abc import Callable, Sequence

from core.jobs.kinds import Queue
from core.management.bars import progress_bar
from core.models import Project
from curation.management.crew import workers_for
from labelling.formats.labels_csv import LabelRow
from labelling.services.recordings import videos_awaited

POLL_SECONDS = 0.5


def wait_for_recordings(*, project: Project, rows: Sequence[LabelRow], say: Callable[[str], None]) -> None:
    """Return when none of the recordings that the rows name is being read any more.

    Where no worker runs, one works for as long as this takes; `say` gets that sentence.
    """
    awaited = videos_awaited(project=project, rows=rows)
    left = awaited.count()
    if not left:
        return
    bars = progress_bar(total=left, title="Reading", unit="videos")
    with workers_for([Queue.INGEST, Queue.LIGHT], say=say) as tick, bars as bar:
        while left:
            time.sleep(POLL_SECONDS)
            tick()
            left = awaited.count()
            bar.update((bar.total or 0) - left - bar.n)

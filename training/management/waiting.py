"""Seeing a run through: its progress, then the suggestions that follow it."""

import os
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager

from core.jobs.kinds import Queue
from core.management.bars import progress_bar
from core.models import Project
from core.selectors.jobs import jobs_alive
from curation.management.crew import workers_for
from training.models import TrainingRun
from training.models.runs import UNDER_WAY
from training.selectors.progress import progress_of
from training.selectors.runs import feature_progress, run_of
from training.services.suggesting import SUGGEST, SUGGEST_ALL, SUGGEST_VIDEO

POLL_SECONDS = 0.5
NEEDED = [Queue.SCORE, Queue.TRAIN, Queue.LIGHT]

Tick = Callable[[], None]


def somebody_working(say: Callable[[str], None]) -> AbstractContextManager[Tick]:
    """Within the block somebody works on every queue that training needs; call what it gives now and then."""
    return workers_for(NEEDED, say=say, pool=os.cpu_count())  # reading frames takes one core a job


def wait_for_run(*, run: TrainingRun, tick: Tick) -> TrainingRun:
    """Show how far a run is until it has ended; the run as it is then."""
    with progress_bar(total=1.0, title=f"Run {run.number}") as bar:
        while run.state in UNDER_WAY:
            time.sleep(POLL_SECONDS)
            tick()
            run = run_of(project=run.project, number=run.number)
            now = progress_of(run=run, features=feature_progress(run=run))
            bar.n = now.progress
            bar.set_postfix_str(now.stage)
    return run


def wait_for_suggestions(*, project: Project, tick: Tick) -> None:
    """Wait until the model has looked at every open clip."""
    kinds = [SUGGEST, SUGGEST_ALL, SUGGEST_VIDEO]
    wait_for_jobs(project=project, kinds=kinds, title="Suggesting", unit="batches", tick=tick)


def wait_for_jobs(*, project: Project, kinds: Collection[str], title: str, unit: str, tick: Tick) -> None:
    """Show how many of the project's jobs of these kinds are left until none is."""
    asked = jobs_alive(project=project, kinds=kinds)
    most = left = asked.count()
    with progress_bar(total=most, title=title, unit=unit) as bar:
        while left:
            time.sleep(POLL_SECONDS)
            tick()
            left = asked.count()
            most = max(most, left)
            bar.total, bar.n = most, most - left
            bar.refresh()

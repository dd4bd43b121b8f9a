"""A disk of its own, no pretrained weights, and somebody who works, for the tests of training."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from core.jobs.runner import run
from core.models import Job, JobState
from curation.management import crew
from tests.curation.conftest import Disk, disk  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, settings: Settings, disk: Disk) -> None:  # noqa: F811
    """Whatever this machine has beside the checkout plays no part."""
    settings.WEIGHTS_DIR = tmp_path / "weights"
    settings.GLOVE_PATH = ""
    settings.CHECKPOINT_DIR = tmp_path / "checkpoints"


@pytest.fixture
def quick(settings: Settings) -> None:
    """Jobs that learn nothing, in no time: all but the learning is real, children and files too."""
    settings.JOB_MODULES = [
        "tests.training.kinds" if module == "training.jobs" else module for module in settings.JOB_MODULES
    ]


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody who works on whatever is queued, in a thread of this process."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            work_off()
            time.sleep(0.05)
        connection.close()

    monkeypatch.setattr(crew, "somebody_works_on", lambda queue: True)
    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


def work_off() -> list[str]:
    """Do everything that is due, as workers would; the kinds that were done, in order."""
    done = []
    due = Job.objects.filter(state=JobState.QUEUED, due_at__lte=Now())
    while (job := due.order_by("created_at").first()) is not None:
        run(str(job.pk))
        done.append(job.kind)
    return done

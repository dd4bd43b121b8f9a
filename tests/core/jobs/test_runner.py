"""One attempt, with a real child and real files."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from pytest_django import Settings

from core.jobs import runner
from core.models import Job, JobState
from core.services.jobs import job_cancel, job_enqueue, job_finish
from core.services.storage import publish_tree
from tests.core.jobs.kinds import Ledger
from tests.core.jobs.test_process import alive, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _house(settings: Settings, tmp_path: Path) -> None:
    settings.JOB_MODULES = ["tests.core.jobs.kinds"]
    settings.JOB_HEARTBEAT_SECONDS = 0.1
    settings.JOB_WORK_DIR = tmp_path / "work"
    storage = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": storage, "OPTIONS": {"location": str(tmp_path / "media")}},
    }


def queued(kind: str, **params: Any) -> Job:
    return job_enqueue(kind=f"test.{kind}", dedupe_key=uuid4().hex, params=params)


def ran(job: Job) -> Job:
    Job.objects.filter(pk=job.pk).update(due_at=Now())
    runner.run(str(job.pk))
    return Job.objects.get(pk=job.pk)


class InTheBackground:
    """Run the job as a worker would, on a thread, until the test is done with it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        wait_until(lambda: bool(self.row.facts.get("pids")))
        self.pids: list[int] = self.row.facts["pids"]

    @property
    def row(self) -> Job:
        return Job.objects.get(pk=self.job.pk)

    def end(self) -> Job:
        self.thread.join(60)
        assert not self.thread.is_alive()
        return self.row

    def _run(self) -> None:
        try:
            runner.run(str(self.job.pk))
        finally:
            connection.close()


def work_folders(settings: Settings) -> list[Path]:
    return list(Path(settings.JOB_WORK_DIR).glob("*"))


def published(job: Job, token: int) -> str:
    return f"{job.kind}/{job.pk}/{token}"


def test_what_the_work_wrote_is_published_and_committed(settings: Settings) -> None:
    job = ran(queued("fine", text="hello"))
    key = f"test.fine/{job.pk}/1/deep/answer.txt"
    assert job.state == JobState.DONE
    assert Ledger.read(job) == [("commit", {"result": {"answer": 42}, "files": {"deep/answer.txt": key}})]
    with default_storage.open(key) as file:
        assert file.read() == b"hello"
    assert work_folders(settings) == []


def test_a_job_with_nothing_to_do_only_commits() -> None:
    job = ran(queued("nothing"))
    assert job.state == JobState.DONE
    assert Ledger.read(job) == [("commit", {"result": {}, "files": {}})]


def test_a_second_bell_does_nothing() -> None:
    job = ran(queued("nothing"))
    assert ran(job).token == 1
    assert len(Ledger.read(job)) == 1


def test_a_verdict_fails_the_job_with_its_sentence() -> None:
    job = ran(queued("verdict"))
    assert (job.state, job.error) == (JobState.FAILED, "The file is empty: record it again.")
    assert Ledger.read(job) == [("give_up", {"reason": "The file is empty: record it again."})]


def test_three_deaths_quarantine_it_with_the_last_reason(settings: Settings) -> None:
    job = queued("killed")
    assert [ran(job).state for _ in range(3)] == [JobState.QUEUED, JobState.QUEUED, JobState.QUARANTINED]
    assert "was killed while counting" in Job.objects.get(pk=job.pk).error
    assert work_folders(settings) == []


def test_a_preparation_that_fails_is_a_failed_attempt() -> None:
    job = ran(queued("fine", prepare="no such camera"))
    assert (job.state, job.error) == (
        JobState.QUEUED,
        "The worker failed: RuntimeError: no such camera",
    )


def test_a_kind_that_nobody_knows_is_a_failed_attempt() -> None:
    job = queued("fine")
    Job.objects.filter(pk=job.pk).update(kind="test.gone")
    assert "no job of the kind 'test.gone'" in ran(job).error


def test_a_commit_that_raises_leaves_no_file() -> None:
    job = ran(queued("fine", commit="raises"))
    assert (job.state, job.error) == (JobState.QUEUED, "The worker failed: RuntimeError: the shelf is full")
    assert not default_storage.exists(published(job, 1))


def test_more_output_than_allowed_is_a_failed_attempt() -> None:
    assert "more than its limit" in ran(queued("many")).error


def test_cancelled_while_it_runs_it_unwinds_and_ends(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    run = InTheBackground(queued("tidy", mark=str(mark)))
    assert job_cancel(job=run.job, actor=None).state == JobState.RUNNING
    job = run.end()
    assert (job.state, job.error) == (JobState.CANCELLED, "Cancelled.")
    assert mark.read_text() == "unwound"
    assert Ledger.read(job) == [("give_up", {"reason": "Cancelled."})]


def test_one_that_lost_its_lease_kills_its_child_and_leaves_no_trace(settings: Settings) -> None:
    run = InTheBackground(queued("sleeping"))
    Job.objects.filter(pk=run.job.pk).update(token=7, owner="somebody else")
    job = run.end()
    assert not any(map(alive, run.pids))
    assert (job.state, job.token, job.owner) == (JobState.RUNNING, 7, "somebody else")
    assert Ledger.read(job) == []
    assert work_folders(settings) == []


def test_a_job_whose_project_was_deleted_is_let_go() -> None:
    run = InTheBackground(queued("sleeping"))
    Job.objects.filter(pk=run.job.pk).delete()
    run.thread.join(60)
    assert not any(map(alive, run.pids))


def test_the_lease_is_kept_for_longer_than_it_lasts(settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 0.5
    run = InTheBackground(queued("sleeping"))
    first = run.row.lease_until
    assert first is not None
    later = first + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    wait_until(lambda: (run.row.lease_until or first) > later)
    job_cancel(job=run.job, actor=None)
    run.end()


def test_a_connection_that_breaks_costs_nothing(settings: Settings) -> None:
    run = InTheBackground(queued("tidy", mark="/dev/null"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    before = run.row.lease_until
    assert before is not None
    wait_until(lambda: (run.row.lease_until or before) > before)
    job_cancel(job=run.job, actor=None)
    assert run.end().state == JobState.CANCELLED


def _finish_whose_answer_is_lost(real: Callable[..., bool]) -> Callable[..., bool]:
    """The transaction goes through; the connection breaks before the worker hears of it."""
    calls = []

    def finish(**given: Any) -> bool:
        calls.append(given)
        won = real(**given)
        if len(calls) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return won

    return finish


def test_a_commit_whose_answer_was_lost_is_not_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "job_finish", _finish_whose_answer_is_lost(job_finish))
    job = ran(queued("fine"))
    assert job.state == JobState.DONE
    assert len(Ledger.read(job)) == 1
    assert default_storage.exists(f"{published(job, 1)}/deep/answer.txt")


def test_a_commit_that_went_through_keeps_its_files_whatever_comes_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def finish(**given: Any) -> bool:
        job_finish(**given)
        raise RuntimeError("the worker stumbles over the answer")

    monkeypatch.setattr(runner, "job_finish", finish)
    job = ran(queued("fine"))
    assert job.state == JobState.DONE
    assert default_storage.exists(f"{published(job, 1)}/deep/answer.txt")


def test_files_of_an_attempt_that_lost_at_the_last_moment_go(monkeypatch: pytest.MonkeyPatch) -> None:
    def publish(out: Path, prefix: str) -> dict[str, str]:
        files = publish_tree(out, prefix)
        Job.objects.update(token=F("token") + 1)
        return files

    monkeypatch.setattr(runner, "publish_tree", publish)
    job = ran(queued("fine"))
    assert Ledger.read(job) == []
    assert not default_storage.exists(f"{published(job, 1)}/deep/answer.txt")


WORKER = """
import sys, django
django.setup()
from django.conf import settings
settings.JOB_MODULES, settings.JOB_HEARTBEAT_SECONDS = ["tests.core.jobs.kinds"], 0.1
from core.jobs import runner
runner.run(sys.argv[1])
print("not reached: the signal is passed on")
"""


def test_a_worker_that_is_told_to_stop_gives_the_job_back_uncounted(tmp_path: Path) -> None:
    job = queued("sleeping")
    database = {name: value for name, value in connection.settings_dict.items() if name != "TEST"}
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
        "CHAOS_DATABASE": json.dumps(database, default=str),
        "RUSHES_VAR": str(tmp_path),
    }
    command = [sys.executable, "-c", WORKER, str(job.pk)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=subprocess.PIPE) as worker:
        wait_until(lambda: bool(Job.objects.get(pk=job.pk).facts.get("pids")))
        pids = Job.objects.get(pk=job.pk).facts["pids"]
        worker.send_signal(signal.SIGTERM)
        assert worker.communicate(timeout=60)[0] == b""
    assert worker.returncode == -signal.SIGTERM
    assert not any(map(alive, pids))
    row = Job.objects.get(pk=job.pk)
    assert (row.state, row.attempt, row.token, row.lease_until) == (JobState.QUEUED, 0, 1, None)

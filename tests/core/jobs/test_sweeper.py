"""The sweeper: it rings, takes back and tidies, and it is alone."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django import Settings

from config.celery import app
from core.jobs import sweeper
from core.jobs.sweeper import Swept, sweep, tidy
from core.models import Job, JobState
from core.services.jobs import job_claim, job_enqueue, job_release, job_ring

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _house(settings: Settings, tmp_path: Path, servers: None) -> Iterator[None]:
    settings.JOB_MODULES = ["tests.core.jobs.kinds"]
    settings.JOB_WORK_DIR = tmp_path / "work"
    settings.JOB_RING_SECONDS = 30.0
    storage = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": storage, "OPTIONS": {"location": str(tmp_path / "media")}},
    }
    forget_messages("light", "score")
    yield
    forget_messages("light", "score")


def forget_messages(*queues: str) -> None:
    with app.connection_for_write() as broker:
        broker.default_channel.client.delete(*(queues or ("light",)))


def messages(queue: str = "light") -> int:
    with app.connection_for_write() as broker:
        return int(broker.default_channel.client.llen(queue))


def queued(**params: Any) -> Job:
    return job_enqueue(kind="test.nothing", dedupe_key=uuid4().hex, params=params)


def claimed() -> Job:
    run = job_claim(job_id=str(queued().pk), owner="w")
    assert run is not None
    return run


def rang(job: Job, *, seconds_ago: float) -> None:
    moment = Now() - timedelta(seconds=seconds_ago)
    Job.objects.filter(pk=job.pk).update(published_at=moment, due_at=moment)


def expired(job: Job) -> Job:
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
    return job


def test_a_job_rings_when_it_is_accepted() -> None:
    queued()
    assert messages() == 1


def test_lost_messages_are_sent_again() -> None:
    for job in [queued() for _ in range(3)]:
        rang(job, seconds_ago=31)
    forget_messages()
    assert sweep().rung == 3
    assert messages() == 3


def test_a_bell_that_just_rang_is_given_time() -> None:
    queued()
    forget_messages()
    assert sweep().rung == 0


def test_a_long_queue_is_not_rung_for_again() -> None:
    for job in [queued() for _ in range(5)]:
        rang(job, seconds_ago=31)
    assert messages() == 5
    assert sweep().rung == 0


def test_of_a_queue_that_lost_some_as_many_are_rung_for_as_are_missing() -> None:
    for job in [queued() for _ in range(5)]:
        rang(job, seconds_ago=31)
    with app.connection_for_write() as broker:
        broker.default_channel.client.lpop("light")
    assert sweep().rung == 1


def test_a_queue_that_is_full_hides_no_other(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.JOB_MODULES = ["tests.core.jobs.kinds", "tests.core.jobs.slow_kinds"]
    monkeypatch.setattr(sweeper, "BATCH", 3)
    for _ in range(3):
        rang(job_enqueue(kind="test.slow", dedupe_key=uuid4().hex, params={}), seconds_ago=60)
    rang(queued(), seconds_ago=31)
    forget_messages("light")
    assert messages("score") == 3
    assert sweep().rung == 1
    assert messages() == 1


def test_a_job_that_becomes_due_is_rung_for() -> None:
    job = queued()
    forget_messages()
    Job.objects.filter(pk=job.pk).update(due_at=Now() + timedelta(seconds=60))
    assert sweep().rung == 0
    Job.objects.filter(pk=job.pk).update(due_at=Now(), published_at=Now() - timedelta(seconds=1))
    assert sweep().rung == 1


def test_an_expired_job_is_taken_back_and_the_third_time_quarantined() -> None:
    job = expired(claimed())
    assert sweep() == Swept(rung=0, taken_back=1, quarantined=0)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempt=3)
    assert sweep().taken_back == 0, "it has no lease"
    expired(job)
    assert sweep() == Swept(rung=0, taken_back=1, quarantined=1)
    assert Job.objects.get(pk=job.pk).state == JobState.QUARANTINED


def test_a_job_that_this_version_does_not_know_stops_nobody_else() -> None:
    strange, job = queued(), queued()
    for row in (strange, job):
        rang(row, seconds_ago=31)
    Job.objects.filter(pk=strange.pk).update(kind="test.gone")
    forget_messages()
    assert sweep().rung == 1


def test_a_broker_that_is_down_leaves_the_leases_to_be_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    rang(queued(), seconds_ago=31)
    expired(claimed())
    monkeypatch.setattr(sweeper, "app", type(app)("nobody", broker="redis://127.0.0.1:1/0"))
    monkeypatch.setattr(job_ring.__globals__["log"], "disabled", True)
    monkeypatch.setitem(job_ring.__globals__, "app", sweeper.app)  # type: ignore[attr-defined]  # patched above
    assert sweep() == Swept(rung=0, taken_back=1)


def test_only_one_sweeps() -> None:
    rang(queued(), seconds_ago=31)
    forget_messages()
    other = psycopg2.connect(**connection.get_connection_params())
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [sweeper.LOCK])
    assert sweep() == Swept(alone=False)
    assert tidy() == 0
    other.close()  # a sweeper that dies lets go of the lock
    deadline = time.monotonic() + 5
    while not (swept := sweep()).alone:
        assert time.monotonic() < deadline
    assert swept.rung == 1


def test_sweeping_twice_holds_no_lock_for_ever() -> None:
    sweep()
    sweep()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)


class TestTidy:
    def publish(self, job: Job, token: int) -> str:
        return default_storage.save(f"test.nothing/{job.pk}/{token}/a.txt", ContentFile(b"a"))

    def age(self, *keys: str) -> None:
        long_ago = time.time() - 2 * 24 * 3600
        for key in keys:
            os.utime(default_storage.path(key), (long_ago, long_ago))

    def test_files_of_a_token_that_did_not_win_go_after_a_day(self) -> None:
        job = queued()
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE, token=2)
        lost, won = self.publish(job, 1), self.publish(job, 2)
        assert tidy() == 0, "they are young"
        self.age(lost, won)
        assert tidy() == 1
        assert not default_storage.exists(lost)
        assert default_storage.exists(won)

    def test_sessions_that_ran_out_go_and_the_others_stay(self) -> None:
        now = timezone.now()
        for key, until in (("old", now - timedelta(seconds=1)), ("new", now + timedelta(days=1))):
            Session.objects.create(session_key=key, session_data="", expire_date=until)
        tidy()
        assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]

    def test_what_is_done_once_a_day_is_asked_for_once_a_day(self) -> None:
        tidy()
        tidy()
        (job,) = Job.objects.all()
        assert (job.kind, job.project, job.params) == ("test.daily", None, {})
        Job.objects.update(dedupe_key="test.daily:2026-01-01")  # that was another day's
        tidy()
        assert Job.objects.filter(kind="test.daily").count() == 2

    def test_files_of_a_running_attempt_stay(self) -> None:
        key = self.publish(claimed(), 1)
        self.age(key)
        assert tidy() == 0
        assert default_storage.exists(key)

    def test_files_of_a_job_that_gave_up_go(self) -> None:
        job = claimed()
        job_release(job=job, note="")
        key = self.publish(job, 1)
        self.age(key)
        assert tidy() == 1
        assert not default_storage.exists(key)

    def test_files_of_jobs_that_are_not_in_this_database_stay(self) -> None:
        key = default_storage.save(f"test.nothing/{uuid4()}/1/a.txt", ContentFile(b"a"))
        self.age(key)
        assert tidy() == 0
        assert default_storage.exists(key)

    def test_work_folders_of_dead_attempts_go_at_once(self, settings: Settings) -> None:
        job = claimed()
        alive, dead = (Path(settings.JOB_WORK_DIR) / f"{job.pk}.{token}" for token in (1, 0))
        for folder in (alive, dead):
            (folder / "out").mkdir(parents=True)
        assert tidy() == 1
        assert alive.exists()
        assert not dead.exists()


def test_the_command_sweeps_once_and_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    expired(claimed())
    call_command("sweeper", "--once")
    assert "taken_back=1" in capsys.readouterr().out

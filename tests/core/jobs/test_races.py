"""Several connections at once, on the real database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models.functions import Now
from pytest_django import Settings

from core.jobs.kinds import JobKind, Outcome, Queue
from core.models import Job, JobState
from core.services.jobs import job_claim, job_enqueue, job_expire, job_finish, job_heartbeat
from tests.connections import elsewhere, until_they_wait
from tests.core.jobs import kinds
from tests.core.jobs.kinds import Ledger

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


@pytest.fixture(autouse=True)
def _kinds(settings: Settings) -> None:
    settings.JOB_MODULES = ["tests.core.jobs.kinds"]


def queued() -> Job:
    return job_enqueue(kind="test.nothing", dedupe_key=uuid4().hex, params={})


def test_of_many_who_claim_at_once_one_wins() -> None:
    for _ in range(15):
        job = queued()
        barrier = threading.Barrier(4)

        def claim(job: Job = job, barrier: threading.Barrier = barrier) -> Job | None:
            barrier.wait()
            return job_claim(job_id=str(job.pk), owner=threading.current_thread().name)

        with ThreadPoolExecutor(4) as pool:
            won = [run for future in [elsewhere(pool, claim) for _ in range(4)] if (run := future.result())]
        assert [run.token for run in won] == [1]
        assert Job.objects.get(pk=job.pk).owner == won[0].owner


def test_who_comes_second_does_not_wait_for_the_first() -> None:
    job = queued()
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        assert job_claim(job_id=str(job.pk), owner="first") is not None
        second = elsewhere(pool, lambda: job_claim(job_id=str(job.pk), owner="second"))
        assert second.result(timeout=30) is None


def test_a_second_request_with_the_same_key_gets_the_row_of_the_first() -> None:
    barrier = threading.Barrier(4)

    def enqueue() -> Job:
        barrier.wait()
        return job_enqueue(kind="test.nothing", dedupe_key="same", params={})

    with ThreadPoolExecutor(4) as pool:
        made = {future.result().pk for future in [elsewhere(pool, enqueue) for _ in range(4)]}
    assert len(made) == 1
    assert Job.objects.count() == 1


class Commit:
    """A commit that stands still in the middle of the finishing transaction."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.go = threading.Event(), threading.Event()
        slow = JobKind(
            name="test.nothing",
            queue=Queue.LIGHT,
            work=None,
            prepare=kinds.prepare,
            commit=self.commit,
            give_up=kinds.give_up,
        )
        monkeypatch.setattr(kinds, "KINDS", (slow,))

    def commit(self, job: Job, outcome: Any) -> None:
        kinds.commit(job, outcome)
        self.reached.set()
        assert self.go.wait(30)


def test_the_sweeper_leaves_alone_who_is_committing(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, job = Commit(monkeypatch), queued()
    run = job_claim(job_id=str(job.pk), owner="w")
    assert run is not None
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
    with ThreadPoolExecutor(2) as pool:
        finish = elsewhere(pool, lambda: job_finish(job=run, outcome=Outcome()))
        assert slow.reached.wait(30)
        assert elsewhere(pool, lambda: job_expire(job_id=str(job.pk))).result(timeout=30) is None
        slow.go.set()
        assert finish.result(timeout=30) is True
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    assert len(Ledger.read(job)) == 1


def test_who_was_expired_while_asleep_finds_the_door_shut() -> None:
    job = queued()
    run = job_claim(job_id=str(job.pk), owner="w")
    assert run is not None
    with ThreadPoolExecutor(2) as pool, transaction.atomic():
        Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
        assert job_expire(job_id=str(job.pk)) == JobState.QUEUED
        # These wait for the transaction to end, and then see what is true.
        beat = elsewhere(pool, lambda: job_heartbeat(job=run))
        finish = elsewhere(pool, lambda: job_finish(job=run, outcome=Outcome()))
        until_they_wait(beat, finish)
    assert beat.result(timeout=30).held is False
    assert finish.result(timeout=30) is False
    assert Ledger.read(job) == []

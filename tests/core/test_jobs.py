"""What can happen to a job's row."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery
from django.db import connection, transaction
from django.db.models.functions import Now
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from config.celery import app as celery
from core.errors import Conflict
from core.jobs.kinds import Outcome, UnknownKindError
from core.models import Job, JobEvent, JobState
from core.services import jobs as services
from core.services.jobs import (
    LOST,
    job_cancel,
    job_claim,
    job_enqueue,
    job_expire,
    job_fail,
    job_finish,
    job_heartbeat,
    job_release,
    job_retry,
    job_stopped,
    jobs_enqueue,
)
from tests.core.jobs.kinds import Ledger
from tests.factories import project_make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(settings: Settings) -> None:
    settings.JOB_MODULES = ["tests.core.jobs.kinds"]


def queued(kind: str = "test.nothing", **params: Any) -> Job:
    return job_enqueue(kind=kind, dedupe_key=uuid4().hex, params=params)


def claimed(job: Job | None = None, **params: Any) -> Job:
    job = job or queued(**params)
    Job.objects.filter(pk=job.pk).update(due_at=Now())
    run = job_claim(job_id=str(job.pk), owner="here:1")
    assert run is not None
    return run


def expired(job: Job) -> Job:
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
    return job


def now(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs whose bell rang."""
    ids: list[str] = []
    monkeypatch.setattr(celery, "send_task", lambda *_, **sent: ids.extend(sent["args"]))
    return ids


def seconds_until(job: Job, field: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT extract(epoch FROM {field} - statement_timestamp()) FROM core_job WHERE id = %s",  # noqa: S608
            [job.pk],
        )
        return float(cursor.fetchone()[0])


class TestEnqueue:
    def test_the_same_key_is_the_same_job(self) -> None:
        first = job_enqueue(kind="test.nothing", dedupe_key="k", params={"n": 1})
        second = job_enqueue(kind="test.nothing", dedupe_key="k", params={"n": 2})
        assert first == second
        assert now(first).params == {"n": 1}
        assert JobEvent.objects.filter(job=first).count() == 1

    def test_an_unknown_kind_is_refused(self) -> None:
        with pytest.raises(UnknownKindError):
            queued("test.nonsense")

    def test_it_goes_with_the_transaction_it_belongs_to(self) -> None:
        with transaction.atomic():
            queued()
            transaction.set_rollback(True)
        assert not Job.objects.exists()

    def test_the_bell_rings_on_commit_once_and_in_the_queue_of_the_kind(
        self,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        rung: list[tuple[Any, ...]] = []
        monkeypatch.setattr(celery, "send_task", lambda *a, **k: rung.append((a, k["args"], k["queue"])))
        with django_capture_on_commit_callbacks(execute=True):
            job = job_enqueue(kind="test.nothing", dedupe_key="k", params={})
            job_enqueue(kind="test.nothing", dedupe_key="k", params={})
            assert rung == []
        assert rung == [(("core.run_job",), [str(job.pk)], "light")]
        assert now(job).published_at is not None

    def test_a_broker_that_is_down_does_not_fail_the_request(
        self,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        monkeypatch.setattr(services, "app", Celery("nobody", broker="redis://127.0.0.1:1/0"))
        with django_capture_on_commit_callbacks(execute=True):
            job = queued()
        assert now(job).state == JobState.QUEUED
        assert now(job).published_at is None

    def test_many_are_taken_in_like_one_and_those_that_are_there_stay(
        self,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        rung: list[str] = []
        monkeypatch.setattr(celery, "send_task", lambda *a, **k: rung.extend(k["args"]))
        project = project_make()
        with django_capture_on_commit_callbacks(execute=True):
            jobs_enqueue(kind="test.nothing", params={"a": {"n": 1}}, project=project)
            made = jobs_enqueue(kind="test.nothing", params={"a": {"n": 2}, "b": {"n": 2}}, project=project)
        assert [(job.dedupe_key, job.params) for job in made] == [("b", {"n": 2})]
        assert rung == [str(job.pk) for job in Job.objects.order_by("dedupe_key")]
        assert now(made[0]).published_at is not None
        assert list(made[0].events.values_list("to_state", flat=True)) == [JobState.QUEUED]


class TestClaim:
    def test_it_counts_token_and_attempt_and_takes_a_lease(self, settings: Settings) -> None:
        settings.JOB_LEASE_SECONDS = 60.0
        job = claimed()
        assert (job.state, job.token, job.attempt, job.owner) == (JobState.RUNNING, 1, 1, "here:1")
        assert 55 < seconds_until(job, "lease_until") <= 60

    def test_a_running_job_cannot_be_claimed(self) -> None:
        assert job_claim(job_id=str(claimed().pk), owner="there:2") is None

    def test_a_job_that_is_not_due_cannot_be_claimed(self) -> None:
        job = queued()
        Job.objects.filter(pk=job.pk).update(due_at=Now() + timedelta(seconds=5))
        assert job_claim(job_id=str(job.pk), owner="here:1") is None

    def test_a_bell_for_nothing_does_nothing(self) -> None:
        assert job_claim(job_id=str(uuid4()), owner="here:1") is None

    def test_every_change_is_recorded(self) -> None:
        job = claimed()
        job_finish(job=job, outcome=Outcome())
        events = JobEvent.objects.filter(job=job).values_list("from_state", "to_state", "token")
        assert list(events) == [("", "queued", 0), ("queued", "running", 1), ("running", "done", 1)]


class TestHeartbeat:
    def test_it_extends_the_lease_and_writes_progress(self) -> None:
        job = expired(claimed())
        beat = job_heartbeat(job=job, progress=0.5, stage="encoding", facts={"fps": 30})
        assert (beat.held, beat.cancel) == (True, False)
        assert seconds_until(job, "lease_until") > 0
        assert (now(job).progress, now(job).stage, now(job).facts) == (0.5, "encoding", {"fps": 30})

    def test_it_learns_of_a_cancellation(self) -> None:
        job = claimed()
        job_cancel(job=job, actor=None)
        assert job_heartbeat(job=job).cancel is True

    def test_an_older_token_extends_nothing(self) -> None:
        old = claimed()
        job_release(job=old, note="")
        new = claimed(old)
        before = now(new).lease_until
        assert job_heartbeat(job=old, progress=0.9).held is False
        assert (now(new).lease_until, now(new).progress) == (before, 0.0)


class TestFinish:
    def test_it_ends_the_job_and_commits_in_one_go(self) -> None:
        job = claimed()
        assert job_finish(job=job, outcome=Outcome(result={"n": 1}, files={"a": "k/a"})) is True
        assert (now(job).state, now(job).progress, now(job).lease_until) == (JobState.DONE, 1.0, None)
        assert Ledger.read(job) == [("commit", {"result": {"n": 1}, "files": {"a": "k/a"}})]

    def test_an_older_token_commits_nothing(self) -> None:
        old = claimed()
        job_release(job=old, note="")
        new = claimed(old)
        assert job_finish(job=old, outcome=Outcome()) is False
        assert Ledger.read(old) == []
        assert now(new).state == JobState.RUNNING
        assert job_finish(job=new, outcome=Outcome()) is True

    def test_a_job_that_another_token_finished_is_not_ours(self) -> None:
        old = claimed()
        job_release(job=old, note="")
        assert job_finish(job=claimed(old), outcome=Outcome()) is True
        assert job_finish(job=old, outcome=Outcome()) is False
        assert len(Ledger.read(old)) == 1

    def test_a_job_that_is_no_longer_running_commits_nothing(self) -> None:
        job = claimed()
        job_release(job=job, note="")
        assert job_finish(job=job, outcome=Outcome()) is False
        assert Ledger.read(job) == []

    def test_asked_again_after_a_lost_answer_it_says_yes_and_commits_once(self) -> None:
        job = claimed()
        assert job_finish(job=job, outcome=Outcome()) is True
        assert job_finish(job=job, outcome=Outcome()) is True
        assert len(Ledger.read(job)) == 1

    def test_a_commit_that_raises_changes_nothing(self) -> None:
        job = claimed(commit="raises")
        with pytest.raises(RuntimeError, match="shelf"):
            job_finish(job=job, outcome=Outcome())
        assert now(job).state == JobState.RUNNING
        assert Ledger.read(job) == []


class TestFail:
    def test_it_is_due_again_after_a_growing_pause(self, settings: Settings) -> None:
        settings.JOB_BACKOFF_SECONDS = 5.0
        job = claimed()
        assert job_fail(job=job, reason="It died.") is True
        assert (now(job).state, now(job).error, now(job).attempt) == (JobState.QUEUED, "It died.", 1)
        assert 4 < seconds_until(job, "due_at") <= 5
        job_fail(job=claimed(job), reason="It died again.")
        assert 19 < seconds_until(job, "due_at") <= 20

    def test_the_third_attempt_quarantines_and_the_kind_learns_it(self) -> None:
        job = queued()
        for n in range(3):
            assert Ledger.read(job) == []
            job_fail(job=claimed(job), reason=f"Death {n}.")
        assert (now(job).state, now(job).error, now(job).token) == (JobState.QUARANTINED, "Death 2.", 3)
        assert Ledger.read(job) == [("give_up", {"reason": "Death 2."})]

    def test_a_verdict_ends_it_at_once(self) -> None:
        job = claimed()
        job_fail(job=job, reason="The file is empty.", permanent=True)
        assert (now(job).state, now(job).error) == (JobState.FAILED, "The file is empty.")
        assert Ledger.read(job) == [("give_up", {"reason": "The file is empty."})]

    def test_an_older_token_fails_nothing(self) -> None:
        old = claimed()
        job_release(job=old, note="")
        claimed(old)
        assert job_fail(job=old, reason="late", permanent=True) is False
        assert now(old).state == JobState.RUNNING

    def test_a_kind_that_cannot_let_go_does_not_keep_its_job_alive(self) -> None:
        job = claimed(give_up="raises")
        assert job_fail(job=job, reason="bad", permanent=True) is True
        assert now(job).state == JobState.FAILED
        assert "cannot let go" in JobEvent.objects.filter(job=job).latest("pk").note
        assert Ledger.read(job) == []

    def test_a_job_of_a_kind_that_is_gone_still_ends(self) -> None:
        job = claimed()
        Job.objects.filter(pk=job.pk).update(kind="test.gone")
        assert job_fail(job=now(job), reason="bad", permanent=True) is True
        assert now(job).state == JobState.FAILED


class TestRelease:
    def test_it_is_due_at_once_and_the_attempt_is_not_counted(self) -> None:
        job = claimed()
        assert job_release(job=job, note="told to stop") is True
        row = now(job)
        assert (row.state, row.attempt, row.token, row.lease_until) == (JobState.QUEUED, 0, 1, None)
        assert claimed(job).token == 2

    def test_another_worker_is_called(
        self, rung: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        job = claimed()
        with django_capture_on_commit_callbacks(execute=True):
            job_release(job=job, note="")
        assert rung == [str(job.pk)]


class TestExpire:
    def test_a_live_lease_is_left_alone(self) -> None:
        assert job_expire(job_id=str(claimed().pk)) is None

    def test_an_expired_one_is_a_failed_attempt(self) -> None:
        job = expired(claimed())
        assert job_expire(job_id=str(job.pk)) == JobState.QUEUED
        assert (now(job).attempt, now(job).error) == (1, LOST)
        assert job_finish(job=job, outcome=Outcome()) is False

    def test_three_of_them_are_quarantined_with_the_reason(self) -> None:
        job = queued()
        for _ in range(2):
            assert job_expire(job_id=str(expired(claimed(job)).pk)) == JobState.QUEUED
        assert job_expire(job_id=str(expired(claimed(job)).pk)) == JobState.QUARANTINED
        assert Ledger.read(job) == [("give_up", {"reason": LOST})]

    def test_one_that_somebody_cancelled_is_cancelled(self) -> None:
        job = expired(claimed())
        job_cancel(job=job, actor=None)
        assert job_expire(job_id=str(job.pk)) == JobState.CANCELLED


class TestCancelAndRetry:
    def test_a_waiting_job_is_cancelled_at_once(self) -> None:
        job = job_cancel(job=queued(), actor=None)
        assert job.state == JobState.CANCELLED
        assert Ledger.read(job) == [("give_up", {"reason": "Cancelled."})]

    def test_a_running_job_is_asked_and_its_owner_ends_it(self) -> None:
        job = claimed()
        assert job_cancel(job=job, actor=None).state == JobState.RUNNING
        assert job_stopped(job=job) is True
        assert now(job).state == JobState.CANCELLED

    def test_an_ended_job_cannot_be_cancelled(self) -> None:
        job = claimed()
        job_finish(job=job, outcome=Outcome())
        with pytest.raises(Conflict):
            job_cancel(job=job, actor=None)

    def test_a_retry_starts_afresh_with_a_token_that_grows(self) -> None:
        job = claimed()
        job_fail(job=job, reason="bad", permanent=True)
        again = job_retry(job=job, actor=None)
        assert (again.state, again.attempt, again.error, again.finished_at) == (JobState.QUEUED, 0, "", None)
        assert claimed(again).token == 2

    def test_a_retry_calls_a_worker(
        self, rung: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        job = claimed()
        job_fail(job=job, reason="bad", permanent=True)
        with django_capture_on_commit_callbacks(execute=True):
            job_retry(job=job, actor=None)
        assert rung == [str(job.pk)]

    @pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.DONE])
    def test_only_what_ended_badly_can_be_tried_again(self, state: JobState) -> None:
        job = queued()
        Job.objects.filter(pk=job.pk).update(state=state)
        with pytest.raises(Conflict):
            job_retry(job=job, actor=None)

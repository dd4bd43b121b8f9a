"""Laws of the queue, tried by sequences of moves that nobody would think of."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models.functions import Now
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from pytest_django import Settings

from core.errors import Conflict
from core.jobs.kinds import Outcome
from core.models import Job, JobEvent, JobState
from core.services.jobs import (
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
)
from tests.core.jobs.kinds import Ledger

ENDED = {JobState.DONE, JobState.FAILED, JobState.QUARANTINED, JobState.CANCELLED}


class Queue(RuleBasedStateMachine):
    """One job, any number of workers, each believing that it owns the job until it is told otherwise."""

    owners = Bundle("owners")

    def __init__(self) -> None:
        super().__init__()
        self.job = job_enqueue(kind="test.nothing", dedupe_key=uuid4().hex, params={})
        self.holder: int | None = None  # the token that may act
        self.winner: int | None = None
        self.tokens: list[int] = []

    @property
    def row(self) -> Job:
        return Job.objects.get(pk=self.job.pk)

    @rule(target=owners)
    def claim(self) -> Any:
        free = self.row.state == JobState.QUEUED
        run = job_claim(job_id=str(self.job.pk), owner="w")
        if run is None:
            assert not free or self.row.due_at > self.row.created_at
            return multiple()
        assert self.holder is None, "nobody held it"
        assert run.token > max(self.tokens, default=0), "tokens grow"
        self.tokens.append(run.token)
        self.holder = run.token
        return run

    @rule(owner=owners)
    def beat(self, owner: Job) -> None:
        assert job_heartbeat(job=owner).held == (owner.token == self.holder)

    @rule(owner=owners)
    def finish(self, owner: Job) -> None:
        won = job_finish(job=owner, outcome=Outcome(result={"token": owner.token}))
        assert won == (owner.token in (self.holder, self.winner))
        if owner.token == self.holder:
            self.holder, self.winner = None, owner.token

    @rule(owner=consumes(owners), permanent=st.booleans())
    def fail(self, owner: Job, permanent: bool) -> None:
        assert job_fail(job=owner, reason="It died.", permanent=permanent) == (owner.token == self.holder)
        self._let_go(owner)

    @rule(owner=owners)
    def release(self, owner: Job) -> None:
        assert job_release(job=owner, note="stop") == (owner.token == self.holder)
        self._let_go(owner)

    @rule(owner=owners)
    def obey(self, owner: Job) -> None:
        if self.row.cancel_requested:
            assert job_stopped(job=owner) == (owner.token == self.holder)
            self._let_go(owner)

    @rule()
    def expire(self) -> None:
        Job.objects.filter(pk=self.job.pk).update(lease_until=Now() - timedelta(seconds=1))
        assert (job_expire(job_id=str(self.job.pk)) is not None) == (self.holder is not None)
        self.holder = None

    @rule()
    def wait(self) -> None:
        Job.objects.filter(pk=self.job.pk).update(due_at=Now())

    @rule()
    def cancel(self) -> None:
        if self.row.state in ENDED:
            with pytest.raises(Conflict):
                job_cancel(job=self.job, actor=None)
        else:
            job_cancel(job=self.job, actor=None)

    @rule()
    def retry(self) -> None:
        if self.row.state in ENDED - {JobState.DONE}:
            job_retry(job=self.job, actor=None)

    @invariant()
    def there_is_never_a_second_winner(self) -> None:
        commits = [data["result"]["token"] for verb, data in Ledger.read(self.job) if verb == "commit"]
        assert commits == ([] if self.winner is None else [self.winner])
        assert (self.row.state == JobState.DONE) == (self.winner is not None)

    @invariant()
    def it_runs_only_under_the_holder(self) -> None:
        assert (self.row.state == JobState.RUNNING) == (self.holder is not None)
        assert self.holder in (None, self.row.token)

    @invariant()
    def attempts_are_bounded(self) -> None:
        assert 0 <= self.row.attempt <= 3

    @invariant()
    def every_move_was_allowed(self) -> None:
        for before, after in JobEvent.objects.filter(job=self.job).values_list("from_state", "to_state"):
            assert not before or JobState(after) in Job.TRANSITIONS[JobState(before)]

    def _let_go(self, owner: Job) -> None:
        if owner.token == self.holder:
            self.holder = None

    def teardown(self) -> None:
        """Whatever happened, workers that die every time end it, one way or another."""
        for _ in range(4):
            if self.row.state in ENDED:
                return
            self.wait()
            self.claim()
            self.expire()
        assert self.row.state in ENDED


@pytest.mark.django_db
@pytest.mark.parametrize("stories", [15, pytest.param(80, marks=pytest.mark.exhaustive)])
def test_never_two_winners_tokens_grow_and_every_job_ends(settings: Settings, stories: int) -> None:
    settings.JOB_MODULES = ["tests.core.jobs.kinds"]
    run_state_machine_as_test(Queue, settings=profile(stories))


def profile(stories: int) -> settings:
    return settings(
        max_examples=stories,
        stateful_step_count=25,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given
from hypothesis import settings as law
from hypothesis import strategies as st

from core.models import AuditEvent, Job, JobEvent, JobState
from core.services.state import advance
from curation.models import Video, VideoState
from tests.curation.factories import make_video
from tests.factories import user_make

STATES = st.sampled_from(list(JobState))


def job_in(state: str, **fields: object) -> Job:
    return Job.objects.create(
        kind="test.nothing", dedupe_key=f"key{Job.objects.count()}", state=state, **fields
    )


def following(state: str) -> frozenset[JobState]:
    return Job.TRANSITIONS[JobState(state)]


@pytest.mark.django_db
class TestOne:
    def test_the_winner_changes_state_and_fields_at_once_and_sees_them(self) -> None:
        job = job_in(JobState.QUEUED, attempt=1)
        assert advance(job, to=JobState.RUNNING, attempt=F("attempt") + 1, owner="here", note="go") is True
        assert (job.state, job.attempt, job.owner) == ("running", 2, "here")
        event = JobEvent.objects.get(job=job)
        assert (event.from_state, event.to_state, event.note) == ("queued", "running", "go")

    def test_the_loser_changes_nothing_and_sees_what_is_true(self) -> None:
        job = job_in(JobState.QUEUED)
        stale = Job.objects.get(pk=job.pk)
        advance(job, to=JobState.CANCELLED)
        assert advance(stale, to=JobState.RUNNING, owner="late") is False
        assert (stale.state, stale.owner) == ("cancelled", "")
        assert JobEvent.objects.filter(job=job).count() == 1

    def test_from_narrows_the_sources(self) -> None:
        job = job_in(JobState.RUNNING)
        assert advance(job, to=JobState.QUEUED, from_=[JobState.FAILED]) is False
        assert advance(job, to=JobState.QUEUED, from_=[JobState.FAILED, JobState.RUNNING]) is True

    def test_a_move_that_is_never_allowed_is_a_bug(self) -> None:
        with pytest.raises(ValueError, match="no way from"):
            advance(job_in(JobState.DONE), to=JobState.RUNNING, from_=[JobState.DONE])

    def test_a_row_that_was_deleted_is_lost(self) -> None:
        job = job_in(JobState.QUEUED)
        Job.objects.filter(pk=job.pk).delete()
        assert advance(job, to=JobState.RUNNING) is False

    def test_state_and_event_go_together(self) -> None:
        job = job_in(JobState.QUEUED)
        with transaction.atomic():
            advance(job, to=JobState.RUNNING)
            transaction.set_rollback(True)
        assert Job.objects.get(pk=job.pk).state == JobState.QUEUED
        assert not JobEvent.objects.exists()

    def test_an_ordinary_row_gets_an_audit_event_with_its_actor(self) -> None:
        actor, video = user_make(), make_video()
        assert advance(video, to=VideoState.WORKING, actor=actor, note="go", sentence="Soon.") is True
        event = AuditEvent.objects.get(object_id=str(video.pk))
        assert (event.verb, event.actor, event.project) == ("video.working", actor, video.project)
        assert event.data == {"from": "registered", "to": "working", "note": "go"}
        assert Video.objects.get(pk=video.pk).sentence == "Soon."


@pytest.mark.django_db
@law(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=STATES, moves=st.lists(STATES, max_size=6))
def test_only_allowed_moves_happen_and_each_leaves_one_event(start: JobState, moves: list[JobState]) -> None:
    with transaction.atomic():
        job = job_in(start)
        trail = [start.value]
        for to in moves:
            allowed = to in following(trail[-1])
            assert advance(job, to=to) is allowed
            if allowed:
                trail.append(to.value)
            assert job.state == trail[-1]
        events = list(JobEvent.objects.filter(job=job).values_list("from_state", "to_state"))
        assert events == list(pairwise(trail))
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
class TestTwoConnections:
    @pytest.fixture
    def race(self) -> Callable[..., list[bool]]:
        """Run moves of one row at the same moment, each on a connection of its own."""

        def run(job: Job, *targets: JobState) -> list[bool]:
            line = threading.Barrier(len(targets))
            won: list[bool] = []

            def move(to: JobState) -> None:
                mine = Job.objects.get(pk=job.pk)
                line.wait()
                try:
                    won.append(advance(mine, to=to))
                finally:
                    connection.close()

            threads = [threading.Thread(target=move, args=(to,)) for to in targets]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
            return won

        return run

    def test_of_many_that_want_the_same_one_wins(self, race: Callable[..., list[bool]]) -> None:
        for _ in range(5):
            job = job_in(JobState.QUEUED)
            assert sorted(race(job, *[JobState.RUNNING] * 6)) == [False] * 5 + [True]
            assert JobEvent.objects.filter(job=job).count() == 1

    def test_of_two_that_exclude_each_other_one_wins(self, race: Callable[..., list[bool]]) -> None:
        for _ in range(5):
            job = job_in(JobState.RUNNING)
            assert sorted(race(job, JobState.DONE, JobState.FAILED)) == [False, True]
            assert JobEvent.objects.get(job=job).to_state == Job.objects.get(pk=job.pk).state

    def test_who_waits_for_a_transaction_that_rolls_back_wins_after_all(self) -> None:
        job = job_in(JobState.QUEUED)
        held, answers = threading.Event(), []

        def wait_and_move() -> None:
            mine = Job.objects.get(pk=job.pk)
            held.wait(10)
            try:
                answers.append(advance(mine, to=JobState.CANCELLED))
            finally:
                connection.close()

        thread = threading.Thread(target=wait_and_move)
        thread.start()
        with transaction.atomic():
            assert advance(job, to=JobState.RUNNING) is True
            held.set()
            thread.join(0.3)
            assert answers == []
            transaction.set_rollback(True)
        thread.join(10)
        assert answers == [True]
        assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED

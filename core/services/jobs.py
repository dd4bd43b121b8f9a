"""What can happen to a job. The row is the truth; every change of its state is one fenced UPDATE.

Time is the database's: `Now()` is the time of the statement, on the server.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from config.celery import app
from core.errors import Conflict
from core.models import Job, JobEvent, JobState, Project, User
from core.services.audit import audit_record
from core.services.kinds import JobKind, Outcome, UnknownKindError, job_kind

log = logging.getLogger(__name__)

BELLS = 50
"""How many of many jobs are rung for at once: more than there are workers, and soon done."""
LOST = "The process that ran this was lost before it could finish."


@dataclass(frozen=True)
class Beat:
    """What a heartbeat learns: whether the lease still holds, whether somebody wants the job stopped."""

    held: bool
    cancel: bool


def job_enqueue(
    *,
    kind: str,
    dedupe_key: str,
    params: dict[str, Any],
    project: Project | None = None,
) -> Job:
    """Accept a piece of work in the caller's transaction and ring for it on commit.

    A second call with the same `dedupe_key` returns the row that is there, whatever its state.
    Raises UnknownKindError. A broker that is down costs a delay: the sweeper rings later.
    """
    job_kind(kind)
    with transaction.atomic():
        job, made = Job.objects.get_or_create(
            dedupe_key=dedupe_key, defaults={"kind": kind, "params": params, "project": project}
        )
        if made:
            JobEvent.objects.create(job=job, to_state=JobState.QUEUED)
            _ring_on_commit(job)
    return job


def jobs_enqueue(*, kind: str, params: Mapping[str, dict[str, Any]], project: Project) -> list[Job]:
    """Accept many pieces of work of one kind, `params` by dedupe key; the rows that this call made.

    What `job_enqueue` would do for each of them, in three statements. On commit the first `BELLS` are rung
    for; the sweeper rings for the others, since a person may be waiting for this to return.
    """
    job_kind(kind)
    asked = [Job(kind=kind, dedupe_key=key, params=own, project=project) for key, own in params.items()]
    with transaction.atomic():
        Job.objects.bulk_create(asked, ignore_conflicts=True)
        made = list(Job.objects.filter(pk__in=[job.pk for job in asked]).order_by("created_at", "pk"))
        JobEvent.objects.bulk_create(JobEvent(job=job, to_state=JobState.QUEUED) for job in made)
        transaction.on_commit(lambda: _ring_all(made[:BELLS]), robust=True)
    return made


def job_ring(*, job: Job) -> bool:
    """Send the job's id to its queue; whether the broker took it. Never raises for a broker that is down."""
    return _ring_all([job]) == 1


def job_claim(*, job_id: str, owner: str) -> Job | None:
    """Take a due job under a lease with a new token, or return None where there is nothing to take."""
    with transaction.atomic():
        due = Job.objects.filter(pk=job_id, state=JobState.QUEUED, due_at__lte=Now())
        job = due.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        won = _move(
            Q(pk=job.pk, state=JobState.QUEUED, token=job.token),
            job,
            JobState.RUNNING,
            note=owner,
            token=F("token") + 1,
            attempt=F("attempt") + 1,
            lease_until=_lease(),
            owner=owner,
            started_at=Now(),
            progress=0.0,
            stage="",
            facts={},
            cancel_requested=False,
        )
        if not won:
            return None
        job.refresh_from_db()
        return job


def job_heartbeat(*, job: Job, **progress: Any) -> Beat:
    """Extend the lease of (id, token, running), writing `progress`, `stage`, `facts` where given."""
    mine = Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING)
    if not mine.update(lease_until=_lease(), **progress):
        return Beat(held=False, cancel=False)
    return Beat(held=True, cancel=mine.filter(cancel_requested=True).exists())


def job_finish(*, job: Job, outcome: Outcome) -> bool:
    """End the job and commit what it made, in one transaction; False where another owner has the job.

    The token decides before `kind.commit` runs. Calling it again after a lost answer is safe: a
    commit that went through is found by its token. What `kind.commit` raises is raised, with
    nothing changed.
    """
    with transaction.atomic():
        if _move(_held(job), job, JobState.DONE, **_ENDED, progress=1.0, error=""):
            job_kind(job.kind).commit(job, outcome)
            return True
    return Job.objects.filter(pk=job.pk, token=job.token, state=JobState.DONE).exists()


def job_fail(*, job: Job, reason: str, permanent: bool = False) -> bool:
    """Count an attempt that died, or with `permanent` take its verdict; False where it is not ours any more.

    The third attempt quarantines the job; before that it is due again after a growing pause.
    """
    with transaction.atomic():
        if permanent:
            return _end(job, JobState.FAILED, reason)
        if job.attempt >= settings.JOB_MAX_ATTEMPTS:
            return _end(job, JobState.QUARANTINED, reason)
        pause = timedelta(seconds=settings.JOB_BACKOFF_SECONDS * 4 ** (job.attempt - 1))
        return _move(
            _held(job), job, JobState.QUEUED, note=reason, **_RESTING, error=reason, due_at=Now() + pause
        )


def job_release(*, job: Job, note: str) -> bool:
    """Give a job back unharmed, due at once, the attempt not counted: its worker was told to stop."""
    with transaction.atomic():
        given = _move(
            _held(job), job, JobState.QUEUED, note=note, **_RESTING, attempt=F("attempt") - 1, due_at=Now()
        )
        if given:
            _ring_on_commit(job)
        return given


def job_stopped(*, job: Job) -> bool:
    """End a running job whose cancellation was asked for; False where it is not ours any more."""
    with transaction.atomic():
        return _end(job, JobState.CANCELLED, "Cancelled.")


def job_expire(*, job_id: str) -> JobState | None:
    """Take back one job whose lease ran out; the state it is in now, or None where it is not expired.

    A row that its owner is committing right now is locked and left alone.
    """
    with transaction.atomic():
        late = Job.objects.filter(pk=job_id, state=JobState.RUNNING, lease_until__lt=Now())
        job = late.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        if job.cancel_requested:
            job_stopped(job=job)
        else:
            job_fail(job=job, reason=LOST)
        job.refresh_from_db()
        return JobState(job.state)


def job_cancel(*, job: Job, actor: User | None) -> Job:
    """Cancel a waiting job at once, ask the owner of a running one to stop. Raises Conflict if it ended."""
    with transaction.atomic():
        row = Job.objects.select_for_update().get(pk=job.pk)
        if row.state == JobState.QUEUED:
            _end(row, JobState.CANCELLED, "Cancelled.", where=Q(pk=row.pk, state=JobState.QUEUED))
        elif row.state == JobState.RUNNING:
            Job.objects.filter(pk=row.pk).update(cancel_requested=True)
        else:
            raise Conflict("This job has already ended, so there is nothing to cancel.")
        audit_record(verb="job.cancel", obj=row, project=row.project, actor=actor)
        row.refresh_from_db()
        return row


def job_retry(*, job: Job, actor: User | None) -> Job:
    """Put a failed, quarantined or cancelled job back in its queue with fresh attempts. Raises Conflict."""
    with transaction.atomic():
        row = Job.objects.select_for_update().get(pk=job.pk)
        if JobState.QUEUED not in Job.TRANSITIONS[JobState(row.state)] or row.state == JobState.RUNNING:
            raise Conflict("Only a job that failed, was quarantined or was cancelled can be tried again.")
        fresh = {**_RESTING, "attempt": 0, "error": "", "progress": 0.0, "stage": "", "facts": {}}
        _move(Q(pk=row.pk, state=row.state), row, JobState.QUEUED, note="Tried again.", **fresh, due_at=Now())
        Job.objects.filter(pk=row.pk).update(finished_at=None)
        audit_record(verb="job.retry", obj=row, project=row.project, actor=actor)
        _ring_on_commit(row)
        row.refresh_from_db()
        return row


_ENDED: dict[str, Any] = {"lease_until": None, "finished_at": Now()}
_RESTING: dict[str, Any] = {"lease_until": None, "owner": "", "cancel_requested": False, "published_at": None}


def _lease() -> Any:
    return Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _held(job: Job) -> Q:
    """The fence: this job, under this token, still running."""
    return Q(pk=job.pk, token=job.token, state=JobState.RUNNING)


def _move(where: Q, job: Job, to: JobState, *, note: str = "", **changes: Any) -> bool:
    """Change the state by one conditional UPDATE and record it; whether the condition held."""
    if not Job.objects.filter(where).update(state=to, **changes):
        return False
    token = Job.objects.values_list("token", flat=True).get(pk=job.pk)
    JobEvent.objects.create(job_id=job.pk, from_state=job.state, to_state=to, token=token, note=note)
    return True


def _end(job: Job, to: JobState, reason: str, *, where: Q | None = None) -> bool:
    """End without a result: the kind learns it in the same transaction, and cannot stop it."""
    if not _move(_held(job) if where is None else where, job, to, note=reason, **_ENDED, error=reason):
        return False
    try:
        kind: JobKind = job_kind(job.kind)
        with transaction.atomic():
            kind.give_up(job, reason)
    except Exception as error:  # a kind that fails to tidy up must not keep its job alive for ever
        log.exception("giving up job %s of %s failed", job.pk, job.kind)
        note = f"Giving up failed: {error!r}"
        JobEvent.objects.create(job_id=job.pk, from_state=to, to_state=to, token=job.token, note=note)
    return True


def _ring_all(jobs: Sequence[Job]) -> int:
    """Send jobs to their queues until the broker refuses one; how many it took."""
    rung: list[Job] = []
    try:
        for job in jobs:
            _send(job)
            rung.append(job)
    except (BrokerError, RedisError, OSError, UnknownKindError) as error:
        late = jobs[len(rung)]
        log.warning("nobody was called for job %s; the sweeper will try again: %s", late.pk, error)
    if rung:
        Job.objects.filter(pk__in=[job.pk for job in rung]).update(published_at=Now())
    return len(rung)


def _send(job: Job) -> None:
    queue = job_kind(job.kind).queue
    # Straight to the queue by name: a wiped Redis has forgotten its exchanges' bindings.
    app.send_task(
        "core.run_job",
        args=[str(job.pk)],
        queue=queue.value,
        retry=True,
        retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.1},
    )


def _ring_on_commit(job: Job) -> None:
    transaction.on_commit(lambda: job_ring(job=job), robust=True)

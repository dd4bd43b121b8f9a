"""The kind of job that is killed, as the workers know it."""

import os
from typing import Any

from django.db import transaction

from core.jobs.kinds import JobKind, Outcome, Queue
from core.models import AuditEvent, Job
from tests.chaos.gates import hold

_doing: dict[str, Any] = {}
_fsyncs = 0
_real_fsync = os.fsync


def _gated_fsync(file: Any) -> None:
    """The real thing; the second one of an attempt is where the gate `publish` is."""
    global _fsyncs
    _real_fsync(file)
    _fsyncs += 1
    if _doing and _fsyncs == 2:
        hold(_doing, "publish")


def prepare(job: Job) -> dict[str, Any]:
    global _fsyncs
    if "CHAOS_MARKS" not in os.environ:
        raise RuntimeError("The kill suite's kind runs only in the kill suite's workers.")
    setattr(os, "fsync", _gated_fsync)  # noqa: B010 -- the type of the real one has no public name
    _fsyncs = 0
    _doing.clear()
    _doing.update(job.params, job=str(job.pk), token=job.token, marks=os.environ["CHAOS_MARKS"])
    return dict(_doing)


def commit(job: Job, outcome: Outcome) -> None:
    """One row a commit, in the transaction: the ledger that is counted at the end."""
    data = {"token": job.token, "files": outcome.files, "result": outcome.result}
    AuditEvent.objects.create(verb="chaos.commit", object_type="job", object_id=str(job.pk), data=data)
    hold(_doing, "commit")
    transaction.on_commit(lambda: hold(_doing, "after"))


def give_up(job: Job, reason: str) -> None:
    AuditEvent.objects.create(
        verb="chaos.give_up", object_type="job", object_id=str(job.pk), data={"reason": reason}
    )


KINDS = (
    JobKind(
        name="chaos.encode",
        queue=Queue.LIGHT,
        work="tests.chaos.work:encode",
        prepare=prepare,
        commit=commit,
        give_up=give_up,
    ),
)

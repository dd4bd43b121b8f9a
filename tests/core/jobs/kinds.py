"""Kinds for the tests; what the worker's side of them is told is written to LEDGER."""

from dataclasses import replace
from typing import Any

from core.jobs.kinds import JobKind, Limits, Outcome, Queue
from core.models import AuditEvent, Job

UNLIMITED = Limits()


class Ledger:
    """What kinds were told, kept in the database so that it rolls back with the transaction it is in."""

    @staticmethod
    def write(verb: str, job: Job, **data: Any) -> None:
        AuditEvent.objects.create(verb=verb, object_type="ledger", object_id=str(job.pk), data=data)

    @staticmethod
    def read(job: Job) -> list[tuple[str, dict[str, Any]]]:
        rows = AuditEvent.objects.filter(object_type="ledger", object_id=str(job.pk)).order_by("pk")
        return list(rows.values_list("verb", "data"))


def prepare(job: Job) -> dict[str, Any]:
    if "prepare" in job.params:
        raise RuntimeError(job.params["prepare"])
    return dict(job.params)


def commit(job: Job, outcome: Outcome) -> None:
    Ledger.write("commit", job, result=outcome.result, files=outcome.files)
    if job.params.get("commit") == "raises":
        raise RuntimeError("the shelf is full")


def give_up(job: Job, reason: str) -> None:
    Ledger.write("give_up", job, reason=reason)
    if job.params.get("give_up") == "raises":
        raise RuntimeError("cannot let go")


def kind_of(work: str | None, limits: Limits = UNLIMITED) -> JobKind:
    return JobKind(
        name=f"test.{work or 'nothing'}",
        queue=Queue.LIGHT,
        work=work and f"tests.core.jobs.work:{work}",
        prepare=prepare,
        commit=commit,
        give_up=give_up,
        limits=limits,
    )


KINDS = (
    kind_of(None),
    kind_of("fine"),
    kind_of("verdict"),
    kind_of("broken"),
    kind_of("killed"),
    kind_of("sleeping"),
    kind_of("tidy"),
    kind_of("many", Limits(output_bytes=2 * 2**20)),
    replace(kind_of(None), name="test.daily", daily=True),
)

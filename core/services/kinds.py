"""What a kind of job is: where it waits, what it does in its child process, what it commits."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from django.conf import settings

from core.models import Job

T = TypeVar("T")
_held: ContextVar[ExitStack] = ContextVar("held")


class Queue(StrEnum):
    """The Celery queues; which worker listens to which is the operator's choice."""

    INGEST = "ingest"
    SCORE = "score"
    TRAIN = "train"
    LIGHT = "light"


@dataclass(frozen=True)
class Limits:
    """What one attempt may use; None is no limit. Memory is private memory, output the whole tree."""

    cpu_seconds: int | None = None
    memory_bytes: int | None = None
    output_bytes: int | None = None
    wall_seconds: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What an attempt made: its result, and for each file written under `out` its storage key."""

    result: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """One kind of job.

    `work` names a function, as "package.module:function", that is called in a child process without
    Django; None means that there is only something to commit. `prepare` runs in the worker before
    the child and returns what the child gets, as JSON; what it opens with `hold` (a staged source)
    stays open until the attempt is over. `commit` runs inside the transaction that
    ends the job, after the token has won. `give_up` runs inside the transaction that fails,
    quarantines or cancels the job, with the sentence that says why. Of a `daily` kind the sweeper asks for
    one job a day, without project or parameters.
    """

    name: str
    queue: Queue
    work: str | None
    prepare: Callable[[Job], dict[str, Any]]
    commit: Callable[[Job, Outcome], None]
    give_up: Callable[[Job, str], None]
    limits: Limits = Limits()
    daily: bool = False


class UnknownKindError(LookupError):
    """No module in `settings.JOB_MODULES` has a kind of this name."""


def job_kinds() -> Iterator[JobKind]:
    """Every kind of job in the modules that `settings.JOB_MODULES` lists."""
    for module in settings.JOB_MODULES:
        yield from importlib.import_module(module).KINDS


def job_kind(name: str) -> JobKind:
    """Return the kind called `name`. Raises UnknownKindError."""
    for kind in job_kinds():
        if kind.name == name:
            return kind
    raise UnknownKindError(f"This version of Rushes knows no job of the kind {name!r}.")


def hold(context: AbstractContextManager[T]) -> T:
    """Enter `context` until the attempt that is being prepared is over; for use in `JobKind.prepare`."""
    return _held.get().enter_context(context)


@contextmanager
def holding() -> Iterator[None]:
    """The span of one attempt: what was entered with `hold` is left at its end."""
    with ExitStack() as stack:
        mark = _held.set(stack)
        try:
            yield
        finally:
            _held.reset(mark)

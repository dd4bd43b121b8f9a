"""The kinds of jobs, under the name by which the apps know them."""

from core.services.kinds import JobKind, Limits, Outcome, Queue, UnknownKindError, hold, job_kind, job_kinds

__all__ = ["JobKind", "Limits", "Outcome", "Queue", "UnknownKindError", "hold", "job_kind", "job_kinds"]

"""The queue. A row here is the acceptance of a piece of work; a Celery message only rings the bell."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    QUARANTINED = "quarantined", "Quarantined"
    CANCELLED = "cancelled", "Cancelled"


class Job(models.Model):
    """One piece of background work, claimed under a lease and fenced by a token.

    `FAILED` is a verdict about the input (trying again cannot help); `QUARANTINED` is three
    attempts that died. Both keep their reason in `error`, a sentence for a person.
    """

    TRANSITIONS: ClassVar[dict[JobState, frozenset[JobState]]] = {
        JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED}),
        JobState.RUNNING: frozenset(
            {JobState.DONE, JobState.FAILED, JobState.QUEUED, JobState.QUARANTINED, JobState.CANCELLED}
        ),
        JobState.DONE: frozenset(),
        JobState.FAILED: frozenset({JobState.QUEUED}),
        JobState.QUARANTINED: frozenset({JobState.QUEUED}),
        JobState.CANCELLED: frozenset({JobState.QUEUED}),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, null=True, related_name="jobs")
    kind = models.CharField(max_length=64)
    dedupe_key = models.CharField(max_length=200, unique=True)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=JobState, default=JobState.QUEUED)
    due_at = models.DateTimeField(db_default=Now())
    attempt = models.PositiveSmallIntegerField(default=0)
    token = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    owner = models.CharField(max_length=120, blank=True)
    progress = models.FloatField(default=0.0)
    stage = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict)
    cancel_requested = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="job_due"),
            models.Index(fields=["state", "lease_until"], name="job_leases"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} {self.state}"


class JobEvent(models.Model):
    """One change of a job's state; rows are only ever added."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(db_default=Now(), editable=False)
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16)
    token = models.PositiveBigIntegerField(default=0)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.from_state} -> {self.to_state}"

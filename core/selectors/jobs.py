"""Questions about jobs."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from core.models import Job, JobState, Project


def jobs_of(*, project: Project, kind: str = "", state: str = "") -> QuerySet[Job]:
    """The project's jobs, newest first, of one kind and in one state where these are given."""
    jobs = Job.objects.filter(project=project).order_by("-created_at", "-pk")
    if kind:
        jobs = jobs.filter(kind=kind)
    if state:
        jobs = jobs.filter(state=state)
    return jobs


def jobs_alive(*, project: Project, kinds: Collection[str] = ()) -> QuerySet[Job]:
    """The project's jobs that wait or run, of these kinds where some are given."""
    jobs = Job.objects.filter(project=project, state__in=(JobState.QUEUED, JobState.RUNNING))
    return jobs.filter(kind__in=kinds) if kinds else jobs


def job_of(*, project: Project, job_id: UUID) -> Job | None:
    """One job of the project, or None where the project has no such job."""
    return Job.objects.filter(project=project, pk=job_id).first()


def job_cancel_wanted(*, job: Job) -> bool:
    """Whether somebody asked to stop the run that `job` is."""
    return Job.objects.filter(pk=job.pk, token=job.token, cancel_requested=True).exists()


def jobs_unanswered() -> QuerySet[Job]:
    """Due jobs that nobody claimed although their bell rang a while ago, or never rang; oldest first."""
    patience = Now() - timedelta(seconds=settings.JOB_RING_SECONDS)
    silent = Q(published_at=None) | Q(published_at__lt=F("due_at")) | Q(published_at__lt=patience)
    return Job.objects.filter(silent, state=JobState.QUEUED, due_at__lte=Now()).order_by("due_at", "pk")


def jobs_expired() -> QuerySet[Job]:
    """Running jobs whose lease ran out."""
    return Job.objects.filter(state=JobState.RUNNING, lease_until__lt=Now()).order_by("lease_until")


def jobs_with_leftovers() -> QuerySet[Job]:
    """Jobs that had an attempt which did not commit, so that files of it may lie about."""
    return Job.objects.filter(token__gt=0).filter(Q(token__gt=1) | ~Q(state=JobState.DONE))

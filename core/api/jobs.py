"""The jobs of a project: what runs, how far it is, why it ended. Mounted at /projects/{slug}."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from core.api.auth import Slug, member, membership_of
from core.api.paging import Limit, Offset, page
from core.errors import NotFound
from core.models import Job, JobState, Role
from core.selectors.jobs import job_of, jobs_of
from core.services.jobs import job_cancel, job_retry

router = Router(tags=["jobs"])


class JobOut(Schema):
    """A job. `progress` is 0 to 1, `error` a sentence, `facts` what the kind reports of its own."""

    id: UUID
    kind: str
    state: JobState
    stage: str
    progress: float
    facts: dict[str, Any]
    error: str
    attempt: int
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class JobList(Schema):
    """Jobs, newest first."""

    items: list[JobOut]
    total: int


@router.get("/jobs", auth=member(Role.VIEWER), response=JobList, operation_id="job_list")
def job_list(
    request: HttpRequest,
    slug: Slug,
    kind: str = "",
    state: JobState | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> JobList:
    """The project's jobs, of one kind and in one state where these are given."""
    jobs = jobs_of(project=membership_of(request).project, kind=kind, state=state or "")
    rows, total = page(jobs, limit=limit, offset=offset)
    return JobList(items=[JobOut.from_orm(row) for row in rows], total=total)


@router.get("/jobs/{uuid:job_id}", auth=member(Role.VIEWER), response=JobOut, operation_id="job_detail")
def job_detail(request: HttpRequest, slug: Slug, job_id: UUID) -> Job:
    """One job."""
    return _job(request, job_id)


@router.post(
    "/jobs/{uuid:job_id}/cancel", auth=member(Role.REVIEWER), response=JobOut, operation_id="job_cancel"
)
def job_cancel_it(request: HttpRequest, slug: Slug, job_id: UUID) -> Job:
    """Cancel a waiting job at once; ask a running one to stop. 409 for one that has ended."""
    return job_cancel(job=_job(request, job_id), actor=membership_of(request).user)


@router.post(
    "/jobs/{uuid:job_id}/retry", auth=member(Role.REVIEWER), response=JobOut, operation_id="job_retry"
)
def job_retry_it(request: HttpRequest, slug: Slug, job_id: UUID) -> Job:
    """Try a failed, quarantined or cancelled job again. 409 for any other."""
    return job_retry(job=_job(request, job_id), actor=membership_of(request).user)


def _job(request: HttpRequest, job_id: UUID) -> Job:
    job = job_of(project=membership_of(request).project, job_id=job_id)
    if job is None:
        raise NotFound("There is no such job in this project.")
    return job

"""The jobs of a project, over the API."""

from uuid import uuid4

import pytest
from pytest_django import Settings

from core.models import AuditEvent, Job, JobState, Membership, Project, Role
from core.services.jobs import job_claim, job_enqueue, job_fail
from tests.core.http import Browser, sentence
from tests.factories import user_make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(settings: Settings) -> None:
    settings.JOB_MODULES = ["tests.core.jobs.kinds"]


@pytest.fixture
def project() -> Project:
    return Project.objects.create(slug="yard", name="Yard")


@pytest.fixture
def lead(project: Project) -> Browser:
    user = user_make("lead")
    Membership.objects.create(user=user, project=project, role=Role.REVIEWER)
    return Browser(user)


def queued(project: Project | None, kind: str = "test.nothing") -> Job:
    return job_enqueue(kind=kind, dedupe_key=uuid4().hex, params={}, project=project)


def failed(project: Project) -> Job:
    job = queued(project)
    run = job_claim(job_id=str(job.pk), owner="w")
    assert run is not None
    job_fail(job=run, reason="The file is empty: record it again.", permanent=True)
    return job


def test_a_job_says_where_it_stands(lead: Browser, project: Project) -> None:
    job = failed(project)
    said = lead.get(f"/api/projects/yard/jobs/{job.pk}").json()
    assert said["id"] == str(job.pk)
    assert (said["state"], said["error"]) == ("failed", "The file is empty: record it again.")
    assert set(said) >= {"kind", "stage", "progress", "facts", "attempt", "cancel_requested"}
    assert "params" not in said


def test_the_list_is_newest_first_and_can_be_narrowed(lead: Browser, project: Project) -> None:
    first, second, bad = queued(project), queued(project, "test.fine"), failed(project)
    queued(None)

    def listed(query: str) -> list[str]:
        return [item["id"] for item in lead.get(f"/api/projects/yard/jobs?{query}").json()["items"]]

    assert set(listed("")) == {str(job.pk) for job in (first, second, bad)}
    assert listed("kind=test.fine") == [str(second.pk)]
    assert listed("state=failed") == [str(bad.pk)]
    assert lead.get("/api/projects/yard/jobs?limit=1").json()["total"] == 3


def test_cancelling_is_written_down_with_who_did_it(lead: Browser, project: Project) -> None:
    job = queued(project)
    answer = lead.post(f"/api/projects/yard/jobs/{job.pk}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    event = AuditEvent.objects.get(verb="job.cancel")
    assert event.actor is not None
    assert event.actor.username == "lead"


def test_a_job_that_has_ended_cannot_be_cancelled(lead: Browser, project: Project) -> None:
    answer = lead.post(f"/api/projects/yard/jobs/{failed(project).pk}/cancel")
    assert answer.status_code == 409
    assert sentence(answer) == "This job has already ended, so there is nothing to cancel."


def test_a_failed_job_is_tried_again(lead: Browser, project: Project) -> None:
    job = failed(project)
    answer = lead.post(f"/api/projects/yard/jobs/{job.pk}/retry")
    assert (answer.status_code, answer.json()["state"], answer.json()["error"]) == (200, "queued", "")
    assert Job.objects.get(pk=job.pk).state == JobState.QUEUED


def test_a_job_of_another_project_is_not_there(lead: Browser) -> None:
    other = queued(Project.objects.create(slug="other", name="Other"))
    for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/retry")):
        assert lead.call(method, f"/api/projects/yard/jobs/{other.pk}{path}").status_code == 404

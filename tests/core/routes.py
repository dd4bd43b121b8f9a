"""Who may call the routes of the ground floor: see tests/core/route_matrix.py."""

from itertools import count
from typing import Any

from core.models import Job, JobState, Project, Role
from core.services.accounts import member_invite
from tests.core.route_matrix import Least, Route
from tests.factories import PASSWORD, member_make, user_make

_numbers = count(1)


def a_member(project: Project) -> dict[str, Any]:
    return {"user_id": member_make(project=project).user.pk}


def somebody_new(project: Project) -> dict[str, Any]:
    return {"username": user_make().username, "role": "viewer"}


def a_member_made_here(project: Project) -> dict[str, Any]:
    name = f"is-new-{next(_numbers)}"
    made, _ = member_invite(project=project, username=name, role=Role.VIEWER, actor=None)
    return {"user_id": made.user_id}


def credentials(project: Project) -> dict[str, Any]:
    user = user_make(f"signs-in-{next(_numbers)}", password=PASSWORD)
    return {"username": user.username, "password": PASSWORD}


def job_that(state: JobState) -> Any:
    def make(project: Project) -> dict[str, Any]:
        key = f"matrix{next(_numbers)}"
        job = Job.objects.create(project=project, kind="core.none", dedupe_key=key, state=state)
        return {"job_id": job.pk}

    return make


ROUTES = (
    Route("health", Least.ANYONE),
    Route("session_get", Least.ANYONE),
    Route("session_login", Least.ANYONE, body=credentials),
    Route("session_logout", Least.ANYONE),
    Route(
        "session_password",
        Least.NEWCOMER,
        body=lambda project: {"current": "not it", "new": "whatever it is"},
        ok=(401,),
    ),
    Route("project_list", Least.SIGNED_IN),
    Route("project_create", Least.STAFF, body=lambda project: {"name": "Harbour"}),
    Route("project_detail", Role.VIEWER),
    Route("project_rename", Role.ADMIN, body=lambda project: {"name": "Quay"}),
    Route("member_list", Role.VIEWER),
    Route("member_add", Role.ADMIN, body=somebody_new),
    Route("member_change", Role.ADMIN, params=a_member, body=lambda project: {"role": "annotator"}),
    Route("member_remove", Role.ADMIN, params=a_member),
    Route("member_password", Role.ADMIN, params=a_member_made_here),
    Route("project_activity", Role.VIEWER),
    Route("job_list", Role.VIEWER),
    Route("job_detail", Role.VIEWER, params=job_that(JobState.RUNNING)),
    Route("job_cancel", Role.REVIEWER, params=job_that(JobState.RUNNING)),
    Route("job_retry", Role.REVIEWER, params=job_that(JobState.FAILED)),
)

"""Who may call the routes of training: see tests/core/route_matrix.py."""

from typing import Any
from uuid import uuid4

from core.models import Job, JobState, Project, Role
from tests.core.route_matrix import Route
from tests.training.factories import make_examples, make_model, make_run
from training.models import RunState


def a_run(state: RunState) -> Any:
    return lambda project: {"number": make_run(project, state=state).number}


def a_failed_run(project: Project) -> dict[str, Any]:
    """One that failed while it trained."""
    job = Job.objects.create(
        project=project, kind="training.train", dedupe_key=f"matrix-{uuid4()}", state=JobState.FAILED
    )
    return {"number": make_run(project, state=RunState.FAILED, job=job).number}


def a_model(project: Project) -> dict[str, Any]:
    """The second of two, so that there is one to take over from."""
    make_model(project)
    return {"number": make_model(project).number}


def nothing_asked(project: Project) -> dict[str, Any]:
    """A click on Train, in a project with labels."""
    make_examples(project)
    return {}


ROUTES = (
    Route("training_preflight", Role.VIEWER),
    Route("training_summary", Role.VIEWER),
    Route("training_run_start", Role.TRAINER, body=nothing_asked),
    Route("training_runs", Role.VIEWER),
    Route("training_run", Role.VIEWER, params=a_run(RunState.DONE)),
    Route("training_run_cancel", Role.TRAINER, params=a_run(RunState.QUEUED)),
    Route("training_run_resume", Role.TRAINER, params=a_failed_run),
    Route("models", Role.VIEWER),
    Route("model", Role.VIEWER, params=a_model),
    Route("model_misread", Role.VIEWER, params=a_model),
    Route("model_promote", Role.TRAINER, params=a_model),
)

"""Training runs: what one would do, starting it, following it, stopping it, going on with it."""

from contextlib import suppress
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest
from ninja import Router, Status
from redis.exceptions import RedisError

from core.api.auth import Slug, member, membership_of
from core.api.paging import Limit, Offset, page
from core.models import Role
from training.api.schemas import PreflightOut, RunIn, RunList, RunOut, TrainingSummaryOut
from training.api.show import preflight_shown, run_row, run_whole, summary_shown
from training.selectors.marks import preflight_mark
from training.selectors.preflight import preflight_of
from training.selectors.recipes import DEFAULT
from training.selectors.runs import run_of, runs_of
from training.selectors.summary import training_summary
from training.services.runs import run_cancel, run_resume, run_start

router = Router(tags=["training"])
KEPT_SECONDS = 3600
"""How long a preflight is kept: another version of the program may word it differently."""


@router.get(
    "/training/preflight",
    auth=member(Role.VIEWER),
    response=PreflightOut,
    operation_id="training_preflight",
)
def preflight(request: HttpRequest, slug: Slug) -> PreflightOut:
    """What a run on the labels of this moment would learn from, and what stands in its way."""
    project = membership_of(request).project
    # Dealing 100,000 labels takes seconds: what was told is told again until something of it changes.
    key = f"preflight:{project.pk}:{sha256(preflight_mark(project=project).encode()).hexdigest()}"
    with suppress(RedisError):
        if (kept := cache.get(key)) is not None:
            return PreflightOut(**kept)
    told = preflight_shown(preflight_of(project=project))
    with suppress(RedisError):
        cache.set(key, told.model_dump(mode="json"), timeout=KEPT_SECONDS)
    return told


@router.get(
    "/training/summary",
    auth=member(Role.VIEWER),
    response=TrainingSummaryOut,
    operation_id="training_summary",
)
def summary(request: HttpRequest, slug: Slug) -> TrainingSummaryOut:
    """How far learning is, in numbers that are quick to read."""
    return summary_shown(training_summary(project=membership_of(request).project))


@router.post(
    "/training/runs", auth=member(Role.TRAINER), response={201: RunOut}, operation_id="training_run_start"
)
def run_begin(request: HttpRequest, slug: Slug, body: RunIn) -> Status[RunOut]:
    """Freeze the labels and train on them. 409 while a run is on, 422 where there is too little to learn."""
    membership = membership_of(request)
    options = body.options.dict(exclude_none=True) if body.options else {}
    run = run_start(
        project=membership.project,
        actor=membership.user,
        recipe=body.recipe or DEFAULT,
        options=options,
    )
    return Status(201, run_whole(run))


@router.get("/training/runs", auth=member(Role.VIEWER), response=RunList, operation_id="training_runs")
def run_list(request: HttpRequest, slug: Slug, limit: Limit = 50, offset: Offset = 0) -> RunList:
    """The project's runs, newest first."""
    rows, total = page(runs_of(project=membership_of(request).project), limit=limit, offset=offset)
    return RunList(items=[run_row(row) for row in rows], total=total)


@router.get(
    "/training/runs/{int:number}", auth=member(Role.VIEWER), response=RunOut, operation_id="training_run"
)
def run_detail(request: HttpRequest, slug: Slug, number: int) -> RunOut:
    """One run, as it is at this moment."""
    return run_whole(run_of(project=membership_of(request).project, number=number))


@router.post(
    "/training/runs/{int:number}/cancel",
    auth=member(Role.TRAINER),
    response=RunOut,
    operation_id="training_run_cancel",
)
def run_stop(request: HttpRequest, slug: Slug, number: int) -> RunOut:
    """Stop a run; what it has done is kept, so that it can be gone on with. 409 for one that has ended."""
    membership = membership_of(request)
    run = run_cancel(run=run_of(project=membership.project, number=number), actor=membership.user)
    return run_whole(run)


@router.post(
    "/training/runs/{int:number}/resume",
    auth=member(Role.TRAINER),
    response=RunOut,
    operation_id="training_run_resume",
)
def run_go_on(request: HttpRequest, slug: Slug, number: int) -> RunOut:
    """Go on with a failed or cancelled run from where it was. 409 for any other, or while another is on."""
    membership = membership_of(request)
    run = run_resume(run=run_of(project=membership.project, number=number), actor=membership.user)
    return run_whole(run)

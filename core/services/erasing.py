"""Taking a project away for good: its jobs, its files and its rows, in an order that no kill spoils.

Core knows none of the apps above it: each names a module in `settings.PROJECT_MODULES` whose `ESTATE` says
what it keeps of a project and how that goes. All rows stand until the files are gone, so that whoever begins
again finds everything that is left; then they go in one transaction.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from psycopg2.errors import DeadlockDetected

from core.errors import Conflict
from core.models import Job, JobState, Membership, Project, User
from core.selectors.jobs import jobs_alive
from core.services.audit import audit_record
from core.services.jobs import job_cancel, job_expire
from core.services.storage import discard


@dataclass(frozen=True, kw_only=True)
class Estate:
    """What one app keeps of a project.

    `told` says it to a person, a line for each kind of thing. `drop_files` removes the files that no job has
    published, and may be called again after it died halfway. `drop_rows` deletes the app's rows, inside the
    transaction that deletes the project; the apps above have deleted theirs.
    """

    told: Callable[[Project], list[str]]
    drop_files: Callable[[Project], None]
    drop_rows: Callable[[Project], None]


def project_holds(*, project: Project) -> list[str]:
    """What goes with a project, in lines for a person."""
    lines = [line for estate in reversed(list(_estates())) for line in estate.told(project)]
    people = counted(Membership.objects.filter(project=project).count(), "person", "people")
    return [*lines, f"the access of {people}, whose accounts stay"]


def counted(number: int, one: str, many: str = "") -> str:
    """A number of things: `1 video`, `2,000 videos`, `3 classes`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def project_erase(
    *, project: Project, actor: User | None, say: Callable[[str], None], pause: Callable[[], None]
) -> None:
    """Take a project away with everything in it. This cannot be undone.

    Nobody gets in any more, its jobs are cancelled, and what they are writing is waited for (`pause` between
    two looks, `say` for what a person may want to know). Begun again after a kill, it goes on.
    Raises Conflict where somebody writes to the project in the very moment in which it goes.
    """
    _close(project, actor)
    while True:
        asked = _jobs_stopped(project, actor, say, pause)
        say("Removing its files.")
        _drop_files(project)
        say("Removing its rows.")
        if _drop_rows(project, actor, asked):
            return


def _estates() -> Iterator[Estate]:
    """What the apps keep, those first on which none is built."""
    for module in settings.PROJECT_MODULES:
        yield importlib.import_module(module).ESTATE


@transaction.atomic
def _close(project: Project, actor: User | None) -> None:
    """Let nobody in any more; what requests under way still write is found later."""
    if Membership.objects.filter(project=project).delete()[0]:
        audit_record(verb="project.close", obj=project, actor=actor, name=project.name, slug=project.slug)


def _jobs_stopped(
    project: Project, actor: User | None, say: Callable[[str], None], pause: Callable[[], None]
) -> int:
    """Cancel the project's jobs until none is alive, those too that others asked for; how many it had.

    A running one ends by itself, soon, or when its lease runs out: its worker is dead then.
    """
    told = 0
    while alive := list(jobs_alive(project=project).order_by("pk")):
        for job in alive:
            if not job.cancel_requested:
                with suppress(Conflict):  # it has ended
                    job_cancel(job=job, actor=actor)
            job_expire(job_id=str(job.pk))
        running = jobs_alive(project=project).filter(state=JobState.RUNNING).count()
        if running and running != told:
            say(f"Waiting for {counted(running, 'running job')} to end.")
        told = running
        if running:
            pause()
    return Job.objects.filter(project=project).count()


def _drop_files(project: Project) -> None:
    """Remove what its jobs published, whether it was committed or not, and what the apps keep besides."""
    jobs = Job.objects.filter(project=project, token__gt=0)
    for kind, pk in jobs.order_by("pk").values_list("kind", "pk").iterator():
        discard(f"{kind}/{pk}")
    for estate in _estates():
        estate.drop_files(project)


def _drop_rows(project: Project, actor: User | None, asked: int) -> bool:
    """Delete all rows; False, with nothing deleted, where jobs came since: their files have to go first."""
    try:
        with transaction.atomic():
            # From here on nobody can commit a row that names the project.
            row = Project.objects.select_for_update().filter(pk=project.pk).first()
            if row is None:  # another process was here first
                return True
            if jobs_alive(project=row).exists() or Job.objects.filter(project=row).count() != asked:
                return False
            for estate in _estates():
                estate.drop_rows(row)
            audit_record(verb="project.erase", obj=row, actor=actor, name=row.name, slug=row.slug)
            row.delete()
    except (IntegrityError, OperationalError) as error:
        if isinstance(error, OperationalError) and not isinstance(error.__cause__, DeadlockDetected):
            raise
        raise Conflict(f"Somebody wrote to {project.name} just now. Erase it again.") from error
    return True

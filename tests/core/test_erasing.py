"""A project goes for good: its jobs first, then its files, then its rows, and a kill spoils none of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings as house
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, OperationalError, connection
from django.db.models.functions import Now
from psycopg2.errors import DeadlockDetected
from pytest_django import Settings

from core.errors import Conflict
from core.jobs import runner
from core.jobs.process import Ending
from core.models import AuditEvent, Job, JobState, Membership, Project, Role, User
from core.services.erasing import Estate, project_erase, project_holds
from core.services.jobs import job_claim, job_enqueue, job_finish, job_stopped
from core.services.kinds import Outcome
from tests.core.jobs import kinds
from tests.erasing import erase
from tests.factories import member_make, project_make, user_make

pytestmark = pytest.mark.django_db


class Shelf:
    """What an app of the tests keeps; `troubles` happen one after the other as its files go."""

    def __init__(self) -> None:
        self.troubles: list[Callable[[Project], object]] = []
        self.rows_gone = 0

    def drop_files(self, project: Project) -> None:
        if self.troubles:
            self.troubles.pop(0)(project)

    def drop_rows(self, project: Project) -> None:
        self.rows_gone += 1

    def told(self, project: Project) -> list[str]:
        return [f"the shelf of {project.name}"]


@pytest.fixture(autouse=True)
def shelf(settings: Settings, media: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    settings.JOB_MODULES = ["tests.core.jobs.kinds"]
    settings.PROJECT_MODULES = ["shelf"]
    shelf = Shelf()
    estate = Estate(told=shelf.told, drop_files=shelf.drop_files, drop_rows=shelf.drop_rows)
    monkeypatch.setitem(sys.modules, "shelf", SimpleNamespace(ESTATE=estate))
    return shelf


@pytest.fixture
def project() -> Project:
    return member_make(Role.ADMIN, project=project_make("Yard")).project


def asked(project: Project) -> Job:
    return job_enqueue(kind="test.fine", dedupe_key=uuid4().hex, params={}, project=project)


def begun(project: Project) -> Job:
    job = job_claim(job_id=str(asked(project).pk), owner="somebody")
    assert job is not None
    return job


def published(job: Job) -> str:
    """A file of the job's attempt, as its worker publishes it before it commits."""
    return default_storage.save(f"{job.kind}/{job.pk}/{job.token or 1}/a.bin", ContentFile(b"x"))


def stored(media: Path) -> list[str]:
    return [path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file()]


def erase_while(project: Project, step: Callable[[], None]) -> list[str]:
    """Erase while somebody does `step` as soon as a running job is waited for; what was said."""
    said: list[str] = []
    project_erase(project=project, actor=None, say=said.append, pause=step)
    return said


def test_the_project_goes_and_the_people_stay(project: Project) -> None:
    ada, others = user_make("ada"), member_make(project=project_make("Quay"))
    project_erase(project=project, actor=ada, say=lambda _: None, pause=lambda: None)
    assert list(Project.objects.values_list("name", flat=True)) == ["Quay"]
    assert list(Membership.objects.all()) == [others]
    assert User.objects.count() == 3
    event = AuditEvent.objects.get(verb="project.erase")
    assert (event.actor, event.project, event.data) == (ada, None, {"name": "Yard", "slug": "yard"})


def test_it_says_what_goes(project: Project) -> None:
    assert project_holds(project=project) == [
        "the shelf of Yard",
        "the access of 1 person, whose accounts stay",
    ]


def test_files_of_its_jobs_go_and_those_of_others_stay(project: Project, media: Path) -> None:
    runner.run(str(asked(project).pk))
    other = asked(project_make("Quay"))
    runner.run(str(other.pk))
    assert len(stored(media)) == 2
    erase(project)
    assert stored(media) == [f"test.fine/{other.pk}/1/deep/answer.txt"]
    assert Job.objects.get() == other


def test_files_of_an_attempt_that_nobody_committed_go_too(project: Project, media: Path) -> None:
    job = begun(project)
    published(job)
    Job.objects.update(lease_until=Now())  # its worker is dead
    erase(project)
    assert stored(media) == []


def test_what_waits_is_not_begun_any_more(project: Project) -> None:
    job = asked(project)
    erase(project)
    runner.run(str(job.pk))
    assert not Job.objects.exists()


def test_a_running_job_is_asked_to_stop_and_waited_for(project: Project) -> None:
    job = begun(project)

    def stops() -> None:
        assert job_stopped(job=job)

    said = erase_while(project, stops)
    assert said == ["Waiting for 1 running job to end.", "Removing its files.", "Removing its rows."]
    assert not Job.objects.exists()


def test_a_job_that_ends_as_it_is_waited_for_leaves_nothing(project: Project, media: Path) -> None:
    job = begun(project)

    def ends() -> None:
        files = {"a.bin": published(job)}
        assert job_finish(job=job, outcome=Outcome(files=files))

    erase_while(project, ends)
    assert stored(media) == []


def test_a_job_whose_lease_ran_out_finds_nothing_and_leaves_nothing(project: Project, media: Path) -> None:
    """Its worker was taken for dead and is not: it publishes after all is gone."""
    job = begun(project)
    Job.objects.update(lease_until=Now())
    erase(project)
    out = media.parent / "out"
    out.mkdir()
    (out / "late.txt").write_text("late")
    runner._finish(job, kinds.kind_of("fine"), out, Ending(result={}))
    assert stored(media) == []


def test_a_job_that_came_meanwhile_goes_with_its_files(project: Project, shelf: Shelf, media: Path) -> None:
    shelf.troubles = [lambda project: runner.run(str(asked(project).pk)), asked]
    erase(project)
    assert (stored(media), Job.objects.count(), shelf.rows_gone) == ([], 0, 1)


def fails(_project: Project) -> None:
    raise OSError("the disk went away")


def test_nobody_gets_in_once_it_began(project: Project, shelf: Shelf) -> None:
    shelf.troubles = [fails]
    with pytest.raises(OSError, match="went away"):
        erase(project)
    assert not Membership.objects.exists()
    assert Project.objects.get() == project


def test_what_died_among_the_files_is_begun_again_and_ends(
    project: Project, shelf: Shelf, media: Path
) -> None:
    runner.run(str(asked(project).pk))
    shelf.troubles = [fails]
    with pytest.raises(OSError, match="went away"):
        erase(project)
    erase(project)
    assert (stored(media), Project.objects.exists()) == ([], False)


def test_what_died_among_the_rows_has_all_of_them_yet(project: Project) -> None:
    runner.run(str(asked(project).pk))
    with patch.object(Project, "delete", fails), pytest.raises(OSError, match="went away"):
        erase(project)
    assert Job.objects.get().state == JobState.DONE
    erase(project)
    assert (Project.objects.exists(), Job.objects.exists()) == (False, False)


def met(error: Exception, cause: Exception | None = None) -> Callable[[Project], None]:
    def meets(_project: Project) -> None:
        raise error from cause

    return meets


@pytest.mark.parametrize(
    ("error", "cause"), [(IntegrityError(), None), (OperationalError(), DeadlockDetected())]
)
def test_who_meets_a_writer_is_told_to_begin_again(
    project: Project, error: Exception, cause: Exception | None
) -> None:
    with (
        patch.object(Project, "delete", met(error, cause)),
        pytest.raises(Conflict, match="Somebody wrote to Yard just now"),
    ):
        erase(project)


def test_a_database_that_does_not_answer_is_no_writer(project: Project) -> None:
    with patch.object(Project, "delete", met(OperationalError())), pytest.raises(OperationalError):
        erase(project)


KILLED = """
import os, signal, django
django.setup()
from django.core.management import call_command
from core.services import erasing
real, left = erasing.discard, iter([False, True])
def discard(prefix):
    real(prefix)
    if next(left):
        os.kill(os.getpid(), signal.SIGKILL)
erasing.discard = discard
call_command("project", "erase", "yard", "--yes", "yard")
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_leaves_what_the_next_one_needs(project: Project, media: Path) -> None:
    jobs = [asked(project) for _ in range(3)]
    for job in jobs:
        runner.run(str(job.pk))
    database = {name: value for name, value in connection.settings_dict.items() if name != "TEST"}
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
        "CHAOS_DATABASE": json.dumps(database, default=str),
        "STORAGE_URL": f"file://{media}",
    }
    child = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=house.BASE_DIR, env=env, check=False, capture_output=True
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    assert (len(stored(media)), Job.objects.count()) == (1, 3)
    erase(project)
    assert (stored(media), Project.objects.exists(), Job.objects.exists()) == ([], False, False)

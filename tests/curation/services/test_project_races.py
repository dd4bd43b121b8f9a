"""Somebody writes to a project in the moment in which it goes for good."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import NoneType

import pytest
from django.db import OperationalError, transaction

from core.errors import Conflict
from core.models import Project
from curation.models import Upload
from curation.services.uploads import upload_create
from tests.connections import elsewhere, until_they_wait
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera
from tests.erasing import erase

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_of_the_two_gives_in_and_the_project_goes_all_the_same(disk: Disk) -> None:
    """Each waits for the other: which of them the database ends is its choice."""
    camera = make_camera()
    project = camera.site.project
    begun, go_on = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            upload_create(project=project, camera=camera, name="a.mp4", size=9, actor=None)
            begun.set()
            assert go_on.wait(30)

    with ThreadPoolExecutor(2) as pool:
        written = elsewhere(pool, write)
        assert begun.wait(30)
        gone = elsewhere(pool, lambda: erase(project))
        until_they_wait(gone)
        go_on.set()
        ends = written.exception(30), gone.exception(30)
    assert [type(end) for end in ends] in ([OperationalError, NoneType], [NoneType, Conflict])
    if ends[1] is not None:
        assert str(ends[1]) == f"Somebody wrote to {project.name} just now. Erase it again."
        erase(project)
    assert not Project.objects.exists()
    assert not Upload.objects.exists()

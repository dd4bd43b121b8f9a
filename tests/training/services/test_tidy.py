"""Manifests that no dataset version names do not stay in storage for ever."""

import os
import time

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from core.jobs import sweeper
from core.jobs.runner import run
from core.models import Job, JobState
from tests.curation.conftest import Disk
from tests.training.factories import make_examples
from training.models import DatasetVersion
from training.services import datasets
from training.services.datasets import dataset_freeze
from training.services.tidy import TIDY, tidy

pytestmark = pytest.mark.django_db


class GaveUpError(Exception):
    """What makes the caller of a freeze roll back."""


def frozen() -> DatasetVersion:
    return dataset_freeze(project=make_examples()[0].project, actor=None)


def left_behind() -> str:
    """The key of a manifest whose writer never came to its commit."""
    try:
        with transaction.atomic():
            key = frozen().manifest_key
            raise GaveUpError
    except GaveUpError:
        return key


def age(key: str, *, hours: int) -> None:
    then = time.time() - hours * 3600
    os.utime(default_storage.path(key), (then, then))


def test_a_manifest_that_no_version_names_goes_after_a_day(disk: Disk) -> None:
    late, fresh = left_behind(), left_behind()
    age(late, hours=25)
    age(fresh, hours=23)
    tidy()
    assert disk.stored() == [fresh]


def test_that_of_a_version_stays_however_old_it_is(disk: Disk) -> None:
    key = frozen().manifest_key
    age(key, hours=9999)
    tidy()
    assert disk.stored() == [key]


def test_one_that_a_dying_process_had_just_written_goes_too(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dying means that not even the clearing up after a failure is done."""
    monkeypatch.setattr(datasets, "discard", lambda _: None)
    monkeypatch.setattr(datasets, "_row", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        frozen()
    (key,) = disk.stored()
    age(key, hours=25)
    tidy()
    assert disk.stored() == []


def test_there_may_be_nothing_to_tidy(disk: Disk) -> None:
    tidy()
    assert disk.stored() == []


def test_it_is_done_every_day(disk: Disk) -> None:
    key = left_behind()
    age(key, hours=25)
    sweeper.tidy()
    run(str(Job.objects.get(kind=TIDY).pk))
    assert Job.objects.get(kind=TIDY).state == JobState.DONE
    assert disk.stored() == []

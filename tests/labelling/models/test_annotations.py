"""What the database itself holds to about annotations, whoever writes."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, RestrictedError

from core.models import Project
from labelling.models import AnnotationRevision, AnnotationSegment, Clip, LabelClass, Outcome
from tests.erasing import erase
from tests.labelling.factories import annotate, make_class, make_clip, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def said() -> AnnotationRevision:
    """A revision with a segment."""
    clip = make_clip()
    return annotate(clip, segments=[segment(make_class(clip.project), 0, 5)])


@pytest.mark.parametrize("model", [AnnotationRevision, AnnotationSegment])
def test_rows_are_never_deleted(said: AnnotationRevision, model: Any) -> None:
    table = model._meta.db_table
    with (
        pytest.raises(IntegrityError, match="only ever added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a table of ours
    assert model.objects.count() == 1


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (AnnotationRevision, {"comment": "x"}),
        (AnnotationSegment, {"end": 6}),
        (AnnotationSegment, {"end": 5}),
    ],
)
def test_rows_are_never_changed(said: AnnotationRevision, model: Any, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        model.objects.update(**change)


def test_not_even_where_a_project_is_being_erased(said: AnnotationRevision) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rushes.erasing = 'on'")
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        AnnotationRevision.objects.update(comment="x")


@pytest.mark.parametrize("what", ["clip", "project"])
def test_nothing_takes_annotations_with_it_by_the_way(said: AnnotationRevision, what: str) -> None:
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        (said.clip if what == "clip" else said.project).delete()
    assert AnnotationRevision.objects.filter(pk=said.pk).exists()


def test_a_person_who_labelled_is_not_deleted(said: AnnotationRevision) -> None:
    assert said.author is not None
    with pytest.raises(ProtectedError):
        said.author.delete()


def test_a_project_is_erased_as_a_whole(said: AnnotationRevision) -> None:
    other = annotate(make_clip())
    erase(said.project)
    assert list(AnnotationRevision.objects.all()) == [other]
    assert list(Project.objects.all()) == [other.project]


def test_the_door_is_shut_behind_an_erased_project(said: AnnotationRevision) -> None:
    erase(make_clip().project)
    with pytest.raises(IntegrityError), transaction.atomic():
        said.clip.delete()


def revision(said: AnnotationRevision, **fields: Any) -> AnnotationRevision:
    values = {"number": 2, "base": 1, "client_id": uuid4(), "outcome": Outcome.CLEARED, **fields}
    return AnnotationRevision(project=said.project, clip=said.clip, **values)


@pytest.mark.parametrize(
    "fields",
    [{"number": 1, "base": 0}, {"number": 3, "base": 1}, {"number": 2, "base": 2}],
    ids=["the same number twice", "a gap", "a base that is itself"],
)
def test_a_revision_follows_the_one_it_was_based_on(said: AnnotationRevision, fields: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        revision(said, **fields).save()


def test_a_client_id_is_used_once_in_a_project(said: AnnotationRevision) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        revision(said, client_id=said.client_id).save()
    annotate(make_clip(), client_id=said.client_id)


def test_an_annotated_clip_is_never_withdrawn(said: AnnotationRevision) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Clip.objects.update(withdrawn_at="2026-01-01T00:00Z")


def test_a_class_in_use_is_not_deleted(said: AnnotationRevision) -> None:
    with pytest.raises(RestrictedError):
        LabelClass.objects.all().delete()

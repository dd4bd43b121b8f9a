"""The one way in which annotations ever go: with their whole project."""

from django.db import connection, transaction

from core.models import Project
from core.services.erasing import Estate, counted
from labelling.models import AnnotationRevision, Clip, ClipTally, LabelClass, LabelSet, Outcome


@transaction.atomic
def labels_erase(*, project: Project) -> None:
    """Delete a project's clips, classes and all that was said about them; for `core.services.erasing`.

    Revisions are append-only by a trigger, which lets a DELETE pass in a transaction that says this, and an
    UPDATE never. Any other way of deleting a project with annotations fails with an IntegrityError.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rushes.erasing = 'on'")
    Clip.objects.in_project(project).only("pk").delete()
    LabelSet.objects.in_project(project).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rushes.erasing = ''")
    # Somebody else may just be folding tallies: then those are waited for, and there is a new row.
    while (tallies := ClipTally.objects.filter(project=project)).exists():
        tallies.delete()


def _told(project: Project) -> list[str]:
    clips = Clip.objects.in_project(project).filter(withdrawn_at=None)
    labels = AnnotationRevision.objects.filter(project=project, outcome=Outcome.LABELLED).newest()
    classes = LabelClass.objects.filter(label_set__project=project)
    said = counted(labels.count(), "label")
    return [f"{said} on {counted(clips.count(), 'clip')}, {counted(classes.count(), 'class', 'classes')}"]


def _no_files(_project: Project) -> None:
    """Labels are rows and nothing else."""


ESTATE = Estate(told=_told, drop_files=_no_files, drop_rows=lambda project: labels_erase(project=project))

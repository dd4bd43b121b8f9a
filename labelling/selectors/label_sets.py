"""Questions about the classes of a project."""

from uuid import UUID

from django.db.models import QuerySet, Sum

from core.errors import NotFound
from core.models import Project
from labelling.models import ClipState, ClipTally, LabelClass, LabelSet


def label_set_of(*, project: Project) -> LabelSet | None:
    """The project's active label set, or None before anybody made one."""
    return LabelSet.objects.in_project(project).active().first()


def classes_of(*, project: Project) -> QuerySet[LabelClass]:
    """The classes of the active label set by position, archived ones too."""
    return LabelClass.objects.in_project(project).order_by("position", "created_at")


def class_of(*, project: Project, class_id: UUID) -> LabelClass:
    """One class of the active label set. Raises NotFound."""
    found = LabelClass.objects.in_project(project).select_related("label_set").filter(pk=class_id).first()
    if found is None:
        raise NotFound("This project has no such class.")
    return found


def class_counts(*, project: Project) -> dict[UUID, int]:
    """How many clips are labelled with each class now, those of removed videos too; 0 is left out."""
    tallies = ClipTally.objects.filter(project=project, state=ClipState.LABELLED).exclude(label=None)
    rows = tallies.values_list("label").annotate(n=Sum("clips")).order_by()
    return {label: n for label, n in rows if n}

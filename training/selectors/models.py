"""Questions about models."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from core.errors import NotFound
from core.models import Project
from labelling.models import AnnotationRevision, AnnotationSegment, Clip, Source
from labelling.selectors.clips import clips_by_id
from training.models import ModelVersion
from training.models.versions import ModelVersionQuerySet
from training.selectors.examples import segment_id


@dataclass(frozen=True)
class Accepted:
    """How many of a model's suggestions stand as they were, of those on which a label rests."""

    accepted: int
    judged: int


def models_of(*, project: Project) -> ModelVersionQuerySet:
    """The project's models with run and dataset, newest first."""
    return ModelVersion.objects.in_project(project).select_related("run__dataset", "project").newest_first()


def model_of(*, project: Project, number: int) -> ModelVersion:
    """One model of the project. Raises NotFound."""
    found = models_of(project=project).filter(number=number).first()
    if found is None:
        raise NotFound("This project has no such model.")
    return found


def champion_of(*, project: Project) -> ModelVersion | None:
    """The model that speaks now, if there is one."""
    return models_of(project=project).champions().first()


def accepted_of(*, project: Project) -> dict[str, Accepted]:
    """By model name: of the labels that rest on its suggestions, how many took them as they were."""
    standing = AnnotationRevision.objects.newest().filter(
        project=project, source__in=(Source.SUGGESTION, Source.FIX)
    )
    rows = standing.values_list("suggestion__model_version").annotate(
        accepted=Count("pk", filter=Q(source=Source.SUGGESTION)), judged=Count("pk")
    )
    return {name: Accepted(accepted, judged) for name, accepted, judged in rows.order_by()}


def misread_of(
    *, model: ModelVersion, truth: UUID | None, said: UUID | None, limit: int, offset: int
) -> tuple[list[Clip], int]:
    """Clips of the measured side that the model took for another class, surest first, and how many.

    `truth` narrows to clips of one class, `said` to those that were taken for one. A clip that is gone is
    left out of the page, not of the number.
    """
    wrong = [
        row
        for row in model.report.get("test_clips", [])
        if row["label"] != row["said"]
        and (truth is None or row["label"] == str(truth))
        and (said is None or row["said"] == str(said))
    ]
    wrong.sort(key=lambda row: (-(row["p"] or 0.0), row["clip"]))
    page = [row["clip"] for row in wrong[offset : offset + limit]]
    return _clips(model.project, page), len(wrong)


def _clips(project: Project, ids: Iterable[str]) -> list[Clip]:
    """Clips by the ids of a manifest's lines, each once; those of the project alone."""
    asked = [UUID(pk) for pk in ids]
    of = {clip.pk: clip.pk for clip in clips_by_id(asked)}
    if len(of) < len(set(asked)):  # some are segments, which are named after their clip and frames
        segments = AnnotationSegment.objects.filter(revision__project=project)
        for clip, start, end in segments.values_list("revision__clip", "start", "end").distinct():
            of.setdefault(segment_id(clip, start, end), clip)
    found = clips_by_id(list(dict.fromkeys(of[pk] for pk in asked if pk in of)))
    return [clip for clip in found if clip.project_id == project.pk]

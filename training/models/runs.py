"""Training runs: from frozen labels to a model."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Now

from core.models import Project
from training.models.features import FeatureTrack


class RunState(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued", "Queued"
    FEATURES = "features", "Reading frames"
    TRAINING = "training", "Training"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


UNDER_WAY = (RunState.QUEUED, RunState.FEATURES, RunState.TRAINING)
_TOP1 = ("top1", "val_top1")
_ENDS = frozenset({RunState.FAILED, RunState.CANCELLED})


class TrainingRunQuerySet(models.QuerySet["TrainingRun"]):
    """Runs, read as a sentence."""

    def in_project(self, project: Project) -> Self:
        """Runs of one project."""
        return self.filter(project=project)

    def under_way(self) -> Self:
        """Runs that have not ended."""
        return self.filter(state__in=UNDER_WAY)

    def newest_first(self) -> Self:
        """The latest run first."""
        return self.order_by("-number")

    def with_top1(self) -> Self:
        """With `top1`: accuracy on the test side, on the validation side where there is none."""
        measured = (Cast(KeyTextTransform(name, "result"), models.FloatField()) for name in _TOP1)
        return self.annotate(top1=Coalesce(*measured))


class TrainingRun(models.Model):
    """One pass over a dataset version: features for what has none, then one job that trains.

    `tracks` are the features that it needs, `job` the train job once all of them are there or failed.
    `top1` is there where `with_top1` was asked.
    `options` is what was asked for (budget, epochs) and what must stay the same on every machine that
    goes on with it (threads). `result` is the report of `training.ml.run`, `sentence` why it ended otherwise.
    """

    top1: float | None
    TRANSITIONS: ClassVar[dict[RunState, frozenset[RunState]]] = {
        RunState.QUEUED: frozenset({RunState.FEATURES, RunState.TRAINING}) | _ENDS,
        RunState.FEATURES: frozenset({RunState.TRAINING}) | _ENDS,
        RunState.TRAINING: frozenset({RunState.DONE}) | _ENDS,
        RunState.DONE: frozenset(),
        # Gone on with from where it was.
        RunState.FAILED: frozenset({RunState.QUEUED, RunState.TRAINING}),
        RunState.CANCELLED: frozenset({RunState.QUEUED, RunState.TRAINING}),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="training_runs")
    number = models.PositiveIntegerField()
    dataset = models.ForeignKey("training.DatasetVersion", on_delete=models.CASCADE, related_name="runs")
    recipe = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=16, choices=RunState, default=RunState.QUEUED)
    tracks: "models.ManyToManyField[FeatureTrack, models.Model]" = models.ManyToManyField(
        FeatureTrack, related_name="runs"
    )
    job = models.OneToOneField("core.Job", on_delete=models.SET_NULL, null=True, related_name="training_run")
    sentence = models.TextField(blank=True)
    result = models.JSONField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = TrainingRunQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="one_run_a_number"),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(state__in=UNDER_WAY), name="one_run_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.number}"

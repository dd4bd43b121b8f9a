"""Models: what runs made, and which one speaks now."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now

from core.models import Project


class ModelState(models.TextChoices):
    """Whether a model's suggestions are the ones that people see."""

    CANDIDATE = "candidate", "Candidate"
    CHAMPION = "champion", "Champion"
    RETIRED = "retired", "Retired"


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    """Models, read as a sentence."""

    def in_project(self, project: Project) -> Self:
        """Models of one project."""
        return self.filter(project=project)

    def champions(self) -> Self:
        """The models that speak now, one a project."""
        return self.filter(state=ModelState.CHAMPION)

    def newest_first(self) -> Self:
        """The latest model first."""
        return self.order_by("-number")


class ModelVersion(models.Model):
    """A trained model: its files, what was measured on it, and since when it speaks.

    `files` is `{name: {"key", "sha256", "bytes"}}` of model.safetensors, card.json, report.json and
    predictions.json. `report` is what `training.ml.run` returned, `card` what it wrote of the model.
    """

    TRANSITIONS: ClassVar[dict[ModelState, frozenset[ModelState]]] = {
        ModelState.CANDIDATE: frozenset({ModelState.CHAMPION}),
        ModelState.CHAMPION: frozenset({ModelState.RETIRED}),
        ModelState.RETIRED: frozenset({ModelState.CHAMPION}),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="model_versions")
    number = models.PositiveIntegerField()
    run = models.OneToOneField("training.TrainingRun", on_delete=models.CASCADE, related_name="model")
    state = models.CharField(max_length=16, choices=ModelState, default=ModelState.CANDIDATE)
    files = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    card = models.JSONField(default=dict)
    champion_since = models.DateTimeField(null=True, blank=True)
    champion_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="one_model_a_number"),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(state="champion"), name="one_champion_a_project"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As suggestions name the model that made them: `v3`."""
        return f"v{self.number}"

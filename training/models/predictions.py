"""What a model said of any set of clips, written down before anybody looks at their labels."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from training.models.features import FeatureTrack


class PredictionState(models.TextChoices):
    """Whether the predictions are written."""

    QUEUED = "queued", "Queued"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class PredictionSet(models.Model):
    """One model's predictions for `clips` (ids), in one file in storage; no label was read for them.

    `options` says which methods and budgets were asked for. `errors` is `{clip id: sentence}` of the clips
    that nothing could be said of.
    """

    TRANSITIONS: ClassVar[dict[PredictionState, frozenset[PredictionState]]] = {
        PredictionState.QUEUED: frozenset({PredictionState.DONE, PredictionState.FAILED}),
        PredictionState.DONE: frozenset(),
        PredictionState.FAILED: frozenset({PredictionState.DONE}),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="+")
    model = models.ForeignKey(
        "training.ModelVersion", on_delete=models.CASCADE, related_name="prediction_sets"
    )
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=16, choices=PredictionState, default=PredictionState.QUEUED)
    tracks: "models.ManyToManyField[FeatureTrack, models.Model]" = models.ManyToManyField(
        FeatureTrack, related_name="prediction_sets"
    )
    job = models.OneToOneField("core.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    clips = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    file_key = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    errors = models.JSONField(default=dict)
    sentence = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="one_prediction_set_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

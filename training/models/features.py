"""Features of clips: made once, kept in storage, found again by what they were made from."""

from collections.abc import Collection
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now

from core.models import Project


class TrackState(models.TextChoices):
    """Whether the features of a stretch are there."""

    WAITING = "waiting", "Waiting"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class FeatureTrackQuerySet(models.QuerySet["FeatureTrack"]):
    """Feature tracks, read as a sentence."""

    def in_project(self, project: Project) -> Self:
        """Tracks of one project."""
        return self.filter(project=project)

    def ready(self) -> Self:
        """Tracks whose file is there."""
        return self.filter(state=TrackState.READY)

    def waiting(self) -> Self:
        """Tracks that somebody still has to make."""
        return self.filter(state=TrackState.WAITING)

    def keyed(self, keys: Collection[str]) -> Self:
        """Tracks of these keys."""
        return self.filter(key__in=keys)


class FeatureTrack(models.Model):
    """The features of frames `[start, end)` of a video under one recipe.

    `key` is a hash of everything that they follow from: the video's content and index, the frames, the
    recipe with its weights. So they are found again by any run, on any machine. `job` makes them while
    they wait. No frame of the `rejected` stretches `[first, stop)` is looked at. `sentence` says why they
    could not be made.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    video = models.ForeignKey("curation.Video", on_delete=models.CASCADE, related_name="feature_tracks")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    rejected = models.JSONField(default=list)
    recipe = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=TrackState, default=TrackState.WAITING)
    job = models.ForeignKey("core.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    file_key = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    sentence = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = FeatureTrackQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "key"], name="one_track_a_key"),
        ]

    def __str__(self) -> str:
        return f"[{self.start}, {self.end}) of {self.video_id}: {self.state}"

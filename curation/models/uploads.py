"""Files on their way in from a browser, a chunk at a time."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.models import Project


class UploadState(models.TextChoices):
    """Where an upload stands."""

    RECEIVING = "receiving", "Receiving"
    FINISHED = "finished", "Finished"
    REFUSED = "refused", "Refused"


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads, read as a sentence."""

    def in_project(self, project: Project) -> Self:
        """Uploads of one project."""
        return self.filter(project=project)

    def receiving(self) -> Self:
        """Uploads that still wait for bytes."""
        return self.filter(state=UploadState.RECEIVING)


class Upload(models.Model):
    """`received` of `bytes` bytes lie, synced to disk, in the upload folder under the row's id."""

    TRANSITIONS: ClassVar[dict[UploadState, frozenset[UploadState]]] = {
        UploadState.RECEIVING: frozenset({UploadState.FINISHED, UploadState.REFUSED}),
        UploadState.FINISHED: frozenset(),
        UploadState.REFUSED: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="uploads")
    camera = models.ForeignKey("curation.Camera", on_delete=models.CASCADE, related_name="uploads")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=255)
    bytes = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=16, choices=UploadState, default=UploadState.RECEIVING)
    sentence = models.TextField(blank=True)
    video = models.ForeignKey(
        "curation.Video", on_delete=models.SET_NULL, null=True, blank=True, related_name="uploads"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    touched_at = models.DateTimeField(auto_now=True)

    objects = UploadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name}: {self.received} of {self.bytes} bytes"

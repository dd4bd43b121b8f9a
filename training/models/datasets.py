"""Frozen labels: what a run learns from, and what was ever held out for a test."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from core.models import Project


class DatasetVersionQuerySet(models.QuerySet["DatasetVersion"]):
    """Dataset versions, read as a sentence."""

    def in_project(self, project: Project) -> Self:
        """Dataset versions of one project."""
        return self.filter(project=project)

    def newest_first(self) -> Self:
        """The latest version first."""
        return self.order_by("-number")


class DatasetVersion(models.Model):
    """Labels as they stood at one moment, written down as a manifest in storage. It never changes.

    `clips` counts the manifest's lines, `counts` is `{class id: {"train", "val", "test"}}`, `split` is the
    header's split (by, groups, leakage, note), `left_out` the sentences about labels that are not in it.
    `labels_sha256` names the labels whatever side they are on: the same ones are not frozen twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="dataset_versions")
    number = models.PositiveIntegerField()
    manifest_key = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    labels_sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    clips = models.PositiveIntegerField()
    classes = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)
    split = models.JSONField(default=dict)
    even = models.BooleanField()
    left_out = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = DatasetVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="one_dataset_a_number"),
            models.UniqueConstraint(fields=["project", "sha256"], name="one_dataset_a_content"),
        ]

    def __str__(self) -> str:
        return f"dataset {self.number}"


class SeenLabels(models.Model):
    """The revisions that stood when a dataset version was frozen last, whether it took them up or not.

    What stands and is none of them is newer. Times could not tell: a revision whose transaction began before
    the freeze and ended after it is older by its time and yet not in the version.
    """

    dataset = models.OneToOneField(
        DatasetVersion, on_delete=models.CASCADE, primary_key=True, related_name="seen"
    )
    revisions = ArrayField(models.UUIDField())

    def __str__(self) -> str:
        return f"what {self.dataset_id} saw"


class HeldOut(models.Model):
    """A group that was once on a test side, and so is never trained on.

    `by` says what the group is of (subject, camera_day, recording), `group` which one: the subject's name,
    the camera and its day, or the content hash of the recording. Beside a camera's day stand its recordings,
    so that they are known under another camera too.
    """

    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=16)
    group = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "held out"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "by", "group"], name="one_row_a_held_group"),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.group}"

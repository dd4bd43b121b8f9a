"""Where footage comes from: sites, their cameras, and what each camera tolerates."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Now

from core.models import Project
from curation.quality.verdict import Thresholds


class SiteQuerySet(models.QuerySet["Site"]):
    """Sites, read as a sentence."""

    def in_project(self, project: Project) -> Self:
        """Sites of one project."""
        return self.filter(project=project)


class Site(models.Model):
    """A place with cameras. It belongs to one project."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="one_site_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class CameraQuerySet(models.QuerySet["Camera"]):
    """Cameras, read as a sentence."""

    def in_project(self, project: Project) -> Self:
        """Cameras of one project."""
        return self.filter(site__project=project)

    def with_video_counts(self) -> Self:
        """Add `video_count`, the videos of each camera that are not removed."""
        kept = models.Q(videos__deleted_at=None)
        return self.annotate(video_count=models.Count("videos", filter=kept))


class Camera(models.Model):
    """One camera of one site."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="cameras")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CameraQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name"], name="one_camera_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


def default_thresholds() -> dict[str, Any]:
    """What a camera tolerates before anyone said otherwise, as `Thresholds.from_json` reads it."""
    return dict(Thresholds().to_json())


class QualityProfile(models.Model):
    """What one camera tolerates. `revision` grows with every change, so spans can say which judged them.

    `usual` is what its good frames look like: metric -> median over the latest videos' accepted frames.
    """

    camera = models.OneToOneField(
        Camera, on_delete=models.CASCADE, primary_key=True, related_name="quality_profile"
    )
    thresholds = models.JSONField(default=default_thresholds)
    revision = models.PositiveIntegerField(default=1)
    usual = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.camera} at revision {self.revision}"

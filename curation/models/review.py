"""What people decided about rejected footage: one row a decision, kept for ever."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.models import Project


class SpanState(models.TextChoices):
    """What a person said about a rejected span."""

    PENDING = "pending", "To review"
    CONFIRMED = "confirmed", "Confirmed"
    RESTORED = "restored", "Restored"


class ReviewBatchQuerySet(models.QuerySet["ReviewBatch"]):
    """Decisions, read as a sentence."""

    def in_project(self, project: Project) -> Self:
        """Decisions of one project."""
        return self.filter(project=project)

    def standing(self) -> Self:
        """Decisions that nobody undid."""
        return self.filter(undone_at=None)

    def over(self, batch: "ReviewBatch") -> Self:
        """Decisions that changed a span which `batch` had decided, the latest first."""
        return self.filter(project=batch.project, over__contains=[str(batch.pk)]).order_by("-created_at")


class ReviewBatch(models.Model):
    """One decision over any number of rejected spans, whole or in part. Its id is made by the browser.

    `before` are the spans as they were, every column of them, and `over` the decisions that had made them
    so: from both an undo puts back exactly what was. `after_count` spans carry the batch while nothing else
    has touched them. A trigger refuses changes of anything but `undone_at` and the people (migration 0004).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="review_batches")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    to = models.CharField(max_length=16, choices=SpanState)
    spans = models.PositiveIntegerField()
    frames = models.PositiveBigIntegerField()
    before = models.JSONField(default=list)
    over = models.JSONField(default=list)
    after_count = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ReviewBatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "review batches"
        indexes: ClassVar = [models.Index(fields=["project", "-created_at"], name="review_newest")]

    def __str__(self) -> str:
        return f"{self.spans} spans to {self.to}"

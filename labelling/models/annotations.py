"""What people said about clips: revisions that are only ever added."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Outcome(models.TextChoices):
    """What a revision says about its clip."""

    LABELLED = "labelled", "Labelled"
    UNCERTAIN = "uncertain", "Uncertain"
    REJECTED = "rejected", "Rejected"
    CLEARED = "cleared", "Cleared"


class Source(models.TextChoices):
    """Where a revision comes from."""

    PERSON = "person", "A person"
    SUGGESTION = "suggestion", "An accepted suggestion"
    FIX = "fix", "A suggestion, corrected"
    IMPORT = "import", "An import"


class AnnotationRevisionQuerySet(models.QuerySet["AnnotationRevision"]):
    """Revisions, read as a sentence."""

    def newest(self) -> Self:
        """The revision of each clip that stands."""
        return self.filter(number=models.F("clip__revision"))

    def with_parts(self) -> Self:
        """With author and segments; two queries."""
        return self.select_related("author").prefetch_related("segments")


class AnnotationRevision(models.Model):
    """One thing that one person said about a clip, at one time. The newest stands; none ever changes.

    `number` counts from 1 without gaps within a clip and `base` is always `number - 1`: the revision that its
    author saw. `client_id` is made by the client, so that sending it again is noticed. `label` fills the
    whole clip. The database refuses UPDATE and DELETE (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="+")
    clip = models.ForeignKey("labelling.Clip", on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    client_id = models.UUIDField()
    base = models.PositiveIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="annotations"
    )
    outcome = models.CharField(max_length=16, choices=Outcome)
    label = models.ForeignKey("labelling.LabelClass", on_delete=models.RESTRICT, null=True, related_name="+")
    comment = models.TextField(blank=True)
    source = models.CharField(max_length=16, choices=Source, default=Source.PERSON)
    suggestion = models.ForeignKey(
        "labelling.Suggestion", on_delete=models.RESTRICT, null=True, related_name="revisions"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AnnotationRevisionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clip", "number"], name="one_revision_a_number"),
            models.UniqueConstraint(fields=["project", "client_id"], name="one_revision_a_client_id"),
            models.CheckConstraint(
                condition=models.Q(number=models.F("base") + 1), name="a_revision_follows_its_base"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "created_at"], name="revision_by_time"),
            models.Index(fields=["author", "created_at"], name="revision_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.clip_id}: {self.outcome}"


class AnnotationSegment(models.Model):
    """Something that happens in frames `[start, end)` of the clip's video, in one revision.

    `key` is the same in every revision that holds this segment. `actor` names who does it where several
    people are seen (empty: nobody in particular); `region` is JSON, boxes by key frame.
    """

    id = models.BigAutoField(primary_key=True)
    revision = models.ForeignKey(AnnotationRevision, on_delete=models.CASCADE, related_name="segments")
    key = models.UUIDField()
    label = models.ForeignKey("labelling.LabelClass", on_delete=models.RESTRICT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    actor = models.CharField(max_length=80, blank=True)
    region = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["start", "end", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "key"], name="one_segment_a_key"),
            models.CheckConstraint(
                condition=models.Q(start__lt=models.F("end")), name="segment_holds_a_frame"
            ),
        ]

    def __str__(self) -> str:
        return f"[{self.start}, {self.end}) {self.label_id}"

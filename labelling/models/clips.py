"""Clips: the stretches of footage that people label one at a time."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now

from core.models import Project
from curation.models import Video

QUEUE_ORDER = ("priority", "video", "start", "id")
"""Least certain first; of equals, a video's clips in the order of its frames."""


class ClipState(models.TextChoices):
    """What a clip's newest annotation says. It follows from that revision; nothing else changes it."""

    OPEN = "open", "To label"
    LABELLED = "labelled", "Labelled"
    UNCERTAIN = "uncertain", "Uncertain"
    REJECTED = "rejected", "Rejected"


class ClipOrigin(models.TextChoices):
    """Where a clip's bounds come from."""

    CUT = "cut", "Cut"
    IMPORT = "import", "Imported"


class ClipQuerySet(models.QuerySet["Clip"]):
    """Clips, read as a sentence: `Clip.objects.in_project(p).standing().in_state(ClipState.OPEN)`."""

    def in_project(self, project: Project) -> Self:
        """Clips of one project."""
        return self.filter(project=project)

    def of_video(self, video: Video) -> Self:
        """Clips of one video, in the order of its frames."""
        return self.filter(video=video).order_by("start", "end")

    def standing(self) -> Self:
        """Clips that were not withdrawn by a later cut, of videos that nobody removed."""
        # Not a join: the few removed videos are looked up once, and the order comes from an index alone.
        return self.filter(withdrawn_at=None).exclude(video__in=Video.objects.removed())

    def in_state(self, *states: ClipState) -> Self:
        """Clips in any of these states."""
        return self.filter(state__in=states)

    def annotated(self) -> Self:
        """Clips about which somebody said something, even if it was taken back."""
        return self.filter(revision__gt=0)

    def untouched(self) -> Self:
        """Clips about which nobody ever said anything."""
        return self.filter(revision=0)

    def least_certain_first(self) -> Self:
        """In the order of the queue."""
        return self.order_by(*QUEUE_ORDER)


class Clip(models.Model):
    """Frames `[start, end)` of a video, to be labelled.

    `index_sha256` is the hash of the video's frame index, so that a number cannot come to mean another frame.
    `revision` is the number of its newest AnnotationRevision, 0 without one; `state` and `label` say what
    that one says: `label` is the class that the clip is listed under, the one given to all of it or
    else the one that its segments show longest. `priority` orders the queue, least first: the margin of a
    suggestion (0 to 1), or the time of recording in seconds since 1970, so that clips without a suggestion
    come after, by time. `withdrawn_at` is set where a later cut has no use for a clip without annotation.
    `flagged` says that some of an annotated clip's frames are rejected now; it never moves for that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="clips")
    video = models.ForeignKey("curation.Video", on_delete=models.RESTRICT, related_name="clips")
    camera = models.ForeignKey("curation.Camera", on_delete=models.RESTRICT, related_name="clips")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    index_sha256 = models.CharField(max_length=64)
    subject = models.CharField(max_length=120, blank=True)
    origin = models.CharField(max_length=16, choices=ClipOrigin, default=ClipOrigin.CUT)
    state = models.CharField(max_length=16, choices=ClipState, default=ClipState.OPEN)
    label = models.ForeignKey(
        "labelling.LabelClass", on_delete=models.RESTRICT, null=True, blank=True, related_name="clips"
    )
    flagged = models.BooleanField(default=False)
    flag_reason = models.CharField(max_length=200, blank=True)
    priority = models.FloatField()
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    annotated_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ClipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            # Also among withdrawn ones: a cut that wants the same bounds again takes the same clip back.
            models.UniqueConstraint(fields=["video", "start", "end"], name="one_clip_a_stretch"),
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="clip_holds_a_frame"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(revision=0),
                name="what_carries_an_annotation_stands",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["project", "state", "priority", "video", "start", "id"],
                condition=models.Q(withdrawn_at=None),
                name="clip_queue",
            ),
            models.Index(
                fields=["project", "priority", "video", "start", "id"],
                condition=models.Q(withdrawn_at=None),
                name="clip_by_priority",
            ),
            models.Index(
                fields=["project", "-created_at", "id"],
                condition=models.Q(withdrawn_at=None),
                name="clip_newest",
            ),
            models.Index(
                fields=["project", "-annotated_at", "id"],
                condition=models.Q(withdrawn_at=None, annotated_at__isnull=False),
                name="clip_annotated",
            ),
            models.Index(
                fields=["label", "priority", "id"],
                condition=models.Q(withdrawn_at=None, label__isnull=False),
                name="clip_by_label",
            ),
            models.Index(
                fields=["camera", "priority", "id"],
                condition=models.Q(withdrawn_at=None),
                name="clip_by_camera",
            ),
            models.Index(
                fields=["project", "priority", "id"],
                condition=models.Q(withdrawn_at=None, flagged=True),
                name="clip_flagged",
            ),
        ]

    def __str__(self) -> str:
        return f"[{self.start}, {self.end}) of {self.video_id}"

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return (self.end - self.start) / self.video.fps


class ClipTally(models.Model):
    """How many clips that were not withdrawn there are of a kind: sum `clips` over the rows of a kind.

    Triggers on the table of clips add a row for every change (migration 0002) and fold old rows together now
    and then. Nobody ever waits for anybody here, as they would for one row of totals that all update.
    """

    project = models.ForeignKey(
        "core.Project", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    camera = models.ForeignKey(
        "curation.Camera", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    label = models.ForeignKey(
        "labelling.LabelClass",
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    state = models.CharField(max_length=16, choices=ClipState)
    flagged = models.BooleanField()
    clips = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.clips:+} clips {self.state}"

"""How good every frame is: columns of numbers, and the stretches that were rejected for them."""

import uuid
from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Greatest

from core.models import Project
from curation.models.review import ReviewBatch, SpanState
from curation.models.videos import Video, VideoState

ELSEWHERE = 0
"""The `profile_revision` of a span that another camera's gate judged, before its video was moved."""


class FrameMetrics(models.Model):
    """Every metric of every frame of one video: a column is `frames` little-endian float32."""

    video = models.OneToOneField(Video, on_delete=models.CASCADE, primary_key=True, related_name="metrics")
    sharpness = models.BinaryField()
    defocus = models.BinaryField()
    motion_blur = models.BinaryField()
    luma = models.BinaryField()
    dark = models.BinaryField()
    bright = models.BinaryField()
    clipped_low = models.BinaryField()
    clipped_high = models.BinaryField()
    contrast = models.BinaryField()
    noise = models.BinaryField()
    freeze = models.BinaryField()
    cover = models.BinaryField()
    flicker = models.BinaryField()
    glare = models.BinaryField()

    def __str__(self) -> str:
        return f"metrics of {self.video_id}"


def id_array(ids: Iterable[uuid.UUID]) -> str:
    """Ids as the database reads an array of them; in an ARRAY[...] it would plan each for itself."""
    return "{" + ",".join(map(str, ids)) + "}"


class QualitySpanQuerySet(models.QuerySet["QualitySpan"]):
    """Rejected spans, read as a sentence."""

    def named(self, ids: Iterable[uuid.UUID]) -> Self:
        """These spans, of which there may be 100,000: their ids go as one value, not as one each."""
        if not (named := list(ids)):
            return self.none()
        return self.filter(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [id_array(named)]))

    def of_video(self, video: Video) -> Self:
        """Spans of one video, in the order of its frames."""
        return self.filter(video=video).order_by("start")

    def in_project(self, project: Project) -> Self:
        """Spans of the project's videos that can be looked at."""
        return self.filter(video__project=project, video__deleted_at=None, video__state=VideoState.READY)

    def in_state(self, *states: SpanState) -> Self:
        """Spans in any of these states."""
        return self.filter(state__in=states)

    def standing(self) -> Self:
        """Spans that nobody restored: their frames are out."""
        return self.exclude(state=SpanState.RESTORED)


def _main(number: str) -> Cast:
    """A number of the main reason; NULL where a span has none."""
    return Cast(KeyTextTransform(number, KeyTransform(0, "reasons")), models.FloatField())


class QualitySpan(models.Model):
    """A rejected stretch `[start, end)` of frame ordinals.

    `reasons` is `[{"reason", "metric", "value", "threshold", "frames"}, ...]`, the one on most frames first;
    `reason` repeats that first one, to filter by, and `severity` is how many times over its threshold the
    worst frame is. `profile_revision` says which thresholds of its camera judged it, or `ELSEWHERE`. `batch`
    is the decision that made the span what it is; without one it is as the gate left it. A span never changes
    its frames: a decision over a part of it makes new ones of all its parts.
    """

    TRANSITIONS: ClassVar[dict[SpanState, frozenset[SpanState]]] = {
        SpanState.PENDING: frozenset({SpanState.CONFIRMED, SpanState.RESTORED}),
        SpanState.CONFIRMED: frozenset({SpanState.PENDING, SpanState.RESTORED}),
        SpanState.RESTORED: frozenset({SpanState.PENDING, SpanState.CONFIRMED}),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="quality_spans")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    reason = models.CharField(max_length=32)
    reasons = models.JSONField(default=list)
    severity = models.GeneratedField(
        expression=_main("value") / Greatest(_main("threshold"), models.Value(1e-6)),
        output_field=models.FloatField(),
        db_persist=True,
    )
    state = models.CharField(max_length=16, choices=SpanState, default=SpanState.PENDING)
    batch = models.ForeignKey(
        ReviewBatch, on_delete=models.RESTRICT, null=True, blank=True, related_name="made"
    )
    profile_revision = models.PositiveIntegerField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = QualitySpanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="span_holds_a_frame"),
            models.UniqueConstraint(fields=["video", "start"], name="one_span_a_start"),
        ]
        indexes: ClassVar = [models.Index(fields=["reason", "state"], name="span_by_reason")]

    def __str__(self) -> str:
        return f"[{self.start}, {self.end}) of {self.video_id}: {self.reason}"

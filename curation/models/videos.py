"""Videos: the footage, the identity of its frames, and where its made files lie."""

import uuid
from collections.abc import Iterable
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Cast, Coalesce, Lower, Now

from core.models import Project


class VideoState(models.TextChoices):
    """Where a video stands on its way in."""

    REGISTERED = "registered", "Waiting"
    WORKING = "working", "Working"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class VideoQuerySet(models.QuerySet["Video"]):
    """Videos, read as a sentence: `Video.objects.in_project(p).kept().from_camera(c).named_like("yard")`."""

    def in_project(self, project: Project) -> Self:
        """Videos of one project."""
        return self.filter(project=project)

    def kept(self) -> Self:
        """Videos that nobody removed."""
        return self.filter(deleted_at=None)

    def removed(self) -> Self:
        """Videos that somebody removed."""
        return self.exclude(deleted_at=None)

    def in_state(self, *states: VideoState) -> Self:
        """Videos in any of these states."""
        return self.filter(state__in=states)

    def ready(self) -> Self:
        """Videos whose frames are indexed, scored and playable."""
        return self.in_state(VideoState.READY)

    def from_camera(self, camera: uuid.UUID) -> Self:
        """Videos of one camera."""
        return self.filter(camera_id=camera)

    def named_like(self, text: str, *, cameras: Iterable[uuid.UUID] = ()) -> Self:
        """Videos whose name contains `text`, whatever its case, or that are from one of `cameras`."""
        return self.filter(models.Q(folded_name__contains=text.lower()) | models.Q(camera_id__in=cameras))

    def with_content(self, sha256: str) -> Self:
        """Videos whose bytes have this SHA-256."""
        return self.filter(sha256=sha256)


class Video(models.Model):
    """One recording. A label points at it by ordinals, `[start, end)`, and by `sha256`.

    `runs` is the source's pts as `[[first_pts, delta, count], ...]` in `time_base`; `proxy_runs` the
    proxies' in 1/90000 s. Both have exactly `frames` frames. `artifacts` maps the name of a made
    file to `{"key", "bytes", "sha256", "type"}`. `rejects` is what the manifest of the sprite of rejected
    frames says, empty where there is none; `usual` is metric -> median over the frames that were accepted
    as it came in. All of these are empty until the state is ready. `taken_at` puts videos in the order of
    their recording; one whose time nobody knows counts as recorded when it was added. `moved_at` is when it
    was last put under another camera.
    """

    TRANSITIONS: ClassVar[dict[VideoState, frozenset[VideoState]]] = {
        VideoState.REGISTERED: frozenset({VideoState.WORKING, VideoState.FAILED}),
        VideoState.WORKING: frozenset({VideoState.READY, VideoState.FAILED}),
        VideoState.READY: frozenset(),
        VideoState.FAILED: frozenset({VideoState.REGISTERED}),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="videos")
    camera = models.ForeignKey("curation.Camera", on_delete=models.RESTRICT, related_name="videos")
    job = models.OneToOneField("core.Job", on_delete=models.SET_NULL, null=True, related_name="video")
    name = models.CharField(max_length=255)
    folded_name = models.GeneratedField(
        expression=Lower("name"),
        output_field=models.CharField(max_length=255, db_collation="C"),
        db_persist=True,
    )
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    source_key = models.CharField(max_length=255)
    state = models.CharField(max_length=16, choices=VideoState, default=VideoState.REGISTERED)
    damaged = models.BooleanField(default=False)
    sentence = models.TextField(blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.GeneratedField(
        expression=Coalesce("recorded_at", "created_at"),
        output_field=models.DateTimeField(),
        db_persist=True,
    )

    frames = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    fps = models.FloatField(default=0.0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    rotation = models.SmallIntegerField(default=0)
    codec = models.CharField(max_length=40, blank=True)
    had_audio = models.BooleanField(default=False)
    time_base = models.CharField(max_length=40, blank=True)
    runs = models.JSONField(default=list)
    last_duration = models.BigIntegerField(default=0)
    proxy_runs = models.JSONField(default=list)
    proxy_last_duration = models.BigIntegerField(default=0)
    index_sha256 = models.CharField(max_length=64, blank=True)
    decoder = models.CharField(max_length=120, blank=True)
    damage = models.JSONField(default=list)
    artifacts = models.JSONField(default=dict)
    rejects = models.JSONField(default=dict)
    usual = models.JSONField(default=dict)
    rejected_frames = models.PositiveIntegerField(default=0)
    rejected_over_time = models.JSONField(default=list)
    rejected_share = models.GeneratedField(
        expression=models.Case(
            models.When(frames=0, then=models.Value(0.0)),
            default=Cast("rejected_frames", models.FloatField()) / Cast("frames", models.FloatField()),
        ),
        output_field=models.FloatField(),
        db_persist=True,
    )

    objects = VideoQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "sha256"],
                condition=models.Q(deleted_at=None),
                name="one_video_a_content",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "project",
                models.F("created_at").desc(),
                "id",
                condition=models.Q(deleted_at=None),
                name="video_newest",
            ),
            models.Index(
                fields=["project", "-taken_at", "id"],
                condition=models.Q(deleted_at=None),
                name="video_by_taken",
            ),
            models.Index(
                fields=["project", "folded_name", "id"],
                condition=models.Q(deleted_at=None),
                name="video_by_name",
            ),
            models.Index(
                fields=["project", "state", "-created_at", "id"],
                include=["frames", "seconds"],
                condition=models.Q(deleted_at=None),
                name="video_by_state",
            ),
            models.Index(
                fields=["camera", "-created_at", "id"],
                condition=models.Q(deleted_at=None),
                name="video_by_camera",
            ),
            models.Index(
                fields=["project", "-seconds", "id"],
                condition=models.Q(deleted_at=None),
                name="video_longest",
            ),
            models.Index(
                fields=["project", "-rejected_share", "id"],
                condition=models.Q(deleted_at=None),
                name="video_rejected",
            ),
            models.Index(
                fields=["project"],
                include=["id"],
                condition=models.Q(deleted_at__isnull=False),
                name="video_removed",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VideoTally(models.Model):
    """How many kept videos a camera has in a state, and how long they are together.

    A trigger on the table of videos keeps it right (migration 0002), whoever writes there: counting
    100,000 rows for every list would take longer than all the rest.
    """

    project = models.ForeignKey(
        "core.Project", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    camera = models.ForeignKey(
        "curation.Camera", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    state = models.CharField(max_length=16, choices=VideoState)
    videos = models.BigIntegerField(default=0)
    frames = models.BigIntegerField(default=0)
    milliseconds = models.BigIntegerField(default=0)
    rejected_frames = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "camera", "state"], name="one_tally_a_state"),
        ]

    def __str__(self) -> str:
        return f"{self.videos} videos {self.state}"

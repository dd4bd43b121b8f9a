"""What the API of curation says, as JSON: times in ISO 8601, frames by ordinal, sizes in bytes or pixels."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from core.models import JobState
from curation.models import Camera, QualitySpan, Site, Upload, Video, VideoState


class NameIn(Schema):
    """A name that a person gives."""

    name: str = Field(max_length=400)


class CameraIn(NameIn):
    """A new camera: at a site that is there, or at one of a new name."""

    site: UUID | None = None
    site_name: str = Field("", max_length=400)


class VideoChange(Schema):
    """What can be changed of a video: the camera that it is from. `seen` is the one that the person saw."""

    camera: UUID
    seen: UUID


class CameraInSite(Schema):
    """A camera in the list of its site."""

    id: UUID
    name: str
    videos: int


class SiteOut(Schema):
    """A site with its cameras."""

    id: UUID
    name: str
    cameras: list[CameraInSite]

    @classmethod
    def of(cls, site: Site) -> "SiteOut":
        """From a row whose cameras carry `video_count`."""
        cameras = [
            CameraInSite(id=camera.pk, name=camera.name, videos=getattr(camera, "video_count", 0))
            for camera in site.cameras.all()
        ]
        return cls(id=site.pk, name=site.name, cameras=cameras)


class SiteList(Schema):
    """All sites of a project."""

    items: list[SiteOut]
    total: int


class SiteBrief(Schema):
    """A site, by name."""

    id: UUID
    name: str


class CameraOut(Schema):
    """A camera with its site."""

    id: UUID
    name: str
    site: SiteBrief
    videos: int

    @classmethod
    def of(cls, camera: Camera) -> "CameraOut":
        """From a row with its site."""
        site = SiteBrief(id=camera.site.pk, name=camera.site.name)
        return cls(id=camera.pk, name=camera.name, site=site, videos=getattr(camera, "video_count", 0))


class CameraList(Schema):
    """All cameras of a project."""

    items: list[CameraOut]
    total: int


class CameraBrief(Schema):
    """Where a video is from."""

    id: UUID
    name: str
    site: str


class IngestOut(Schema):
    """How far a video that is on its way in has come. `progress` runs from 0 to 1."""

    job: UUID
    state: str
    stage: str
    progress: float
    facts: dict[str, Any]


class VideoRow(Schema):
    """A video in a list: zeros until it is ready. `rejected_over_time`: percent rejected in equal parts.

    `again`: it failed, but not by its own content, so that trying it again may help.
    """

    id: UUID
    name: str
    camera: CameraBrief
    state: VideoState
    damaged: bool
    sentence: str
    bytes: int
    frames: int
    seconds: float
    fps: float
    width: int
    height: int
    rejected_frames: int
    rejected_over_time: list[int]
    recorded_at: datetime | None
    created_at: datetime
    ingest: IngestOut | None
    again: bool

    @classmethod
    def of(cls, video: Video, **more: Any) -> "VideoRow":
        """From a row with camera, site and job."""
        camera = CameraBrief(id=video.camera.pk, name=video.camera.name, site=video.camera.site.name)
        same = {name: getattr(video, name) for name in _SAME}
        ingest, again = _ingest(video), _worth_another_try(video)
        return cls(id=video.pk, camera=camera, ingest=ingest, again=again, **same, **more)


class VideoList(Schema):
    """A page of videos. The sums are of all that match; `by_state` leaves that filter aside."""

    items: list[VideoRow]
    total: int
    frames: int
    seconds: float
    rejected_frames: int
    by_state: dict[str, int]


class FileOut(Schema):
    """A file made from a video, to fetch under `files/{name}`."""

    name: str
    type: str
    bytes: int
    sha256: str


class DamageOut(Schema):
    """What was lost or mended in the source, in a sentence."""

    kind: str
    count: int
    first_frame: int
    sentence: str


class VideoOut(VideoRow):
    """Everything about one video but its index and its numbers."""

    rotation: int
    codec: str
    had_audio: bool
    sha256: str
    index_sha256: str
    decoder: str
    damage: list[DamageOut]
    files: list[FileOut]

    @classmethod
    def of(cls, video: Video, **more: Any) -> "VideoOut":
        """From a row with camera, site and job."""
        files = [
            FileOut(name=name, type=made["type"], bytes=made["bytes"], sha256=made["sha256"])
            for name, made in video.artifacts.items()
        ]
        damage = [DamageOut(**damage) for damage in video.damage]
        own = {name: getattr(video, name) for name in _OWN}
        row = super().of(video, damage=damage, files=files, **own, **more)
        assert isinstance(row, cls)  # noqa: S101 - narrows the type: it is built by cls
        return row


class IndexOut(Schema):
    """What the player needs to know a frame by its number.

    `runs` is `[[first_pts, delta, count], ...]` of the proxies, in `time_base` seconds (numerator and
    denominator); it holds exactly `frames` frames, the last of which lasts `last_duration`. `width` and
    `height` give the shape of the picture.
    """

    frames: int
    runs: list[list[int]]
    time_base: list[int]
    last_duration: int
    width: int
    height: int
    fps: float
    seconds: float
    sha256: str
    index_sha256: str

    @classmethod
    def of(cls, video: Video) -> "IndexOut":
        """From a ready video."""
        same = {name: getattr(video, name) for name in _INDEX}
        return cls(
            runs=video.proxy_runs, time_base=[1, 90_000], last_duration=video.proxy_last_duration, **same
        )


class ReasonOut(Schema):
    """Why a span was rejected: the worst value in it, the limit it passed, and on how many of its frames."""

    reason: str
    metric: str
    value: float
    threshold: float
    frames: int


class SpanOut(Schema):
    """A rejected stretch of frames, `[start, end)`."""

    id: UUID
    start: int
    end: int
    reason: str
    reasons: list[ReasonOut]
    state: str
    profile_revision: int

    @classmethod
    def of(cls, span: QualitySpan) -> "SpanOut":
        """From a row."""
        reasons = [ReasonOut(**reason) for reason in span.reasons]
        same = {name: getattr(span, name) for name in _SPAN}
        return cls(id=span.pk, reasons=reasons, **same)


class QualityOut(Schema):
    """A video's verdicts. `over_time`: percent rejected in each of equal parts."""

    frames: int
    rejected_frames: int
    over_time: list[int]
    thresholds: dict[str, float | None]
    profile_revision: int
    metrics: list[str]
    spans: list[SpanOut]


class UploadIn(Schema):
    """A file that is about to be sent."""

    name: str = Field(max_length=400)
    bytes: int = Field(ge=0)
    camera: UUID


class UploadOut(Schema):
    """How far an upload has come. Send `chunk_bytes` at a time, from `received` on; `video` comes last."""

    id: UUID
    name: str
    bytes: int
    received: int
    chunk_bytes: int
    state: str
    sentence: str
    video: UUID | None

    @classmethod
    def of(cls, upload: Upload, chunk_bytes: int) -> "UploadOut":
        """From a row."""
        same = {name: getattr(upload, name) for name in _UPLOAD}
        return cls(id=upload.pk, chunk_bytes=chunk_bytes, video=upload.video_id, **same)


def _ingest(video: Video) -> IngestOut | None:
    job = video.job
    if job is None or video.state not in (VideoState.REGISTERED, VideoState.WORKING):
        return None
    return IngestOut(job=job.pk, state=job.state, stage=job.stage, progress=job.progress, facts=job.facts)


def _worth_another_try(video: Video) -> bool:
    """A job that failed has judged the file; one that was lost or cancelled has not."""
    return video.state == VideoState.FAILED and video.job is not None and video.job.state != JobState.FAILED


_SAME = (
    *("name", "state", "damaged", "sentence", "bytes", "frames", "seconds", "fps", "width", "height"),
    *("rejected_frames", "rejected_over_time", "recorded_at", "created_at"),
)
_OWN = ("rotation", "codec", "had_audio", "sha256", "index_sha256", "decoder")
_INDEX = ("frames", "width", "height", "fps", "seconds", "sha256", "index_sha256")
_SPAN = ("start", "end", "reason", "state", "profile_revision")
_UPLOAD = ("name", "bytes", "received", "state", "sentence")

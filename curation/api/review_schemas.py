"""What the API of the quality review says: spans with reasons and numbers, decisions, and their undoing."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime, ConfigDict, model_validator

from curation.api.schemas import ReasonOut
from curation.models import ReviewBatch, SpanState
from curation.selectors.spans import Counts, Overview, SpanFilter
from curation.selectors.tiles import Neighbour, SpanRow, Tile

MAX_PARTS = 20_000
"""Spans and parts of spans that one decision may name one by one; a filter finds any number."""


class StateIn(StrEnum):
    """A state to filter by, or any."""

    ALL = "all"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    RESTORED = "restored"


class SpanWhere(Schema):
    """Which spans; what is left out does not narrow. `since`, `until`, `hour` of the day: its first frame."""

    camera: UUID | None = None
    reason: str | None = Field(None, max_length=32)
    state: StateIn = StateIn.ALL
    video: UUID | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    hour: int | None = Field(None, ge=0, le=23)

    def asked(self) -> SpanFilter:
        """As the selectors take it."""
        state = None if self.state is StateIn.ALL else SpanState(self.state.value)
        return SpanFilter(self.camera, self.reason, state, self.video, self.since, self.until, self.hour)


class ReasonCount(Schema):
    """A reason, and what the other filters find of it."""

    reason: str
    spans: int
    frames: int
    pending: int

    @classmethod
    def of(cls, reason: str, count: Counts) -> Self:
        """From counts."""
        return cls(reason=reason, spans=count.spans, frames=count.frames, pending=count.pending)


class CameraCount(Schema):
    """A camera, and what the other filters find of it."""

    id: UUID
    name: str
    site: str
    spans: int
    frames: int
    pending: int


class HeatRow(Schema):
    """For every hour of the day the share of recorded frames that is rejected; null: nothing was recorded."""

    camera: UUID
    name: str
    share: list[float | None]


class Heat(Schema):
    """Rejected by camera and hour of the day, by the recorders' clocks."""

    hours_from: int
    rows: list[HeatRow]


class OverviewOut(Schema):
    """What the filters find. `pending` and `decided` leave the filter by state aside, and each list its own.

    `since` and `until` bound the project's rejected footage; of `without_time` videos nobody knows when they
    were recorded.
    """

    spans: int
    frames: int
    pending: int
    decided: int
    since: datetime | None
    until: datetime | None
    reasons: list[ReasonCount]
    cameras: list[CameraCount]
    heat: Heat
    without_time: int

    @classmethod
    def of(cls, overview: Overview, heat: list[HeatRow]) -> Self:
        """From the numbers."""
        cameras = [
            CameraCount(
                id=camera.pk,
                name=camera.name,
                site=camera.site.name,
                spans=count.spans,
                frames=count.frames,
                pending=count.pending,
            )
            for camera, count in overview.cameras
        ]
        return cls(
            spans=overview.found.spans,
            frames=overview.found.frames,
            pending=overview.found.pending,
            decided=overview.decided,
            since=overview.since,
            until=overview.until,
            reasons=[ReasonCount.of(reason, count) for reason, count in overview.reasons.items()],
            cameras=cameras,
            heat=Heat(hours_from=0, rows=heat),
            without_time=overview.without_time,
        )


class SpriteOut(Schema):
    """The sprite of a video's rejected frames; each sheet is at `/videos/{video}/files/{sheet}`."""

    tile_w: int
    tile_h: int
    columns: int
    rows: int
    sheets: list[str]


class TileOut(Schema):
    """A picture that stands for the part `[start, end)` of a span: the sprite's tile `index`, or a still."""

    frame: int
    index: int | None
    start: int
    end: int
    value: float | None

    @classmethod
    def of(cls, tile: Tile) -> Self:
        """From a tile."""
        return cls(frame=tile.frame, index=tile.index, start=tile.start, end=tile.end, value=tile.value)


class SpanRowOut(Schema):
    """A rejected span `[start, end)` with reasons, numbers and pictures. `usual`: the main metric's there."""

    id: UUID
    video: UUID
    video_name: str
    fps: float
    camera: UUID
    camera_name: str
    start: int
    end: int
    at: datetime | None
    state: SpanState
    reason: str
    reasons: list[ReasonOut]
    decided_by: str | None
    decided_at: datetime | None
    usual: float | None
    sprite: SpriteOut | None
    tiles: list[TileOut]

    @classmethod
    def of(cls, row: SpanRow) -> Self:
        """From a row with its video."""
        span, video, by = row.span, row.video, row.span.reviewed_by
        sprite = row.sprite
        return cls(
            id=span.pk,
            video=video.pk,
            video_name=video.name,
            fps=video.fps,
            camera=video.camera_id,
            camera_name=video.camera.name,
            start=span.start,
            end=span.end,
            at=row.at,
            state=SpanState(span.state),
            reason=span.reason,
            reasons=[ReasonOut(**reason) for reason in span.reasons],
            decided_by=None if by is None else by.shown_name,
            decided_at=span.reviewed_at,
            usual=row.usual,
            sprite=None if sprite is None else SpriteOut(**{name: sprite[name] for name in _SPRITE}),
            tiles=[TileOut.of(tile) for tile in row.tiles],
        )


class SpanPage(Schema):
    """A page of spans as they were `at`; `total` and `frames` are of all that match."""

    at: datetime
    total: int
    frames: int
    items: list[SpanRowOut]


class FrameNear(Schema):
    """A frame beside another; its picture is at `/videos/{video}/frames/{frame}.jpg`."""

    frame: int
    at: datetime | None
    value: float | None
    rejected: bool
    inside: bool

    @classmethod
    def of(cls, near: Neighbour) -> Self:
        """From a neighbour."""
        return cls(frame=near.frame, at=near.at, value=near.value, rejected=near.rejected, inside=near.inside)


class FramesNear(Schema):
    """Frames around one of a span, by the metric and the threshold that rejected the span."""

    video: UUID
    metric: str
    reason: str
    threshold: float | None
    usual: float | None
    items: list[FrameNear]


class PartIn(Schema):
    """A span, or with both limits the frames `[start, end)` of it; `state`: that in which it was seen.

    What is left out says its `video` and limits too, so that it stays out where its span is another by now.
    """

    id: UUID
    start: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=1)
    state: SpanState | None = None
    video: UUID | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError("a part of a span has a start and an end")
        return self


class ReviewWhere(SpanWhere):
    """The filter of a decision. A name that it does not know is refused: it would widen what is decided."""

    model_config = ConfigDict(extra="forbid")


class ReviewIn(Schema):
    """A decision: over named spans and parts, or over all that a filter finds besides some.

    `id` is made by the browser; the same again changes nothing. `seen`: how many spans the filter had found
    when the person looked, those that are left out among them; `at`: the `at` of the page that they saw.
    """

    id: UUID
    to: SpanState
    spans: list[PartIn] | None = Field(None, max_length=MAX_PARTS)
    where: ReviewWhere | None = None
    besides: list[PartIn] = Field(default_factory=list, max_length=MAX_PARTS)
    seen: int | None = Field(None, ge=0)
    at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.spans is None) == (self.where is None):
            raise ValueError("a decision names spans, or says where they are")
        if self.where is not None and self.seen is None:
            raise ValueError("a decision by a filter says how many spans were seen")
        return self


class ReviewOut(Schema):
    """A decision: over how many spans, whole or in part, and frames. It can be undone till `undo_until`."""

    id: UUID
    to: SpanState
    spans: int
    frames: int
    created_at: datetime
    undo_until: datetime
    undone_at: datetime | None

    @classmethod
    def of(cls, batch: ReviewBatch, *, undo: timedelta) -> Self:
        """From a row."""
        return cls(
            id=batch.pk,
            to=SpanState(batch.to),
            spans=batch.spans,
            frames=batch.frames,
            created_at=batch.created_at,
            undo_until=batch.created_at + undo,
            undone_at=batch.undone_at,
        )


_SPRITE = ("tile_w", "tile_h", "columns", "rows", "sheets")

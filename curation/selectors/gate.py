"""Questions about a camera's gate: how its footage measures, and what other thresholds would do to it."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import FloatField, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from numpy.typing import NDArray

from core.models import Job, JobState
from curation.models import Camera, FrameMetrics, QualityProfile, QualitySpan, SpanState, Video, VideoState
from curation.quality.gate import (
    READ,
    SCALES,
    Change,
    Effect,
    Footage,
    Histogram,
    effect,
    histograms,
)
from curation.quality.proposal import Case, Proposal, propose
from curation.quality.score import METRICS, Metrics
from curation.quality.verdict import METRIC_OF, REASONS, Thresholds

REJUDGE = "curation.rejudge"
"""The kind of the job that judges videos again."""
MOST_FRAMES = 2_000_000
"""A camera with more is looked at in part: whole videos, evenly spread over time."""
DECIDED = (SpanState.CONFIRMED, SpanState.RESTORED)
_WAITING = (JobState.QUEUED, JobState.RUNNING)
_FAILED = (JobState.FAILED, JobState.QUARANTINED, JobState.CANCELLED)
_COPY_HEADER = 19


@dataclass(frozen=True)
class Sample:
    """Which of a camera's ready videos are looked at, out of how many."""

    ids: list[UUID]
    frames: int
    rejected: int
    of_videos: int
    of_frames: int

    @property
    def sampled(self) -> bool:
        """Whether there is more footage than is looked at."""
        return len(self.ids) < self.of_videos


@dataclass(frozen=True)
class Judging:
    """Videos that wait to be judged again, and videos for which that failed."""

    waiting: int
    failed: int


@dataclass(frozen=True)
class Offer:
    """A proposal with what it would change, and all of it in a sentence."""

    proposal: Proposal
    recovers: int
    rejects: int
    sentence: str


@dataclass(frozen=True)
class Gate:
    """What a camera tolerates, how its footage measures, and what would fit people's decisions better."""

    camera: Camera
    revision: int
    updated_at: datetime
    thresholds: Thresholds
    sample: Sample
    spread: dict[str, Histogram]
    rejected: dict[str, Change]
    judging: Judging
    offer: Offer | None


def gate_of(*, camera: Camera) -> Gate:
    """A camera's gate as it stands."""
    profile = QualityProfile.objects.get(pk=camera.pk)
    thresholds = Thresholds.from_json(profile.thresholds)
    sample = sample_of(camera=camera)
    footage = footage_of(ids=sample.ids)
    return Gate(
        camera=camera,
        revision=profile.revision,
        updated_at=profile.updated_at,
        thresholds=thresholds,
        sample=sample,
        spread=histograms(footage, thresholds),
        rejected=dict(effect(footage, thresholds, thresholds).reasons),
        judging=_judging(camera, profile.revision),
        offer=_offer(camera, footage, thresholds),
    )


def gate_effect(*, camera: Camera, thresholds: Thresholds) -> tuple[Effect, Sample]:
    """What `thresholds` would change against those that are, and what of the footage was looked at."""
    profile = QualityProfile.objects.get(pk=camera.pk)
    old = Thresholds.from_json(profile.thresholds)
    sample = sample_of(camera=camera)
    rules = [name for name in REASONS if (getattr(old, name), getattr(thresholds, name)) != (None, None)]
    footage = footage_of(ids=sample.ids, columns=[METRIC_OF[name] for name in rules])
    return effect(footage, old, thresholds), sample


def rejudging_failed(*, camera: Camera, revision: int) -> QuerySet[Job]:
    """The jobs that could not judge videos of a camera by a revision of its gate."""
    asked = Job.objects.filter(kind=REJUDGE, params__camera=str(camera.pk), params__revision=revision)
    return asked.filter(state__in=_FAILED)


def sample_of(*, camera: Camera) -> Sample:
    """The camera's ready videos, or, where they are too long, every n-th of them in the order of time."""
    ready = Video.objects.from_camera(camera.pk).kept().filter(state=VideoState.READY)
    rows = list(ready.order_by("created_at", "pk").values_list("pk", "frames", "rejected_frames"))
    total = sum(frames for _, frames, _ in rows)
    step = max(1, ceil(total / MOST_FRAMES))
    taken = rows[::step]
    while sum(frames for _, frames, _ in taken) > MOST_FRAMES and len(taken) > 1:
        step += 1
        taken = rows[::step]
    return Sample(
        ids=[pk for pk, _, _ in taken],
        frames=sum(frames for _, frames, _ in taken),
        rejected=sum(rejected for _, _, rejected in taken),
        of_videos=len(rows),
        of_frames=total,
    )


def footage_of(*, ids: Sequence[UUID], columns: Sequence[str] = READ) -> Footage:
    """These videos as the gate sees them, with `columns` of their metrics; unscored ones are left out."""
    columns = columns or READ[:1]  # one at least, to count the frames by
    fps = dict(Video.objects.filter(pk__in=ids).values_list("pk", "fps"))
    parts: dict[str, list[memoryview]] = {name: [] for name in columns}
    videos, lengths = [], []
    for video, values in _columns(ids, columns):
        videos.append(video)
        lengths.append(len(values[0]) // 4)
        for name, value in zip(columns, values, strict=True):
            parts[name].append(value)
    counts = np.array(lengths, dtype=np.int64)
    begins = dict(zip(videos, (np.cumsum(counts) - counts).tolist(), strict=True))
    return Footage(
        columns={name: np.frombuffer(b"".join(values), dtype="<f4") for name, values in parts.items()},
        lengths=counts,
        fps=np.array([fps[video] for video in videos]),
        **_decided(begins),
        confirmed_for=_confirmed_for(videos),
    )


def _decided(begins: Mapping[UUID, int]) -> dict[str, NDArray[Any]]:
    """Bounds and decisions of decided spans, where the frames of each video begin at `begins`."""
    spans = QualitySpan.objects.filter(video__in=begins).in_state(*DECIDED).order_by().values("video")
    rows = spans.annotate(
        starts=ArrayAgg("start"), ends=ArrayAgg("end"), states=ArrayAgg("state")
    ).values_list("video", "starts", "ends", "states")
    starts, ends, confirmed = [], [], []
    for video, its_starts, its_ends, states in rows:
        begin = begins[video]
        starts += [start + begin for start in its_starts]
        ends += [end + begin for end in its_ends]
        confirmed += [state == SpanState.CONFIRMED for state in states]
    return {
        "starts": np.array(starts, dtype=np.int64),
        "ends": np.array(ends, dtype=np.int64),
        "confirmed": np.array(confirmed, dtype=np.bool_),
    }


def _confirmed_for(videos: Sequence[UUID]) -> dict[str, int]:
    """On how many frames each reason holds in the spans that people confirmed."""
    spans = connection.ops.quote_name(QualitySpan._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT said ->> 'reason', sum((said ->> 'frames')::bigint)"  # noqa: S608 - our own names
            f" FROM {spans}, jsonb_array_elements(reasons) AS said"
            " WHERE state = %s AND video_id = ANY(%s::uuid[]) GROUP BY 1",
            [SpanState.CONFIRMED.value, [str(video) for video in videos]],
        )
        return {reason: int(frames) for reason, frames in cursor.fetchall()}


def metrics_of(*, video_id: UUID) -> Metrics:
    """Every metric of one video. Raises FrameMetrics.DoesNotExist before it was scored."""
    row = FrameMetrics.objects.values(*METRICS).get(pk=video_id)
    return Metrics({name: np.frombuffer(bytes(row[name]), dtype="<f4") for name in METRICS})


def _columns(ids: Sequence[UUID], columns: Sequence[str]) -> Iterator[tuple[UUID, list[memoryview]]]:
    """Each video with its columns as bytes, by COPY in its binary format.

    Through a SELECT every byte would come as two hexadecimal digits, which takes four times as long.
    """
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(name) for name in ("video_id", *columns))
    chosen = f"SELECT {names} FROM {quoted(FrameMetrics._meta.db_table)}"  # noqa: S608 - our own names
    received = _Rows()
    with connection.cursor() as cursor:
        where = cursor.mogrify(" WHERE video_id = ANY(%s::uuid[])", [[str(pk) for pk in ids]]).decode()
        cursor.copy_expert(f"COPY ({chosen}{where}) TO STDOUT (FORMAT binary)", received)
    for video, *values in received.fields():
        yield UUID(bytes=bytes(video)), values


class _Rows:
    """A file for a binary COPY to write to, which it does one row at a time."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Keep a row; the first comes after the header, and what ends them all comes last."""
        self._written.append(data)

    def fields(self) -> Iterator[list[memoryview]]:
        """The fields of each row; none of them is NULL."""
        at = _COPY_HEADER
        for data in self._written:
            (count,) = struct.unpack_from("!h", data, at)
            at += 2
            found = []
            for _ in range(count):  # -1 at the end
                (size,) = struct.unpack_from("!i", data, at)
                found.append(memoryview(data)[at + 4 : at + 4 + size])
                at += 4 + size
            if found:
                yield found
            at = 0


def _judging(camera: Camera, revision: int) -> Judging:
    waiting = Job.objects.filter(kind=REJUDGE, params__camera=str(camera.pk), state__in=_WAITING)
    failed = rejudging_failed(camera=camera, revision=revision)
    return Judging(waiting=_videos_in(waiting, camera), failed=_videos_in(failed, camera))


def _videos_in(jobs: QuerySet[Job], camera: Camera) -> int:
    """How many of the camera's videos these jobs are about; some may have been moved away since."""
    asked = {video for params in jobs.values_list("params", flat=True) for video in params["videos"]}
    return Video.objects.from_camera(camera.pk).filter(pk__in=asked).count()


def _offer(camera: Camera, footage: Footage, thresholds: Thresholds) -> Offer | None:
    proposal = propose(_cases(camera), thresholds)
    if proposal is None:
        return None
    other = Thresholds.from_json(thresholds.to_json() | {proposal.reason: proposal.threshold})
    change = effect(footage, thresholds, other)
    sentence = _sentence(proposal, change)
    return Offer(proposal, recovers=change.newly_accepted, rejects=change.newly_rejected, sentence=sentence)


def _cases(camera: Camera) -> list[Case]:
    """All that people decided about this camera's kept footage, also where it is looked at in part."""
    spans = QualitySpan.objects.filter(video__camera=camera, video__deleted_at=None).in_state(*DECIDED)
    worst = Cast(KeyTextTransform("value", KeyTransform(0, "reasons")), FloatField())
    rows = spans.annotate(worst=worst).exclude(worst=None)
    return [
        Case(reason, value / fps if reason == "freeze" else value, state == SpanState.CONFIRMED)
        for reason, value, fps, state in rows.values_list("reason", "worst", "video__fps", "state")
    ]


def _sentence(found: Proposal, change: Effect) -> str:
    what = found.reason.replace("_", " ").capitalize()
    unit = " s" if SCALES[found.reason][0] == "seconds" else ""
    fits, moves = [], []
    if found.restored:
        fits.append(f"let in {found.restored_hit:,} of the {found.restored:,} spans that were restored")
    if found.confirmed:
        fits.append(f"keep out {found.confirmed_hit:,} of the {found.confirmed:,} that were confirmed")
    if change.newly_accepted:
        moves.append(f"brings {_frames(change.newly_accepted)} back")
    if change.newly_rejected:
        moves.append(f"rejects {_frames(change.newly_rejected)} more")
    then = f" It {' and '.join(moves)}." if moves else ""
    return f"{what} over {found.threshold:g}{unit} would {' and '.join(fits)}.{then}"


def _frames(count: int) -> str:
    return f"{count:,} frame" if count == 1 else f"{count:,} frames"

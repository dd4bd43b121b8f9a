"""Judging videos again: what the job's child gets, and what its result changes.

Decisions of people stand to the frame. What is pending gives way to the new verdicts, and a span that comes
out as it was keeps its id. Where somebody decided something while the child was at work, its verdicts for
that video are laid again around what is decided now.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core.models import Job
from core.services.storage import discard
from curation.models import QualityProfile, QualitySpan, SpanState, Video
from curation.quality.gate import laid_around
from curation.quality.verdict import Thresholds, judge
from curation.selectors.gate import DECIDED, REJUDGE, metrics_of
from curation.services.artifacts import REJECTS, artifacts_made
from curation.services.gate import rejudge_later
from curation.services.verdicts import verdicts_settle, videos_lock

SpanJson = dict[str, Any]
Told = dict[str, Any]


def videos_to_rejudge(*, job: Job) -> tuple[QualityProfile, list[Video]]:
    """The gate that judges, as it is now, and the job's videos that are still its camera's and have files.

    A camera whose videos were all moved away may be gone, and has none.
    """
    camera = UUID(job.params["camera"])
    profile = QualityProfile.objects.filter(pk=camera).first() or QualityProfile(camera_id=camera)
    videos = Video.objects.from_camera(camera).filter(pk__in=job.params["videos"]).ready()
    return profile, list(videos.exclude(source_key="").order_by("pk"))


def decisions_of(*, videos: Iterable[Video]) -> dict[UUID, list[SpanJson]]:
    """`{"start", "end", "reasons"}` of the spans that people decided, by video."""
    decided: dict[UUID, list[SpanJson]] = defaultdict(list)
    for span in QualitySpan.objects.filter(video__in=list(videos)).in_state(*DECIDED).order_by("start"):
        decided[span.video_id].append({"start": span.start, "end": span.end, "reasons": span.reasons})
    return decided


@transaction.atomic
def videos_rejudged(*, job: Job, result: Told, files: Mapping[str, str]) -> None:
    """Let the verdicts of a job's child stand, with its sprites.

    Where the gate is another by now, nothing is changed: the videos are judged by that one. It is looked at
    once the videos are locked, and not locked itself, so that nobody who applies another one has to wait:
    the jobs of that one come to these videos after this. A video that was moved to another camera meanwhile
    is left to the job of that one.
    """
    ids = [UUID(name) for name in job.params["videos"]]
    camera = UUID(job.params["camera"])
    locked = [video.pk for video in videos_lock(videos=ids) if video.camera_id == camera]
    used: set[str] = set()
    if locked:  # else its camera may be gone
        profile = QualityProfile.objects.get(pk=camera)
        if profile.revision == result["revision"]:
            used = _let_stand(profile, locked, result, files, cause=f"{REJUDGE} {job.pk}")
        else:
            rejudge_later(videos=locked, cause=f"revision {profile.revision}")
    for key in set(files.values()) - used:
        _discard_on_commit(key)


def _let_stand(
    profile: QualityProfile, locked: list[UUID], result: Told, files: Mapping[str, str], *, cause: str
) -> set[str]:
    """Write verdicts and sprites; the keys of the files that are in use now."""
    told: dict[str, Told] = result["videos"]
    rows = Video.objects.filter(pk__in=locked).ready().exclude(source_key="")
    videos = {video.pk: video for video in rows.order_by("pk")}
    spans: dict[UUID, list[QualitySpan]] = defaultdict(list)
    for span in QualitySpan.objects.filter(video__in=videos):
        spans[span.video_id].append(span)
    laid = {pk: _verdicts(video, told.get(str(pk)), spans[pk], profile) for pk, video in videos.items()}
    changed = _replace(spans, laid, profile.revision)
    shown = [video for pk, video in videos.items() if _show(video, told.get(str(pk)), result["files"], files)]
    Video.objects.bulk_update(shown, ["artifacts", "rejects"])
    verdicts_settle(videos=changed, cause=cause)
    return {facts["key"] for video in shown for facts in video.artifacts.values()}


def _verdicts(
    video: Video, told: Told | None, spans: list[QualitySpan], profile: QualityProfile
) -> list[SpanJson]:
    """The child's verdicts; without them, or where people decided otherwise since, those laid here."""
    decided = sorted((span.start, span.end) for span in spans if span.state in DECIDED)
    if told is not None and decided == [tuple(bounds) for bounds in told["decided"]]:
        found: list[SpanJson] = told["spans"]
        return found
    metrics = metrics_of(video_id=video.pk)
    judged = judge(metrics, Thresholds.from_json(profile.thresholds), video.fps)
    return [span.to_json() for span in laid_around(metrics, judged, decided)]


def _replace(
    spans: Mapping[UUID, list[QualitySpan]], laid: Mapping[UUID, list[SpanJson]], revision: int
) -> list[UUID]:
    """Put the new verdicts where the pending ones were; the videos whose verdicts are others now."""
    kept: list[QualitySpan] = []
    made: list[QualitySpan] = []
    gone, changed = [], []
    for pk, verdicts in laid.items():
        pending = {(span.start, span.end): span for span in spans[pk] if span.state == SpanState.PENDING}
        before = {(*bounds, span.reason) for bounds, span in pending.items()}
        for verdict in verdicts:
            span = pending.pop((verdict["start"], verdict["end"]), None)
            (made if span is None else kept).append(_as_judged(span, pk, verdict, revision))
        gone += [span.pk for span in pending.values()]
        if before != {(one["start"], one["end"], one["reasons"][0]["reason"]) for one in verdicts}:
            changed.append(pk)
    QualitySpan.objects.named(gone).delete()
    _write(kept, revision)
    QualitySpan.objects.bulk_create(made, batch_size=500)
    return changed


def _write(spans: list[QualitySpan], revision: int) -> None:
    """Store new reasons in one statement; a bulk update by CASE would compare every row with every other."""
    rows = [(str(span.pk), span.reason, json.dumps(span.reasons)) for span in spans]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_REASONS, [revision, *(list(column) for column in zip(*rows, strict=True))])


def _as_judged(span: QualitySpan | None, video: UUID, verdict: SpanJson, revision: int) -> QualitySpan:
    span = span or QualitySpan(video_id=video, start=verdict["start"], end=verdict["end"])
    span.reasons, span.reason = verdict["reasons"], verdict["reasons"][0]["reason"]
    span.profile_revision = revision
    return span


def _show(video: Video, told: Told | None, made: Mapping[str, Any], keys: Mapping[str, str]) -> bool:
    """Give the video its new sprite, and see that the old one's files go; whether it has another now."""
    if told is None or told["rejects"] == video.rejects:
        return False
    if told["rejects"] and f"{video.pk}/{REJECTS}.json" not in made:
        return False  # the child let the old one be, and another job has replaced that meanwhile
    for name in [name for name in video.artifacts if name.split("-")[0] == REJECTS]:
        _discard_on_commit(video.artifacts.pop(name)["key"])
    mine = {path: facts for path, facts in made.items() if path.startswith(f"{video.pk}/")}
    video.artifacts.update(artifacts_made(made=mine, keys=dict(keys)))
    video.rejects = told["rejects"]
    return True


def _discard_on_commit(key: str) -> None:
    transaction.on_commit(lambda: discard(key), robust=True)


_REASONS = """
UPDATE curation_qualityspan AS span
SET reason = judged.reason, reasons = judged.reasons::jsonb, profile_revision = %s
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS judged(id, reason, reasons) WHERE span.id = judged.id
"""

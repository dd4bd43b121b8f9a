"""Deciding what becomes of rejected spans: one decision is one transaction, and can be undone as one.

A decision locks the videos of its spans first (`videos_lock`); whatever else changes spans does so too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from core.errors import Conflict, Invalid, NotFound
from core.models import Project, User
from core.services.audit import audit_record
from curation.models import QualitySpan, ReviewBatch, SpanState
from curation.selectors.spans import SpanFilter, spans_found
from curation.services.gate import rejudge_later
from curation.services.pieces import Range, cut_by, spans_of_pieces
from curation.services.verdicts import verdicts_settle, videos_lock

COLUMNS = (
    *("id", "video_id", "start", "end", "reason", "reasons", "state", "profile_revision"),
    *("batch_id", "reviewed_by_id", "reviewed_at"),
)
"""Everything of a span, as `ReviewBatch.before` keeps it."""

Chosen = list[tuple[QualitySpan, list[Range]]]
"""Spans, each with the ranges of it that are decided: disjoint, ascending."""


@dataclass(frozen=True)
class Part:
    """A span, or with both limits the frames `[start, end)` of it."""

    id: UUID
    start: int | None = None
    end: int | None = None


@transaction.atomic
def spans_review(
    *,
    project: Project,
    actor: User,
    batch_id: UUID,
    to: SpanState,
    spans: Sequence[Part] = (),
    where: SpanFilter | None = None,
    besides: Sequence[Part] = (),
    seen: int | None = None,
) -> ReviewBatch:
    """Decide about the parts in `spans`, or about all that `where` finds but the parts in `besides`.

    A span that is decided in part is cut in pieces. What is in state `to` already stays as it is. The same
    `batch_id` again changes nothing and returns the first decision. With `seen`, which is how many spans
    `where` had found when the person looked, another number raises Conflict; NotFound where a named span is
    not there any more, Invalid for a part that does not lie in its span.
    """
    if (made := _made(project, batch_id)) is not None:
        return made
    found = _asked(project, where, spans)
    locked = {video.pk for video in videos_lock(videos=found.values_list("video", flat=True))}
    if (made := _made(project, batch_id)) is not None:  # it was on its way while this one waited
        return made
    rows = {span.pk: span for span in found.order_by("video", "start")}
    if where is not None and seen is not None and seen != len(rows):
        raise Conflict(_not_as_seen(len(rows) - seen))
    named = _named(project, spans if where is None else besides, rows)
    chosen = [
        (span, named[pk] if where is None else _rest(span, named[pk]))
        for pk, span in rows.items()
        if span.state != to and span.video_id in locked
    ]
    return _decide(project, actor, batch_id, to, [(span, ranges) for span, ranges in chosen if ranges])


def judge_again(*, spans: Iterable[Mapping[str, Any]], cause: str) -> None:
    """Have videos judged again in which spans (`video_id`, `profile_revision`) are of an older gate."""
    revisions = {(span["video_id"], span["profile_revision"]) for span in spans}
    current = QualitySpan.objects.filter(video__in={video for video, _ in revisions})
    now = dict(current.values_list("video", "video__camera__quality_profile__revision").distinct())
    stale = {video for video, revision in revisions if now.get(video, revision) != revision}
    if stale:
        rejudge_later(videos=stale, cause=cause)


def row_of(span: QualitySpan) -> dict[str, Any]:
    """Every column of a span, as it is."""
    return {name: getattr(span, name) for name in COLUMNS}


def _made(project: Project, batch_id: UUID) -> ReviewBatch | None:
    """The decision of that id, if it was made already."""
    batch = ReviewBatch.objects.filter(pk=batch_id).first()
    if batch is not None and batch.project_id != project.pk:
        raise Conflict("This id is taken: every decision needs a new one.")
    return batch


def _asked(project: Project, where: SpanFilter | None, spans: Sequence[Part]) -> QuerySet[QualitySpan]:
    if where is not None:
        return spans_found(project=project, where=where)
    return QualitySpan.objects.in_project(project).filter(pk__in={part.id for part in spans})


def _not_as_seen(more: int) -> str:
    spans = "1 span" if abs(more) == 1 else f"{abs(more):,} spans"
    if more < 0:
        return f"{spans} of these were decided or judged again since. Look at what is left first."
    return f"{spans} more came in since. Look at {'it' if more == 1 else 'them'} first."


def _named(
    project: Project, parts: Sequence[Part], rows: Mapping[UUID, QualitySpan]
) -> defaultdict[UUID, list[Range]]:
    """The named ranges of the spans in `rows`, merged. Raises NotFound and Invalid."""
    elsewhere = {part.id for part in parts} - rows.keys()
    if elsewhere:
        there = QualitySpan.objects.in_project(project).filter(pk__in=elsewhere)
        gone = elsewhere - set(there.values_list("pk", flat=True))
        if gone:
            some = "1 span is" if len(gone) == 1 else f"{len(gone):,} spans are"
            raise NotFound(
                f"{some} not there any more: somebody decided them in parts, or they were judged again. "
                "Look at them again."
            )
    ranges: defaultdict[UUID, list[Range]] = defaultdict(list)
    for part in parts:
        if part.id in rows:
            ranges[part.id].append(_range(part, rows[part.id]))
    for pk, held in ranges.items():
        ranges[pk] = _merged(held)
    return ranges


def _range(part: Part, span: QualitySpan) -> Range:
    start = span.start if part.start is None else part.start
    end = span.end if part.end is None else part.end
    if not span.start <= start < end <= span.end:
        raise Invalid(f"[{start}, {end}) is no part of a span of the frames [{span.start}, {span.end}).")
    return start, end


def _merged(ranges: list[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _rest(span: QualitySpan, besides: list[Range]) -> list[Range]:
    """What is left of a span besides some ranges of it."""
    edges = [span.start, *(edge for ends in besides for edge in ends), span.end]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]


def _decide(project: Project, actor: User, batch_id: UUID, to: SpanState, chosen: Chosen) -> ReviewBatch:
    whole = [span for span, ranges in chosen if ranges == [(span.start, span.end)]]
    parted = [(span, ranges) for span, ranges in chosen if ranges != [(span.start, span.end)]]
    cut = [piece for span, ranges in parted for piece in cut_by(span, ranges)]
    pieces = spans_of_pieces(cut)
    before = [row_of(span) for span, _ in chosen]
    try:
        with transaction.atomic():
            batch = ReviewBatch.objects.create(
                id=batch_id,
                project=project,
                actor=actor,
                to=to,
                spans=len(chosen),
                frames=sum(end - start for _, ranges in chosen for start, end in ranges),
                before=[_stored(row) for row in before],
                over=sorted({str(row["batch_id"]) for row in before if row["batch_id"]}),
                after_count=len(whole) + len(pieces),
            )
    except IntegrityError as error:  # the same decision, about nothing, at the same moment
        if (made := _made(project, batch_id)) is None:
            raise Conflict("This decision was made twice at once. Look again.") from error
        return made
    mark = _mark(to, actor, batch)
    QualitySpan.objects.filter(pk__in=[span.pk for span in whole]).update(**mark)
    QualitySpan.objects.filter(pk__in=[span.pk for span, _ in parted]).delete()
    for piece, span in zip(cut, pieces, strict=True):
        for name, value in (mark if piece.chosen else {"batch": batch}).items():
            setattr(span, name, value)
    QualitySpan.objects.bulk_create(pieces)
    shifted = {span.video_id for span, _ in parted}
    shifted |= {span.video_id for span in whole if SpanState.RESTORED in (span.state, to)}
    verdicts_settle(videos=shifted, cause=f"review {batch_id}")
    if to == SpanState.PENDING:
        judge_again(spans=before, cause=f"review {batch_id}")
    said = {"spans": batch.spans, "frames": batch.frames}
    audit_record(verb=f"review.{to}", obj=batch, project=project, actor=actor, **said)
    return batch


def _mark(to: SpanState, actor: User, batch: ReviewBatch) -> dict[str, Any]:
    """What the decision writes into a span. A span that is to review again was reviewed by nobody."""
    if to == SpanState.PENDING:
        return {"state": to, "batch": batch, "reviewed_by": None, "reviewed_at": None}
    return {"state": to, "batch": batch, "reviewed_by": actor, "reviewed_at": Now()}


def _stored(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON, to the microsecond."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value

"""Deciding what becomes of rejected spans: one decision is one transaction, and can be undone as one.

A decision locks the videos of its spans first (`videos_lock`); whatever else changes spans does so too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from core.errors import Conflict, Invalid, NotFound
from core.models import Project, User
from core.services.audit import audit_record
from curation.models import QualitySpan, ReviewBatch, SpanState, Video
from curation.models.quality import id_array
from curation.selectors.spans import SpanFilter, spans_found
from curation.services.gate import rejudge_later
from curation.services.pieces import Range, cut_by, spans_of_pieces
from curation.services.verdicts import verdicts_settle, videos_lock


class Held(NamedTuple):
    """What a decision needs to know of a span; the rest stays in the database."""

    id: UUID
    video: UUID
    start: int
    end: int
    state: str
    batch: UUID | None
    revision: int


Chosen = list[tuple[Held, list[Range]]]
"""Spans, each with the ranges of it that are decided: disjoint, ascending."""


@dataclass(frozen=True)
class Part:
    """A span, or with both limits the frames `[start, end)` of it. `state`: what the person saw it in.

    With `video` and limits it still says which frames are meant where its span is another by now.
    """

    id: UUID
    start: int | None = None
    end: int | None = None
    state: SpanState | None = None
    video: UUID | None = None


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
    at: datetime | None = None,
) -> ReviewBatch:
    """Decide about the parts in `spans`, or about all that `where` finds but the parts in `besides`.

    A span that is decided in part is cut in pieces. What is in state `to` already stays as it is. The same
    `batch_id` again changes nothing and returns the first decision. With `seen`, which is how many spans
    `where` had found when the person looked, another number raises Conflict, and with `at`, the time of that
    look, so does somebody else's decision about any of them since; so does one about a named span that was in
    another `state`. NotFound where a named span is not there any more, Invalid for a part outside its span.
    What is left out with its video and frames stays out whatever span holds these by now, or none.
    """
    if (made := _made(project, batch_id)) is not None:
        return made
    found = _asked(project, where, spans)
    locked = {
        video.pk for video in videos_lock(videos=found.order_by().values_list("video", flat=True).distinct())
    }
    if (made := _made(project, batch_id)) is not None:  # it was on its way while this one waited
        return made
    rows = {row[0]: Held(*row) for row in found.order_by("video", "start").values_list(*_HELD)}
    if where is not None and seen is not None and seen != len(rows):
        raise Conflict(_not_as_seen(len(rows) - seen))
    parts = spans if where is None else besides
    _meanwhile(project, actor, where, at, parts, rows)
    named = _named(project, parts, rows, by_frames=where is not None)
    chosen = [
        (span, named[pk] if where is None else _rest(span, named[pk]))
        for pk, span in rows.items()
        if span.state != to and span.video in locked
    ]
    return _decide(project, actor, batch_id, to, [(span, ranges) for span, ranges in chosen if ranges])


def judge_again(*, spans: Iterable[tuple[UUID, int]], cause: str) -> None:
    """Have videos judged again in which spans, (video, profile revision) each, are of an older gate."""
    revisions = set(spans)
    videos = Video.objects.filter(pk__in={video for video, _ in revisions})
    now = dict(videos.values_list("pk", "camera__quality_profile__revision"))
    stale = {video for video, revision in revisions if now[video] != revision}
    if stale:
        rejudge_later(videos=stale, cause=cause)


def _meanwhile(
    project: Project,
    actor: User,
    where: SpanFilter | None,
    at: datetime | None,
    parts: Sequence[Part],
    rows: Mapping[UUID, Held],
) -> None:
    """Raises Conflict where somebody else decided since the person looked; their own decisions they know."""
    known = [part for part in parts if part.state and part.id in rows]
    other = [part.id for part in known if rows[part.id].state != part.state]
    since: list[QuerySet[QualitySpan]] = [QualitySpan.objects.named(other)]
    if where is not None and at is not None:
        undone = ReviewBatch.objects.in_project(project).filter(undone_at__gt=at).exclude(undone_by=actor)
        if (batch := undone.select_related("undone_by").first()) is not None:
            raise Conflict(_decided_since(batch.undone_by))
        anyhow = spans_found(project=project, where=replace(where, state=None))
        since.append(anyhow.filter(batch__created_at__gt=at))
    for spans in since:
        span = spans.exclude(batch__actor=actor).select_related("batch__actor").first()
        if span is not None:
            raise Conflict(_decided_since(None if span.batch is None else span.batch.actor))


def _decided_since(who: User | None) -> str:
    name = "Somebody" if who is None else who.shown_name
    return f"{name} decided about some of these spans since you looked. Look at them again first."


def _made(project: Project, batch_id: UUID) -> ReviewBatch | None:
    """The decision of that id, if it was made already."""
    batch = ReviewBatch.objects.filter(pk=batch_id).defer("before").first()
    if batch is not None and batch.project_id != project.pk:
        raise Conflict("This id is taken: every decision needs a new one.")
    return batch


def _asked(project: Project, where: SpanFilter | None, spans: Sequence[Part]) -> QuerySet[QualitySpan]:
    if where is not None:
        return spans_found(project=project, where=where)
    return QualitySpan.objects.in_project(project).named({part.id for part in spans})


def _not_as_seen(more: int) -> str:
    spans = "1 span" if abs(more) == 1 else f"{abs(more):,} spans"
    if more < 0:
        return f"{spans} of these were decided or judged again since. Look at what is left first."
    return f"{spans} more came in since. Look at {'it' if more == 1 else 'them'} first."


def _named(
    project: Project, parts: Sequence[Part], rows: Mapping[UUID, Held], *, by_frames: bool
) -> defaultdict[UUID, list[Range]]:
    """The named ranges of the spans in `rows`, merged. Raises NotFound and Invalid.

    With `by_frames` a part that is told by its video and frames needs no span of its name.
    """
    elsewhere = {part.id for part in parts} - rows.keys()
    there = QualitySpan.objects.in_project(project).named(elsewhere)
    gone = [part for part in parts if part.id in elsewhere - set(there.values_list("pk", flat=True))]
    lost = {part.id for part in gone if not by_frames or part.video is None or part.start is None}
    if lost:
        some = "1 span is" if len(lost) == 1 else f"{len(lost):,} spans are"
        raise NotFound(
            f"{some} not there any more: somebody decided them in parts, or they were judged again. "
            "Look at them again."
        )
    ranges: defaultdict[UUID, list[Range]] = defaultdict(list)
    for part in parts:
        if part.id in rows:
            ranges[part.id].append(_range(part, rows[part.id]))
    for pk, met in _met(gone, rows):
        ranges[pk].append(met)
    for pk, held in ranges.items():
        ranges[pk] = _merged(held)
    return ranges


def _met(parts: Sequence[Part], rows: Mapping[UUID, Held]) -> Iterator[tuple[UUID, Range]]:
    """The frames of parts in whichever spans hold them."""
    frames: dict[UUID | None, list[Range]] = defaultdict(list)
    for part in parts:
        frames[part.video].append((part.start or 0, part.end or 0))
    for span in rows.values() if frames else ():
        for start, end in frames.get(span.video, ()):
            if start < span.end and span.start < end:
                yield span.id, (max(start, span.start), min(end, span.end))


def _range(part: Part, span: Held) -> Range:
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


def _rest(span: Held, besides: list[Range]) -> list[Range]:
    """What is left of a span besides some ranges of it."""
    edges = [span.start, *(edge for ends in besides for edge in ends), span.end]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]


def _decide(project: Project, actor: User, batch_id: UUID, to: SpanState, chosen: Chosen) -> ReviewBatch:
    whole = [span for span, ranges in chosen if ranges == [(span.start, span.end)]]
    parted = {span.id: ranges for span, ranges in chosen if ranges != [(span.start, span.end)]}
    old = QualitySpan.objects.named(parted).order_by("video", "start")
    cut = [piece for span in old for piece in cut_by(span, parted[span.pk])]
    pieces = spans_of_pieces(cut)
    try:
        with transaction.atomic():
            batch = ReviewBatch.objects.create(
                id=batch_id,
                project=project,
                actor=actor,
                to=to,
                spans=len(chosen),
                frames=sum(end - start for _, ranges in chosen for start, end in ranges),
                before=_as_they_are(span.id for span, _ in chosen),
                over=sorted({str(span.batch) for span, _ in chosen if span.batch}),
                after_count=len(whole) + len(pieces),
            )
    except IntegrityError as error:  # the same decision, about nothing, at the same moment
        if (made := _made(project, batch_id)) is None:
            raise Conflict("This decision was made twice at once. Look again.") from error
        return made
    mark = _mark(to, actor, batch)
    QualitySpan.objects.named(span.id for span in whole).update(**mark)
    QualitySpan.objects.named(parted).delete()
    for piece, span in zip(cut, pieces, strict=True):
        for name, value in (mark if piece.chosen else {"batch": batch}).items():
            setattr(span, name, value)
    QualitySpan.objects.bulk_create(pieces)
    shifted = {
        span.video for span, _ in chosen if span.id in parted or SpanState.RESTORED in (span.state, to)
    }
    verdicts_settle(videos=shifted, cause=f"review {batch_id}")
    if to == SpanState.PENDING:
        judge_again(spans=((span.video, span.revision) for span, _ in chosen), cause=f"review {batch_id}")
    said = {"spans": batch.spans, "frames": batch.frames}
    audit_record(verb=f"review.{to}", obj=batch, project=project, actor=actor, **said)
    return batch


def _as_they_are(spans: Iterable[UUID]) -> RawSQL:
    """All columns of spans but the one that follows from others, as JSON that never leaves the database."""
    return RawSQL(
        "(SELECT coalesce(jsonb_agg(to_jsonb(span) - 'severity'), '[]') FROM curation_qualityspan AS span"
        " WHERE span.id IN (SELECT unnest(%s::uuid[])))",
        [id_array(spans)],
    )


def _mark(to: SpanState, actor: User, batch: ReviewBatch) -> dict[str, Any]:
    """What the decision writes into a span. A span that is to review again was reviewed by nobody."""
    if to == SpanState.PENDING:
        return {"state": to, "batch": batch, "reviewed_by": None, "reviewed_at": None}
    return {"state": to, "batch": batch, "reviewed_by": actor, "reviewed_at": Now()}


_HELD = ("pk", "video", "start", "end", "state", "batch", "profile_revision")

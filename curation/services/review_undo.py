"""Undoing a decision about rejected spans: what was is put back, unless somebody has decided since."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from core.errors import Conflict
from core.models import User
from core.services.audit import audit_record
from curation.models import QualitySpan, ReviewBatch, SpanState
from curation.services.pieces import Piece, spans_of_pieces
from curation.services.review import judge_again
from curation.services.verdicts import verdicts_settle, videos_lock

UNDO = timedelta(days=30)
"""How long a decision can be undone."""

DECIDED = ("state", "batch_id", "reviewed_by_id", "reviewed_at")
"""What a decision changes of a span that stays whole."""
SAID = {SpanState.PENDING: "put back", SpanState.CONFIRMED: "confirmed", SpanState.RESTORED: "restored"}


@transaction.atomic
def review_undo(*, batch: ReviewBatch, actor: User) -> ReviewBatch:
    """Put back what a decision found: the spans with their frames, states, who and when. Again: nothing.

    Raises Conflict where a later decision touched any of them, and after 30 days. Where a gate was changed
    meanwhile, its videos are judged again.
    """
    before = [
        _row(stored) for stored in ReviewBatch.objects.values_list("before", flat=True).get(pk=batch.pk)
    ]
    videos_lock(videos={row["video_id"] for row in before})
    rows = ReviewBatch.objects.select_related("project").defer("before").select_for_update(of=("self",))
    batch = rows.get(pk=batch.pk)
    if batch.undone_at is not None:
        return batch
    if timezone.now() > batch.created_at + UNDO:
        raise Conflict("This was decided more than 30 days ago, so it stands. Decide it anew instead.")
    shifted = _put_back(batch, _by_those_who_are_left(before))
    ReviewBatch.objects.filter(pk=batch.pk).update(undone_at=Now(), undone_by=actor)
    batch.refresh_from_db(fields=["undone_at", "undone_by"])
    verdicts_settle(videos=shifted, cause=f"undo {batch.pk}")
    judge_again(
        spans=((row["video_id"], row["profile_revision"]) for row in before), cause=f"undo {batch.pk}"
    )
    audit_record(verb="review.undo", obj=batch, project=batch.project, actor=actor, spans=batch.spans)
    return batch


def _row(stored: dict[str, Any]) -> dict[str, Any]:
    """A span as it was: `COLUMNS`, with ids and times as such."""
    ids = {name: UUID(stored[name]) for name in ("id", "video_id")}
    batch, when = stored["batch_id"], stored["reviewed_at"]
    return {
        **stored,
        **ids,
        "batch_id": None if batch is None else UUID(batch),
        "reviewed_at": None if when is None else datetime.fromisoformat(when),
    }


def _by_those_who_are_left(before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The spans as they were, without the names of people whose accounts are gone."""
    named = {row["reviewed_by_id"] for row in before}
    left = set(User.objects.filter(pk__in=named).values_list("pk", flat=True))
    return [row if row["reviewed_by_id"] in left else {**row, "reviewed_by_id": None} for row in before]


def _put_back(batch: ReviewBatch, before: list[dict[str, Any]]) -> set[UUID]:
    """Make the spans what they were; the videos in which frames may come in or go out."""
    was = {row["id"]: row for row in before}
    made = dict(QualitySpan.objects.filter(batch=batch).values_list("pk", "profile_revision"))
    room = [] if len(made) == batch.after_count else _make_room(batch, before)
    # A gate that judged again since may have found the same frames for other reasons.
    kept = {pk for pk, revision in made.items() if pk in was and was[pk]["profile_revision"] == revision}
    QualitySpan.objects.filter(pk__in=made.keys() - kept).delete()
    gone = [QualitySpan(**row) for pk, row in was.items() if pk not in kept]
    QualitySpan.objects.bulk_create([*gone, *room])
    alike: dict[tuple[Any, ...], list[UUID]] = defaultdict(list)
    for pk, row in was.items():
        if pk in kept:
            alike[tuple(row[name] for name in DECIDED)].append(pk)
    for values, ids in alike.items():
        QualitySpan.objects.filter(pk__in=ids).update(**dict(zip(DECIDED, values, strict=True)))
    restored = {row["video_id"] for row in before if SpanState.RESTORED in (row["state"], batch.to)}
    return restored | {span.video_id for span in gone}


def _make_room(batch: ReviewBatch, before: list[dict[str, Any]]) -> list[QualitySpan]:
    """Clear the frames of the spans that come back of what the gate made of them since.

    Returns what is left of spans that reach beyond them, unsaved. Raises Conflict where people decided since.
    """
    later = ReviewBatch.objects.standing().over(batch).select_related("actor").first()
    if later is not None:
        raise Conflict(_sentence(later))
    ranges: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for row in before:
        ranges[row["video_id"]].append((row["start"], row["end"]))
    others = QualitySpan.objects.filter(video__in=ranges).exclude(batch=batch)
    for held in ranges.values():
        held.sort()
    met = {}
    for span in others.select_related("batch__actor"):
        if inside := _met(ranges[span.video_id], span):
            met[span.pk] = span, inside
            if span.batch is not None or span.state != SpanState.PENDING:
                raise Conflict(_sentence(span.batch))
    pieces = [piece for span, inside in met.values() for piece in _outside(span, inside)]
    left = spans_of_pieces(pieces)
    QualitySpan.objects.filter(pk__in=met).delete()
    return left


def _met(ranges: list[tuple[int, int]], span: QualitySpan) -> list[tuple[int, int]]:
    """Those of some ranges, disjoint and ascending, that share frames with a span."""
    first = bisect_right(ranges, (span.start, span.start))
    if first and ranges[first - 1][1] > span.start:
        first -= 1
    return list(takewhile(lambda ends: ends[0] < span.end, islice(ranges, first, None)))


def _outside(span: QualitySpan, inside: list[tuple[int, int]]) -> Iterator[Piece]:
    """What of a span lies in none of some ranges."""
    at = span.start
    for start, end in [*sorted(inside), (span.end, span.end)]:
        if at < start:
            yield Piece(span, at, start, chosen=False)
        at = max(at, end)


def _sentence(later: ReviewBatch | None) -> str:
    if later is None:
        return "Some of these spans were decided since, so this cannot be undone any more."
    actor = later.actor
    who = "Somebody" if actor is None else actor.shown_name
    when = f"{later.created_at:%d %b, %H:%M} UTC".lstrip("0")
    return f"{who} {SAID[SpanState(later.to)]} some of these spans since ({when}). Undo that first."

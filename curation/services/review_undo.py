"""Undoing a decision about rejected spans: what was is put back, unless somebody has decided since."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice, takewhile
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from core.errors import Conflict
from core.models import User
from core.services.audit import audit_record
from curation.models import QualitySpan, ReviewBatch, SpanState
from curation.models.quality import ELSEWHERE
from curation.services.pieces import Piece, spans_of_pieces
from curation.services.review import judge_again
from curation.services.verdicts import verdicts_settle, videos_lock

UNDO = timedelta(days=30)
"""How long a decision can be undone."""

SAID = {SpanState.PENDING: "put back", SpanState.CONFIRMED: "confirmed", SpanState.RESTORED: "restored"}


@transaction.atomic
def review_undo(*, batch: ReviewBatch, actor: User) -> ReviewBatch:
    """Put back what a decision found: the spans with their frames, states, who and when. Again: nothing.

    Raises Conflict where a later decision touched any of them, and after 30 days. Where a gate was changed
    meanwhile, its videos are judged again, and so are those that were moved to another camera.
    """
    before = _judged_before(batch)
    videos_lock(videos={video for video, _, _ in before})
    rows = ReviewBatch.objects.select_related("project").defer("before").select_for_update(of=("self",))
    batch = rows.get(pk=batch.pk)
    if batch.undone_at is not None:
        return batch
    if timezone.now() > batch.created_at + UNDO:
        raise Conflict("This was decided more than 30 days ago, so it stands. Decide it anew instead.")
    shifted = _put_back(batch)
    shifted |= {video for video, _, restored in before if restored or batch.to == SpanState.RESTORED}
    ReviewBatch.objects.filter(pk=batch.pk).update(undone_at=Now(), undone_by=actor)
    batch.refresh_from_db(fields=["undone_at", "undone_by"])
    verdicts_settle(videos=shifted, cause=f"undo {batch.pk}")
    judge_again(spans=((video, revision) for video, revision, _ in before), cause=f"undo {batch.pk}")
    audit_record(verb="review.undo", obj=batch, project=batch.project, actor=actor, spans=batch.spans)
    return batch


def _judged_before(batch: ReviewBatch) -> list[tuple[UUID, int, bool]]:
    """The videos of a decision, each with the gate's revision, and whether it had restored spans before."""
    return _rows(
        f"SELECT video_id, {_REVISION}, bool_or(state = %s) {_WAS} GROUP BY 1, 2",
        [SpanState.RESTORED.value, batch.pk],
    )


def _put_back(batch: ReviewBatch) -> set[UUID]:
    """Make the spans what they were; the videos of those that were not there any more.

    Those that still stand as the decision left them say again who decided them; all others are written anew:
    a gate that judged again since may have found the same frames for other reasons.
    """
    made = QualitySpan.objects.filter(batch=batch)
    room = [] if made.count() == batch.after_count else _make_room(batch)
    with connection.cursor() as cursor:
        cursor.execute(_SAY_AGAIN, [batch.pk, batch.pk])
    QualitySpan.objects.filter(batch=batch).delete()
    gone = {video for (video,) in _rows(_BRING_BACK, [batch.pk])}
    QualitySpan.objects.bulk_create(room)
    return gone


def _make_room(batch: ReviewBatch) -> list[QualitySpan]:
    """Clear the frames of the spans that come back of what the gate made of them since.

    Returns what is left of spans that reach beyond them, unsaved. Raises Conflict where people decided since.
    """
    later = ReviewBatch.objects.standing().over(batch).select_related("actor").first()
    if later is not None:
        raise Conflict(_sentence(later))
    ranges: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for video, start, end in _rows(f'SELECT video_id, start, "end" {_WAS} ORDER BY start', [batch.pk]):
        ranges[video].append((start, end))
    others = QualitySpan.objects.filter(video__in=ranges).exclude(batch=batch)
    met = {}
    for span in others.select_related("batch__actor").defer("batch__before"):
        if inside := _met(ranges[span.video_id], span):
            met[span.pk] = span, inside
            if span.batch is not None or span.state != SpanState.PENDING:
                raise Conflict(_sentence(span.batch))
    pieces = [piece for span, inside in met.values() for piece in _outside(span, inside)]
    left = spans_of_pieces(pieces)
    QualitySpan.objects.named(met).delete()
    return left


def _rows(sql: str, params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


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


_WAS = """
FROM curation_reviewbatch AS decision,
     jsonb_populate_recordset(NULL::curation_qualityspan, decision.before) AS was
WHERE decision.id = %s
"""
_PEOPLE = "(SELECT person.id FROM core_user AS person WHERE person.id = was.reviewed_by_id)"
"""Who reviewed a span before; nobody if the account is gone."""
_REVISION = f"""
CASE WHEN EXISTS (SELECT 1 FROM curation_video AS video
                  WHERE video.id = was.video_id AND video.moved_at > decision.created_at)
THEN {ELSEWHERE} ELSE was.profile_revision END
"""  # noqa: S608 - a number of ours
"""What has judged a span that is put back: since a move of its video that is another camera's revision."""
_SAY_AGAIN = f"""
UPDATE curation_qualityspan AS span
SET state = was.state, batch_id = was.batch_id, reviewed_by_id = {_PEOPLE}, reviewed_at = was.reviewed_at
{_WAS} AND span.id = was.id AND span.batch_id = %s AND span.profile_revision = was.profile_revision
"""  # noqa: S608 - made of the SQL above
_BRING_BACK = f"""
INSERT INTO curation_qualityspan (id, video_id, start, "end", reason, reasons, state, profile_revision,
                                  batch_id, reviewed_by_id, reviewed_at)
SELECT was.id, was.video_id, was.start, was."end", was.reason, was.reasons, was.state, {_REVISION},
       was.batch_id, {_PEOPLE}, was.reviewed_at
{_WAS} AND NOT EXISTS (SELECT 1 FROM curation_qualityspan AS span WHERE span.id = was.id)
RETURNING video_id
"""  # noqa: S608 - made of the SQL above

"""Cutting rejected spans where a decision ends: pieces with reasons and numbers of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Conflict
from curation.models import QualitySpan
from curation.quality.parts import reasons_within
from curation.selectors.quality import Column, Stretch, column_parts

Range = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """What becomes of `[start, end)` of a span: it is `chosen` by the decision, or left as it is."""

    span: QualitySpan
    start: int
    end: int
    chosen: bool


def cut_by(span: QualitySpan, chosen: Sequence[Range]) -> list[Piece]:
    """All of a span, cut at the ends of the chosen ranges, which lie in it, disjoint and ascending."""
    pieces = []
    at = span.start
    for start, end in chosen:
        if at < start:
            pieces.append(Piece(span, at, start, chosen=False))
        pieces.append(Piece(span, start, end, chosen=True))
        at = end
    if at < span.end:
        pieces.append(Piece(span, at, span.end, chosen=False))
    return pieces


def spans_of_pieces(pieces: Sequence[Piece]) -> list[QualitySpan]:
    """Unsaved spans for pieces, in the state of the span that each is of; one query.

    Raises Conflict for a span of a video without metrics: nobody could say why its pieces are out.
    """
    columns = iter(column_parts([stretch for piece in pieces for stretch in _stretches(piece)]))
    return [_span(piece, [next(columns) for _ in piece.span.reasons]) for piece in pieces]


def _stretches(piece: Piece) -> list[Stretch]:
    video = piece.span.video_id
    return [Stretch(video, reason["metric"], piece.start, piece.end) for reason in piece.span.reasons]


def _span(piece: Piece, columns: list[Column | None]) -> QualitySpan:
    span = piece.span
    by_metric = {
        reason["metric"]: column
        for reason, column in zip(span.reasons, columns, strict=True)
        if column is not None
    }
    if len(by_metric) < len({reason["metric"] for reason in span.reasons}) or not span.reasons:
        raise Conflict("The frames of this span have no numbers, so it can only be decided as a whole.")
    reasons = reasons_within(by_metric, span.reasons, 0, piece.end - piece.start)
    return QualitySpan(
        video_id=span.video_id,
        start=piece.start,
        end=piece.end,
        reason=reasons[0]["reason"],
        reasons=reasons,
        state=span.state,
        batch_id=span.batch_id,
        profile_revision=span.profile_revision,
        reviewed_by_id=span.reviewed_by_id,
        reviewed_at=span.reviewed_at,
    )

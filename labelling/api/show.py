"""Clips as the API shows them: in lists, and whole for the label screen."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from core.models import User
from curation.selectors.quality import spans_of
from labelling.api.schemas import (
    AnnotationOut,
    ClipOut,
    ClipRow,
    ClipSpan,
    LeaseOut,
    NamedOut,
    NeighbourOut,
    PositionOut,
    ScoreOut,
    SuggestedSegment,
    SuggestionBrief,
    SuggestionOut,
)
from labelling.models import Clip, Suggestion
from labelling.selectors.annotations import annotation_of
from labelling.selectors.clips import neighbours_of, suggestions_for
from labelling.selectors.label_sets import classes_of
from labelling.selectors.queue import lease_on, queue_position

POSTER_HEIGHT = 360
CLOSE = 0.2
"""Two classes whose probabilities differ by less than this are hard to tell apart for the model."""


def clip_rows(clips: Iterable[Clip], *, slug: str) -> list[ClipRow]:
    """Clips with video and camera as rows of a list; one query, for their suggestions."""
    clips = list(clips)
    suggestions = suggestions_for(clips)
    return [ClipRow(suggestion=_gist(suggestions.get(clip.pk)), **_shared(clip, slug)) for clip in clips]


def clip_whole(clip: Clip, *, user: User) -> ClipOut:
    """All that the label screen of this person needs to know about a clip."""
    annotation = annotation_of(clip=clip)
    suggestion = suggestions_for([clip]).get(clip.pk)
    done, total = queue_position(project=clip.project)
    return ClipOut(
        annotation=None if annotation is None else AnnotationOut.of(annotation),
        suggestion=None if suggestion is None else _suggestion(suggestion, clip),
        spans=_spans(clip),
        neighbours=[
            NeighbourOut(clip=other.pk, start=other.start, end=other.end, label=other.label_id)
            for other in neighbours_of(clip=clip)
            if other.pk != clip.pk
        ],
        lease=_lease(clip, user),
        position=PositionOut(done=done, total=total),
        **_shared(clip, clip.project.slug),
    )


def _shared(clip: Clip, slug: str) -> dict[str, Any]:
    middle = (clip.start + clip.end) // 2
    frames = f"/api/projects/{slug}/videos/{clip.video_id}/frames"
    return {
        "video": NamedOut(id=clip.video.pk, name=clip.video.name),
        "camera": NamedOut(id=clip.camera.pk, name=clip.camera.name),
        "fps": clip.video.fps,
        "label": clip.label_id,
        "poster": f"{frames}/{middle}.jpg?height={POSTER_HEIGHT}",
        **{name: getattr(clip, name) for name in _SAME},
    }


def _gist(suggestion: Suggestion | None) -> SuggestionBrief | None:
    if suggestion is None:
        return None
    return SuggestionBrief(label=suggestion.top_id, p=suggestion.scores[str(suggestion.top_id)])


def _suggestion(suggestion: Suggestion, clip: Clip) -> SuggestionOut:
    scores = sorted(
        (ScoreOut(label=UUID(label), p=p) for label, p in suggestion.scores.items()),
        key=lambda score: -score.p,
    )
    names = {row.pk: row.name for row in classes_of(project=clip.project)}
    return SuggestionOut(
        id=suggestion.pk,
        model=suggestion.model_version,
        top=suggestion.top_id,
        scores=scores,
        margin=suggestion.margin,
        chosen=suggestion.chosen,
        segments=[SuggestedSegment(**segment) for segment in suggestion.segments],
        reason=_reason(suggestion, scores, names),
    )


def _reason(suggestion: Suggestion, scores: list[ScoreOut], names: dict[UUID, str]) -> str:
    """Why the model says so, as far as its numbers tell."""
    said = [f"{names.get(score.label, 'another class')} {score.p:.2f}" for score in scores[:2]]
    frames = len(suggestion.chosen)
    looked = f" The model looked at {frames} {'frame' if frames == 1 else 'frames'}." if frames else ""
    if len(said) > 1 and suggestion.margin < CLOSE:
        return f"Hard to tell apart: {said[0]}, {said[1]}.{looked}"
    return f"{', then '.join(said)}.{looked}"


def _spans(clip: Clip) -> list[ClipSpan]:
    found = []
    for span in spans_of(video=clip.video):
        first = span.reasons[0] if span.reasons else {"value": 0.0, "threshold": 0.0}
        found.append(
            ClipSpan(
                start=span.start,
                end=span.end,
                reason=span.reason,
                value=first["value"],
                threshold=first["threshold"],
                state=span.state,
            )
        )
    return found


def _lease(clip: Clip, user: User) -> LeaseOut:
    lease = lease_on(clip=clip)
    if lease is None:
        return LeaseOut(mine=False, by=None, until=None)
    name = lease.user.shown_name
    return LeaseOut(mine=lease.user_id == user.pk, by=name, until=lease.lease_until)


_SAME = ("id", "subject", "start", "end", "seconds", "state", "flagged", "flag_reason", "revision")

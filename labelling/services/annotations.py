"""Saying something about a clip: a revision is added, nothing is ever changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from core.errors import Conflict, Invalid
from core.models import User
from core.services.state import advance
from labelling.errors import StaleAnnotation
from labelling.models import (
    AnnotationRevision,
    AnnotationSegment,
    Assignment,
    Clip,
    ClipState,
    LabelClass,
    Outcome,
    Source,
    Suggestion,
    SuggestionState,
)
from labelling.selectors.annotations import annotation_json, annotation_of, longest
from labelling.services.cutting import cut_later

MAX_COMMENT = 2000
MAX_SEGMENTS = 2000
MAX_ACTOR = 80
STATE_OF: dict[Outcome, ClipState] = {
    Outcome.LABELLED: ClipState.LABELLED,
    Outcome.UNCERTAIN: ClipState.UNCERTAIN,
    Outcome.REJECTED: ClipState.REJECTED,
    Outcome.CLEARED: ClipState.OPEN,
}
"""What a clip's state is after a revision of that outcome."""
_SOURCE_OF = {SuggestionState.ACCEPTED: Source.SUGGESTION, SuggestionState.FIXED: Source.FIX}


@dataclass(frozen=True)
class SegmentIn:
    """A segment as it is sent: frames `[start, end)` of the clip's video."""

    key: UUID
    label: UUID
    start: int
    end: int
    actor: str = ""
    region: Any = None


@dataclass(frozen=True)
class Verdict:
    """What the author said about the suggestion that was shown: accepted, fixed or rejected."""

    suggestion: UUID
    state: SuggestionState


@dataclass(frozen=True)
class _Answer:
    """What is said, whole."""

    base: int
    outcome: Outcome
    label: UUID | None
    segments: tuple[SegmentIn, ...]
    comment: str

    @property
    def shown(self) -> UUID | None:
        """The class that the clip is listed under."""
        if self.outcome != Outcome.LABELLED:
            return None
        return self.label or longest((part.label, part.start, part.end) for part in self.segments)

    def to_json(self) -> dict[str, Any]:
        """As `annotation_json` gives a revision, as far as it is one."""
        segments = [
            {
                "key": str(part.key),
                "label": str(part.label),
                "start": part.start,
                "end": part.end,
                "actor": part.actor or None,
                "region": part.region,
            }
            for part in self.segments
        ]
        return {
            "revision": self.base,
            "outcome": self.outcome.value,
            "label": str(self.label) if self.label else None,
            "segments": segments,
            "comment": self.comment,
        }


def annotation_submit(
    *,
    clip: Clip,
    author: User | None,
    base: int,
    client_id: UUID,
    outcome: Outcome,
    label: UUID | None = None,
    segments: Sequence[SegmentIn] = (),
    comment: str = "",
    suggestion: Verdict | None = None,
    source: Source | None = None,
) -> AnnotationRevision:
    """Add a revision to a clip, and judge the suggestion it came from, in one transaction.

    The same `client_id` again returns the revision that it made and changes nothing, whatever else is sent.
    `base` is the revision that the author saw: the clip is changed by one UPDATE that asks for it, so of two
    writers one wins, and the other gets StaleAnnotation with both versions. Undo is one more revision.
    Raises Invalid for segments or classes that cannot be, Conflict for a `client_id` of another clip.
    `clip` (with its video) shows its new revision and state afterwards.
    """
    answer = _Answer(base, Outcome(outcome), label, tuple(segments), comment.strip())
    try:
        with transaction.atomic():
            earlier = _sent_before(clip, client_id)
            if earlier is not None:
                return earlier
            _check(clip, answer)
            if not _won(clip, answer):
                return _replay_or_refuse(clip, client_id, answer)
            judged = _suggestion(clip, suggestion)
            revision = AnnotationRevision.objects.create(
                project_id=clip.project_id,
                clip=clip,
                number=base + 1,
                base=base,
                client_id=client_id,
                author=author,
                outcome=answer.outcome,
                label_id=label,
                comment=answer.comment,
                source=source or _source(suggestion),
                suggestion=judged,
            )
            _add_segments(revision, answer.segments)
            _judge(clip, judged, suggestion, answer, author)
            if answer.outcome != Outcome.CLEARED:
                Assignment.objects.held().filter(clip=clip).update(released_at=Now())
    except IntegrityError as error:
        earlier = _sent_before(clip, client_id)  # sent twice at once, for two clips: the other one won
        if earlier is None:
            raise
        raise Conflict("This label was sent for another clip at the same time.") from error
    clip.revision, clip.state = revision.number, STATE_OF[answer.outcome]
    clip.label_id, clip.withdrawn_at = answer.shown, None
    return revision


def _sent_before(clip: Clip, client_id: UUID) -> AnnotationRevision | None:
    rows = AnnotationRevision.objects.with_parts()
    found = rows.filter(project=clip.project_id, client_id=client_id).first()
    if found is not None and found.clip_id != clip.pk:
        raise Conflict("This label was sent for another clip before.")
    return found


def _won(clip: Clip, answer: _Answer) -> bool:
    """Compare the revision and swap in the next one, by one UPDATE."""
    seen = Clip.objects.filter(pk=clip.pk, revision=answer.base)
    changes: dict[str, Any] = {
        "revision": F("revision") + 1,
        "state": STATE_OF[answer.outcome],
        "label_id": answer.shown,
        "annotated_at": Now(),
    }
    if seen.filter(withdrawn_at=None).update(**changes):
        return True
    if seen.update(**changes, withdrawn_at=None):
        # It was withdrawn while somebody had it open. What they say counts; the rest is cut around it.
        cut_later(video_id=clip.video_id, cause=f"{clip.pk}:{answer.base}")
        return True
    return False


def _replay_or_refuse(clip: Clip, client_id: UUID, answer: _Answer) -> AnnotationRevision:
    """Somebody was first: ourselves, sent twice at once, or somebody else."""
    earlier = _sent_before(clip, client_id)
    if earlier is not None:
        return earlier
    now = Clip.objects.get(pk=clip.pk)
    newest = annotation_of(clip=now)
    raise StaleAnnotation(current=None if newest is None else annotation_json(newest), yours=answer.to_json())


def _check(clip: Clip, answer: _Answer) -> None:
    """Raise Invalid, with a sentence, for what cannot be."""
    if answer.outcome == Outcome.CLEARED and (answer.label or answer.segments):
        raise Invalid("What is cleared has no class and no segments.")
    if answer.outcome == Outcome.LABELLED and not (answer.label or answer.segments):
        raise Invalid("A labelled clip has a class or a segment.")
    if len(answer.comment) > MAX_COMMENT:
        raise Invalid(f"A comment has at most {MAX_COMMENT} characters.")
    if len(answer.segments) > MAX_SEGMENTS:
        raise Invalid(f"A clip has at most {MAX_SEGMENTS} segments.")
    if len({part.key for part in answer.segments}) != len(answer.segments):
        raise Invalid("Two segments have the same key.")
    for part in answer.segments:
        _check_segment(clip, part)
    wanted = {part.label for part in answer.segments} | ({answer.label} if answer.label else set())
    offered = LabelClass.objects.filter(
        label_set__project=clip.project_id, label_set__active=True, archived=False, pk__in=wanted
    )
    if wanted and offered.count() != len(wanted):
        raise Invalid("A class that was used is archived, or not of this project. Choose another.")


def _check_segment(clip: Clip, part: SegmentIn) -> None:
    frames = clip.video.frames
    if part.start >= part.end:
        raise Invalid(f"A segment starts before it ends; this one runs from {part.start} to {part.end}.")
    if part.start < 0 or part.end > frames:
        raise Invalid(
            f"A segment lies within its video, whose frames are 0 to {frames - 1}; "
            f"this one runs from {part.start} to {part.end}."
        )
    if len(part.actor) > MAX_ACTOR:
        raise Invalid(f"The name of an actor has at most {MAX_ACTOR} characters.")


def _add_segments(revision: AnnotationRevision, segments: Sequence[SegmentIn]) -> None:
    AnnotationSegment.objects.bulk_create(
        AnnotationSegment(
            revision=revision,
            key=part.key,
            label_id=part.label,
            start=part.start,
            end=part.end,
            actor=part.actor,
            region=part.region,
        )
        for part in segments
    )


def _suggestion(clip: Clip, verdict: Verdict | None) -> Suggestion | None:
    if verdict is None:
        return None
    if verdict.state not in (SuggestionState.ACCEPTED, SuggestionState.FIXED, SuggestionState.REJECTED):
        raise Invalid("A suggestion is accepted, fixed or rejected.")
    found = Suggestion.objects.filter(clip=clip, pk=verdict.suggestion).first()
    if found is None:
        raise Invalid("This suggestion is not about this clip.")
    return found


def _source(verdict: Verdict | None) -> Source:
    return Source.PERSON if verdict is None else _SOURCE_OF.get(verdict.state, Source.PERSON)


def _judge(
    clip: Clip, judged: Suggestion | None, verdict: Verdict | None, answer: _Answer, author: User | None
) -> None:
    """Note what was said of a suggestion; open the newest one again where the clip is open again."""
    if answer.outcome == Outcome.CLEARED:
        newest = clip.suggestions.order_by("-created_at").first()
        if newest is not None:
            advance(newest, to=SuggestionState.OPEN, actor=author)  # lost, and right, where it is open
    elif judged is not None and verdict is not None:
        # One that was superseded while it was on the screen stays so; the revision still points to it.
        advance(judged, to=verdict.state, actor=author)

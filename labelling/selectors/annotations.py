"""Questions about what people said of a clip."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.models import User
from core.selectors.accounts import initials
from labelling.models import AnnotationRevision, AnnotationSegment, Clip


def annotation_of(*, clip: Clip) -> AnnotationRevision | None:
    """The revision that stands, with author and segments; None where nobody said anything."""
    return clip.revisions.filter(number=clip.revision).with_parts().first() if clip.revision else None


def history_of(*, clip: Clip) -> QuerySet[AnnotationRevision]:
    """Every revision of a clip, newest first, with authors and segments; two queries."""
    return clip.revisions.with_parts().order_by("-number")


def annotation_json(revision: AnnotationRevision) -> dict[str, Any]:
    """A revision as JSON: `{revision, outcome, label, segments, comment, author, source, created_at}`.

    Ids are strings, `created_at` is ISO 8601. Wants `author` and `segments` loaded.
    """
    return {
        "revision": revision.number,
        "outcome": revision.outcome,
        "label": str(revision.label_id) if revision.label_id else None,
        "segments": [segment_json(segment) for segment in revision.segments.all()],
        "comment": revision.comment,
        "author": author_json(revision.author),
        "source": revision.source,
        "created_at": revision.created_at.isoformat(),
    }


def segment_json(segment: AnnotationSegment) -> dict[str, Any]:
    """A segment as JSON: `{key, label, start, end, actor, region}`."""
    return {
        "key": str(segment.key),
        "label": str(segment.label_id),
        "start": segment.start,
        "end": segment.end,
        "actor": segment.actor or None,
        "region": segment.region,
    }


def author_json(user: User | None) -> dict[str, Any] | None:
    """A person as JSON: `{id, name, initials}`."""
    if user is None:
        return None
    return {"id": user.pk, "name": user.shown_name, "initials": initials(user)}


def longest(stretches: Iterable[tuple[UUID, int, int]]) -> UUID | None:
    """The class, of `(class, start, end)`, that holds most frames; of equals the one seen first."""
    frames: dict[UUID, int] = {}
    for label, start, end in sorted(stretches, key=lambda stretch: stretch[1:]):
        frames[label] = frames.get(label, 0) + end - start
    return max(frames, key=lambda label: frames[label]) if frames else None

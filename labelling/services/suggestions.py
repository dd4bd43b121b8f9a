"""Taking in what a model says about clips."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery

from core.models import Project
from labelling.models import Clip, ClipState, Suggestion, SuggestionState


@dataclass(frozen=True)
class Guess:
    """One clip's scores, `{class id: probability}`, and on which frames they rest."""

    clip: UUID
    scores: Mapping[UUID, float]
    chosen: Sequence[int] = ()
    segments: Sequence[dict[str, Any]] = ()

    @property
    def top(self) -> UUID:
        """The likeliest class."""
        return max(self.scores, key=lambda label: self.scores[label])

    @property
    def margin(self) -> float:
        """The lead of the likeliest class over the second, 0 to 1."""
        first, second = [*sorted(self.scores.values(), reverse=True), 0.0][:2]
        return first - second


@transaction.atomic
def suggestions_record(*, project: Project, model_version: str, guesses: Sequence[Guess]) -> int:
    """Put suggestions before the project's open clips, in place of earlier ones; how many were taken.

    Clips that were labelled meanwhile are left alone. The queue then gives the least certain first.
    """
    by_clip = {guess.clip: guess for guess in guesses}
    clips = Clip.objects.in_project(project).in_state(ClipState.OPEN).filter(pk__in=by_clip)
    taken = list(clips.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    Suggestion.objects.open().filter(clip__in=taken).update(state=SuggestionState.SUPERSEDED)
    Suggestion.objects.bulk_create(
        (_row(project, model_version, by_clip[pk]) for pk in taken), batch_size=1000
    )
    margin = Suggestion.objects.open().filter(clip=OuterRef("pk")).values("margin")[:1]
    Clip.objects.filter(pk__in=taken).update(priority=Subquery(margin))
    return len(taken)


def _row(project: Project, model_version: str, guess: Guess) -> Suggestion:
    return Suggestion(
        project=project,
        clip_id=guess.clip,
        model_version=model_version,
        scores={str(label): score for label, score in guess.scores.items()},
        top_id=guess.top,
        margin=guess.margin,
        chosen=list(guess.chosen),
        segments=list(guess.segments),
    )

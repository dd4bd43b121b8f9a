"""What a model says about clips. It becomes an annotation only when a person says so."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now


class SuggestionState(models.TextChoices):
    """What a person said about a suggestion, or that a later one took its place."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    FIXED = "fixed", "Fixed"
    REJECTED = "rejected", "Rejected"
    SUPERSEDED = "superseded", "Superseded"


_JUDGED = frozenset({SuggestionState.ACCEPTED, SuggestionState.FIXED, SuggestionState.REJECTED})


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """Suggestions, read as a sentence."""

    def open(self) -> Self:
        """Suggestions about which nobody has said anything."""
        return self.filter(state=SuggestionState.OPEN)


class Suggestion(models.Model):
    """The scores of one model version for one clip.

    `scores` is `{class id: probability}`, `top` the likeliest class, `margin` its lead over the second (0 to
    1), `chosen` the ordinals of the frames that the selector picked. `segments` is
    `[{"label", "start", "end", "p", "start_sd", "end_sd"}]` in the video's ordinals.
    """

    TRANSITIONS: ClassVar[dict[SuggestionState, frozenset[SuggestionState]]] = {
        SuggestionState.OPEN: _JUDGED | {SuggestionState.SUPERSEDED},
        # Undo opens it again; labelling again judges it again.
        SuggestionState.ACCEPTED: _JUDGED - {SuggestionState.ACCEPTED} | {SuggestionState.OPEN},
        SuggestionState.FIXED: _JUDGED - {SuggestionState.FIXED} | {SuggestionState.OPEN},
        SuggestionState.REJECTED: _JUDGED - {SuggestionState.REJECTED} | {SuggestionState.OPEN},
        SuggestionState.SUPERSEDED: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="+")
    clip = models.ForeignKey("labelling.Clip", on_delete=models.CASCADE, related_name="suggestions")
    model_version = models.CharField(max_length=80)
    scores = models.JSONField()
    top = models.ForeignKey("labelling.LabelClass", on_delete=models.RESTRICT, related_name="+")
    margin = models.FloatField()
    chosen = models.JSONField(default=list)
    segments = models.JSONField(default=list)
    state = models.CharField(max_length=16, choices=SuggestionState, default=SuggestionState.OPEN)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clip"], condition=models.Q(state="open"), name="one_open_suggestion_a_clip"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["clip", "-created_at"], name="suggestion_newest")]

    def __str__(self) -> str:
        return f"{self.top_id} for {self.clip_id} by {self.model_version}"

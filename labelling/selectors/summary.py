"""How far the labelling is, in numbers."""

import statistics
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone

from core.models import Project, User
from labelling.models import AnnotationRevision, Clip, ClipState, Outcome, Source, Suggestion
from labelling.selectors.clips import ClipFilter, clips_counts
from labelling.selectors.label_sets import class_counts

PAUSE = timedelta(minutes=5)
"""Two labels further apart than this are not one clip's work."""
HOURS = timedelta(hours=12)
RECENT = 200
"""How many labels the time for one is taken from."""


@dataclass(frozen=True)
class LabelHour:
    """The labels of the hour from `at` on that still stand, by how they came about."""

    at: datetime
    accepted: int
    fixed: int
    by_hand: int
    imported: int


@dataclass(frozen=True)
class LabellingSummary:
    """Counts of clips now, and of today's work. `seconds_each` is the person's median, None without work.

    `suggestions` are the open clips of which a model has said something, `hours` the latest with labels.
    """

    clips: int
    open: int
    labelled: int
    uncertain: int
    rejected: int
    flagged: int
    by_class: dict[UUID, int]
    labelled_today: int
    mine_today: int
    seconds_each: float | None
    suggestions: int
    hours: list[LabelHour]


def labelling_summary(*, project: Project, user: User, since: datetime | None = None) -> LabellingSummary:
    """Everything that Home says about labelling. `since` is when today began, by default midnight UTC."""
    since = since or midnight()
    counts = clips_counts(project=project)
    today = AnnotationRevision.objects.filter(project=project, created_at__gte=since)
    done = today.newest().exclude(outcome=Outcome.CLEARED)
    return LabellingSummary(
        clips=sum(counts.values()),
        open=counts[ClipState.OPEN],
        labelled=counts[ClipState.LABELLED],
        uncertain=counts[ClipState.UNCERTAIN],
        rejected=counts[ClipState.REJECTED],
        flagged=sum(clips_counts(project=project, where=ClipFilter(flagged=True)).values()),
        by_class=class_counts(project=project),
        labelled_today=done.count(),
        mine_today=done.filter(author=user).count(),
        seconds_each=seconds_each(project=project, user=user, since=since),
        suggestions=Suggestion.objects.open().filter(clip__in=_waiting(project)).count(),
        hours=label_hours(project=project),
    )


def label_hours(*, project: Project) -> list[LabelHour]:
    """How many labels came in each of the last twelve hours, oldest first, without empty ones."""
    given = AnnotationRevision.objects.newest().filter(
        project=project, created_at__gte=timezone.now() - HOURS
    )
    rows = (
        given.exclude(outcome=Outcome.CLEARED)
        .values(at=TruncHour("created_at"))
        .annotate(
            accepted=Count("pk", filter=Q(source=Source.SUGGESTION)),
            fixed=Count("pk", filter=Q(source=Source.FIX)),
            by_hand=Count("pk", filter=Q(source=Source.PERSON)),
            imported=Count("pk", filter=Q(source=Source.IMPORT)),
        )
    )
    return [LabelHour(**row) for row in rows.order_by("at")]


def _waiting(project: Project) -> QuerySet[Clip]:
    return Clip.objects.in_project(project).standing().in_state(ClipState.OPEN)


def midnight() -> datetime:
    """When today began, in the time zone of the settings."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def done_today(*, project: Project, user: User, since: datetime | None = None) -> int:
    """How many clips stand as this person left them since `since`, by default today."""
    mine = AnnotationRevision.objects.filter(
        project=project, author=user, created_at__gte=since or midnight()
    )
    return mine.newest().exclude(outcome=Outcome.CLEARED).count()


def seconds_each(*, project: Project, user: User, since: datetime | None = None) -> float | None:
    """Median seconds from one label of this person to the next, pauses left out; None for fewer than two."""
    mine = AnnotationRevision.objects.filter(
        ~Q(source=Source.IMPORT), project=project, author=user, created_at__gte=since or midnight()
    )
    times = list(mine.order_by("-created_at").values_list("created_at", flat=True)[:RECENT])
    gaps = [later - earlier for later, earlier in pairwise(times)]
    steps = [gap.total_seconds() for gap in gaps if gap <= PAUSE]
    return statistics.median(steps) if steps else None

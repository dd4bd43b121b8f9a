"""How far the labelling is, in numbers."""

import statistics
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from core.models import Project, User
from labelling.models import AnnotationRevision, ClipState, Outcome, Source
from labelling.selectors.clips import ClipFilter, clips_counts
from labelling.selectors.label_sets import class_counts

PAUSE = timedelta(minutes=5)
"""Two labels further apart than this are not one clip's work."""
RECENT = 200
"""How many labels the time for one is taken from."""


@dataclass(frozen=True)
class LabellingSummary:
    """Counts of clips now, and of today's work. `seconds_each` is the person's median, None without work."""

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
    )


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

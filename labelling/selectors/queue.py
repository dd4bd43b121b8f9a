"""Questions about the queue: what comes next, who holds what, how far one is."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from core.models import Project, User
from labelling.models import Assignment, Clip, ClipState
from labelling.selectors.clips import clips_by_id, clips_counts


def waiting_for(*, project: Project, user: User, skip: Collection[UUID] = ()) -> QuerySet[Clip]:
    """Open clips that nobody else holds, least certain first, without those in `skip`."""
    others = Assignment.objects.live().filter(clip=OuterRef("pk")).exclude(user=user)
    clips = Clip.objects.in_project(project).standing().in_state(ClipState.OPEN).exclude(pk__in=skip)
    return clips.filter(~Exists(others)).least_certain_first()


def held_by(*, project: Project, user: User, skip: Collection[UUID] = ()) -> QuerySet[Clip]:
    """Open clips under a lease of this person that runs, least certain first."""
    mine = Assignment.objects.live().of_user(user).values("clip")
    clips = Clip.objects.in_project(project).standing().in_state(ClipState.OPEN).filter(pk__in=mine)
    return clips.exclude(pk__in=skip).least_certain_first()


def upcoming(*, project: Project, user: User, skip: Collection[UUID] = (), limit: int = 8) -> list[Clip]:
    """What the queue would give next, with video and camera; nothing is leased."""
    ids = waiting_for(project=project, user=user, skip=skip).values_list("pk", flat=True)[:limit]
    return clips_by_id(list(ids))


def lease_on(*, clip: Clip) -> Assignment | None:
    """The lease that runs on a clip, with its holder."""
    return Assignment.objects.live().filter(clip=clip).select_related("user").first()


def queue_position(*, project: Project) -> tuple[int, int]:
    """How many clips of how many are done: everything but the open ones."""
    counts = clips_counts(project=project)
    total = sum(counts.values())
    return total - counts[ClipState.OPEN], total

"""Who labels which clip: leases that keep two people from the same clip, as a courtesy."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from core.models import Project, User
from labelling.models import Assignment, Clip
from labelling.selectors.queue import held_by, waiting_for

LEASE = timedelta(minutes=10)
"""How long a clip is kept for somebody who is not heard of."""


def assignment_next(*, project: Project, user: User, skip: Collection[UUID] = ()) -> Clip | None:
    """Lease the next open clip: one that this person holds already, else the least certain that nobody holds.

    Clips in `skip` are passed over, and given back if this person held them. None when nothing is left.
    Two people who ask at once get two clips, and neither waits for the other.
    """
    passed = set(skip)
    if passed:
        Assignment.objects.held().of_user(user).filter(clip__in=passed).update(released_at=Now())
    held = held_by(project=project, user=user, skip=passed).first()
    if held is not None and assignment_take(clip=held, user=user):
        return held
    while True:
        with transaction.atomic():
            waiting = waiting_for(project=project, user=user, skip=passed)
            clip = waiting.select_for_update(skip_locked=True, no_key=True).first()
            if clip is None or _lease(clip, user):
                return clip
        # Leased by somebody between our look and our lock: their lease is visible from now on.
        passed.add(clip.pk)


@transaction.atomic
def assignment_take(*, clip: Clip, user: User) -> bool:
    """Lease this clip, or extend one's lease on it; False where somebody else holds it.

    False is no refusal: whoever opens a clip by name may label it all the same.
    """
    Clip.objects.select_for_update(no_key=True).only("pk").get(pk=clip.pk)
    return _lease(clip, user)


def assignment_release(*, clip: Clip, user: User) -> None:
    """Give a clip back; nothing happens where this person does not hold it."""
    Assignment.objects.held().of_user(user).filter(clip=clip).update(released_at=Now())


def _lease(clip: Clip, user: User) -> bool:
    """Whether the clip, which the caller has locked, is this person's for the time of a lease from now."""
    held = Assignment.objects.held().filter(clip=clip)
    if held.of_user(user).update(lease_until=_until()):
        return True
    held.filter(lease_until__lte=Now()).update(released_at=Now())
    if held.exists():
        return False
    Assignment.objects.create(clip=clip, user=user, lease_until=_until())
    return True


def _until() -> Any:
    return Now() + LEASE

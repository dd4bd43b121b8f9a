"""What was done in a project, for people to read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from core.models import AuditEvent, Project, User

READ_BACK = 400
"""Events that are looked at, newest first."""


@dataclass(frozen=True)
class Deed:
    """What one person did `times` times in a row; `at`, `object` (its id) and `data` are of the last time."""

    at: datetime
    actor: User | None
    verb: str
    times: int
    object: str
    data: dict[str, Any]


def deeds_of(*, project: Project, verbs: Collection[str] = (), limit: int) -> list[Deed]:
    """The newest deeds in a project, of these verbs only where some are given; one query."""
    events = AuditEvent.objects.filter(project=project).select_related("actor")
    if verbs:
        events = events.filter(verb__in=verbs)
    deeds = []
    for _, some in groupby(events[:READ_BACK], key=lambda event: (event.actor_id, event.verb)):
        last, *before = some
        deeds.append(Deed(last.at, last.actor, last.verb, 1 + len(before), last.object_id, last.data))
        if len(deeds) == limit:
            break
    return deeds

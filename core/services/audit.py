"""Writing down who did what. An event belongs in the transaction of what it records."""

from typing import Any

from django.db import models

from core.models import AuditEvent, Project, User


def audit_record(
    *, verb: str, obj: models.Model, project: Project | None = None, actor: User | None = None, **data: Any
) -> AuditEvent:
    """Add one event. `verb` is `<object>.<what>`, `data` is JSON; without `actor` the system did it."""
    return AuditEvent.objects.create(
        project=project,
        actor=actor,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        data=data,
    )

"""The one way in which a state changes: a compare-and-swap in the database, with an event beside it."""

from collections.abc import Iterable
from typing import Any, Protocol, cast

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction

from core.models import Job, JobEvent, User
from core.services.audit import audit_record


class Stateful(Protocol):
    """A model with a `state` and, beside it, which states may follow which."""

    TRANSITIONS: dict[str, frozenset[str]]


def advance(
    row: models.Model,
    *,
    to: str,
    from_: Iterable[str] | None = None,
    actor: User | None = None,
    note: str = "",
    **changes: Any,
) -> bool:
    """Move a row to state `to` if it is in a state from which that is allowed; whether this call won.

    `row` is of a model with `state` and `TRANSITIONS` (state -> states that may follow). `from_` narrows
    the sources. `changes` are written by the same UPDATE (expressions such as `F()` work), and an
    AuditEvent (for a Job a JobEvent) in the same transaction. `row` is read again either way, so that it
    shows what is true now. Raises ValueError for a move that TRANSITIONS never allows: that is a bug.
    """
    model = type(row)
    sources = _sources(model, to, from_)
    with transaction.atomic():
        # Locked first, so that the event can name the state that the row really came from.
        here = model._default_manager.filter(pk=row.pk, state__in=sources)
        came_from = here.select_for_update().values_list("state", flat=True).first()
        won = came_from is not None and here.update(state=to, **changes) == 1
        try:
            row.refresh_from_db()
        except ObjectDoesNotExist:  # deleted meanwhile: lost like any other race
            return False
        if won:
            _record(row, str(came_from), to, actor, note)
    return won


def _sources(model: type[models.Model], to: str, from_: Iterable[str] | None) -> list[str]:
    transitions = cast("type[Stateful]", model).TRANSITIONS
    allowed = {str(state) for state, following in transitions.items() if to in following}
    asked = allowed if from_ is None else {str(state) for state in from_}
    if not asked or not asked <= allowed:
        raise ValueError(f"{model.__name__}.TRANSITIONS has no way from {sorted(asked - allowed)} to {to}.")
    return sorted(asked)


def _record(row: models.Model, came_from: str, to: str, actor: User | None, note: str) -> None:
    if isinstance(row, Job):
        JobEvent.objects.create(job=row, from_state=came_from, to_state=to, token=row.token, note=note)
        return
    said = {"from": came_from, "to": str(to)} | ({"note": note} if note else {})
    audit_record(
        verb=f"{row._meta.model_name}.{to}",
        obj=row,
        project=getattr(row, "project", None),
        actor=actor,
        **said,
    )

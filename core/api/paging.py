"""Lists: `{"items": [...], "total": n}`, cut by `limit` and `offset`."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from ninja import Query

Row = TypeVar("Row", bound=Model)

MAX_LIMIT = 200

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Offset = Annotated[int, Query(ge=0, le=2**31 - 1)]


def page(rows: "QuerySet[Row, Any]", *, limit: int, offset: int) -> tuple[Sequence[Row], int]:
    """The rows from `offset` on, at most `limit` of them, and how many there are in all."""
    return list(rows[offset : offset + limit]), rows.count()

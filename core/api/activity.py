"""What people did in a project lately. Mounted at /projects/{slug}."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from core.api.auth import Slug, member, membership_of
from core.models import Role
from core.selectors.audit import deeds_of

router = Router(tags=["projects"])

Few = Annotated[int, Query(ge=1, le=50)]


class DeedOut(Schema):
    """What was done `times` times in a row, the last time at `at`. `who` is empty where the system did it.

    `verb` is `<object>.<what>`, `object` the id and `data` what was written down of the last time.
    """

    at: datetime
    who: str
    verb: str
    times: int
    object: str
    data: dict[str, Any]


class ActivityOut(Schema):
    """Deeds, newest first."""

    items: list[DeedOut]


@router.get("/activity", auth=member(Role.VIEWER), response=ActivityOut, operation_id="project_activity")
def activity(request: HttpRequest, slug: Slug, verbs: str = "", limit: Few = 8) -> ActivityOut:
    """The newest deeds of the project; only of these `verbs`, parted by commas, where some are given."""
    wanted = [verb for verb in verbs.split(",") if verb]
    deeds = deeds_of(project=membership_of(request).project, verbs=wanted, limit=limit)
    return ActivityOut(
        items=[
            DeedOut(
                at=deed.at,
                who="" if deed.actor is None else deed.actor.shown_name,
                verb=deed.verb,
                times=deed.times,
                object=deed.object,
                data=deed.data,
            )
            for deed in deeds
        ]
    )

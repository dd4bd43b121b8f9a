"""The classes that a project tells apart, with their colours and keys."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from core.api.auth import Slug, member, membership_of
from core.models import Role
from labelling.api.schemas import ClassChange, ClassIn, LabelClassOut, LabelSetOut
from labelling.selectors.label_sets import class_counts, class_of, classes_of, label_set_of
from labelling.services.label_sets import class_add, class_change, label_set_ensure

router = Router(tags=["label set"])


@router.get("/label-set", auth=member(Role.VIEWER), response=LabelSetOut, operation_id="label_set")
def label_set(request: HttpRequest, slug: Slug) -> LabelSetOut:
    """The label set that is in use; one without an id and classes before anybody added a class."""
    project = membership_of(request).project
    found = label_set_of(project=project)
    if found is None:
        return LabelSetOut(id=None, name="", revision=0, classes=[])
    counts = class_counts(project=project)
    classes = [LabelClassOut.of(row, counts.get(row.pk, 0)) for row in classes_of(project=project)]
    return LabelSetOut(id=found.pk, name=found.name, revision=found.revision, classes=classes)


@router.post(
    "/label-set/classes",
    auth=member(Role.REVIEWER),
    response={201: LabelClassOut},
    operation_id="class_add",
)
def class_make(request: HttpRequest, slug: Slug, body: ClassIn) -> Status[LabelClassOut]:
    """Add a class with the next free colour and key. 409 where the name is taken."""
    membership = membership_of(request)
    made = class_add(
        label_set=label_set_ensure(project=membership.project, actor=membership.user),
        name=body.name,
        description=body.description,
        actor=membership.user,
    )
    return Status(201, LabelClassOut.of(made, 0))


@router.patch(
    "/label-set/classes/{uuid:class_id}",
    auth=member(Role.REVIEWER),
    response=LabelClassOut,
    operation_id="class_change",
)
def class_alter(request: HttpRequest, slug: Slug, class_id: UUID, body: ClassChange) -> LabelClassOut:
    """Rename, describe, rekey, move or archive a class; what is left out stays. 409 for a name in use."""
    membership = membership_of(request)
    changed = class_change(
        label_class=class_of(project=membership.project, class_id=class_id),
        actor=membership.user,
        **body.dict(exclude_unset=True),
    )
    return LabelClassOut.of(changed, class_counts(project=membership.project).get(changed.pk, 0))

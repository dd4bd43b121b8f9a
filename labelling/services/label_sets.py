"""Label sets and their classes: what can be done to them."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from core.errors import Conflict, Invalid
from core.models import Project, User
from core.services.audit import audit_record
from labelling.models import LabelClass, LabelSet
from labelling.models.label_sets import BACKGROUND, COLOURS, HOTKEYS
from labelling.selectors.label_sets import label_set_of

MAX_NAME = 80
MAX_DESCRIPTION = 2000
DEFAULT_NAME = "Labels"
BACKGROUND_NAME = "Background"
BACKGROUND_HOTKEY = "0"


@transaction.atomic
def label_set_create(*, project: Project, name: str = DEFAULT_NAME, actor: User | None) -> LabelSet:
    """Found the project's label set, with the background as its only class. Raises Conflict if it has one."""
    name = _clean(name, "label set")
    try:
        with transaction.atomic():
            label_set = LabelSet.objects.create(project=project, name=name)
    except IntegrityError as error:
        raise Conflict("This project has a label set already.") from error
    LabelClass.objects.create(
        label_set=label_set, name=BACKGROUND_NAME, colour=BACKGROUND, hotkey=BACKGROUND_HOTKEY, position=0
    )
    audit_record(verb="label_set.create", obj=label_set, project=project, actor=actor, name=name)
    return label_set


def label_set_ensure(*, project: Project, actor: User | None) -> LabelSet:
    """The project's label set, made where it has none."""
    found = label_set_of(project=project)
    if found is not None:
        return found
    try:
        return label_set_create(project=project, actor=actor)
    except Conflict:  # somebody else made it in between
        return LabelSet.objects.in_project(project).active().get()


@transaction.atomic
def class_add(*, label_set: LabelSet, name: str, description: str = "", actor: User | None) -> LabelClass:
    """Add a class, with the next colour and hotkey, before the background where that comes last.

    Raises Conflict where the name is taken (also by an archived class), Invalid where it is none.
    """
    name = _clean(name, "class")
    classes = _lock(label_set)
    made = LabelClass(
        label_set=label_set,
        name=name,
        description=_described(description),
        colour=_next_colour(classes),
        hotkey=_next_hotkey(classes),
        position=len(classes),
    )
    _save(made)
    behind = [row for row in classes[-1:] if row.colour == BACKGROUND]
    _place([*classes[: len(classes) - len(behind)], made, *behind])
    _record("class.add", made, actor, name=name)
    return made


@transaction.atomic
def class_change(
    *,
    label_class: LabelClass,
    actor: User | None,
    name: str | None = None,
    description: str | None = None,
    hotkey: str | None = None,
    position: int | None = None,
    archived: bool | None = None,
) -> LabelClass:
    """Rename, describe, rekey, move (to `position` among all classes), archive or bring back; None leaves it.

    An archived class gives up its hotkey, and takes the next free one when it comes back. Raises Conflict for
    a name or hotkey that another class has, Invalid for one that is none.
    """
    classes = _lock(label_class.label_set)
    row = next(found for found in classes if found.pk == label_class.pk)
    before = {field: getattr(row, field) for field in _CHANGEABLE}
    if name is not None:
        row.name = _clean(name, "class")
    if description is not None:
        row.description = _described(description)
    if archived is not None and archived != row.archived:
        row.archived = archived
        row.hotkey = "" if archived else _next_hotkey(classes)
    if hotkey is not None:
        row.hotkey = _free_hotkey(hotkey, row, classes)
    _save(row)
    if position is not None:
        others = [found for found in classes if found.pk != row.pk]
        at = max(0, min(position, len(others)))
        _place([*others[:at], row, *others[at:]])
    changed = {field: getattr(row, field) for field in _CHANGEABLE if getattr(row, field) != before[field]}
    if changed:
        _record("class.change", row, actor, **changed)
    return row


_CHANGEABLE = ("name", "description", "hotkey", "position", "archived")


def _lock(label_set: LabelSet) -> list[LabelClass]:
    """Let one change of a set happen at a time; its classes by position."""
    LabelSet.objects.select_for_update(no_key=True).get(pk=label_set.pk)
    return list(label_set.classes.select_related("label_set__project").order_by("position", "created_at"))


def _save(row: LabelClass) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(f"There is a class called {row.name} already, perhaps an archived one.") from error


def _place(classes: list[LabelClass]) -> None:
    for position, row in enumerate(classes):
        row.position = position
    LabelClass.objects.bulk_update(classes, ["position"])


def _record(verb: str, row: LabelClass, actor: User | None, **data: Any) -> None:
    """Write a change down, and let the set's revision grow with it."""
    label_set = row.label_set
    LabelSet.objects.filter(pk=label_set.pk).update(revision=F("revision") + 1)
    audit_record(verb=verb, obj=row, project=label_set.project, actor=actor, **data)


def _next_colour(classes: list[LabelClass]) -> int:
    """The first of 1 to 12 that the fewest classes have."""
    taken = [row.colour for row in classes]
    return min(range(1, COLOURS + 1), key=lambda colour: (taken.count(colour), colour))


def _next_hotkey(classes: list[LabelClass]) -> str:
    taken = {row.hotkey for row in classes}
    return next((key for key in HOTKEYS if key not in taken), "")


def _free_hotkey(hotkey: str, row: LabelClass, classes: list[LabelClass]) -> str:
    if hotkey == "":
        return hotkey
    if hotkey not in HOTKEYS + BACKGROUND_HOTKEY or len(hotkey) != 1:
        raise Invalid(f"A class hotkey is a digit, one of the letters {' '.join(HOTKEYS[9:])}, or none.")
    if row.archived:
        raise Conflict(f"{row.name} is archived: bring it back before you give it a key.")
    for other in classes:
        if other.pk != row.pk and other.hotkey == hotkey:
            raise Conflict(f"{hotkey} is the key of {other.name} already.")
    return hotkey


def _described(text: str) -> str:
    if len(text) > MAX_DESCRIPTION:
        raise Invalid(f"The description of a class has at most {MAX_DESCRIPTION} characters.")
    return text.strip()


def _clean(name: str, what: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(f"A {what} needs a name.")
    if len(name) > MAX_NAME:
        raise Invalid(f"The name of a {what} has at most {MAX_NAME} characters.")
    return name

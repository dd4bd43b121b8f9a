from typing import Any

import pytest

from core.errors import Conflict, Invalid, NotFound
from core.models import AuditEvent
from labelling.models import LabelClass, LabelSet
from labelling.selectors.label_sets import class_counts, class_of, classes_of, label_set_of
from labelling.services.label_sets import class_add, class_change, label_set_create, label_set_ensure
from tests.factories import project_make, user_make
from tests.labelling.factories import annotate, make_class, make_clips

pytestmark = pytest.mark.django_db


@pytest.fixture
def label_set() -> LabelSet:
    return label_set_create(project=project_make(), actor=None)


def add(label_set: LabelSet, *names: str) -> list[LabelClass]:
    return [class_add(label_set=label_set, name=name, actor=None) for name in names]


def shown(label_set: LabelSet) -> list[str]:
    return [row.name for row in classes_of(project=label_set.project)]


def test_a_label_set_begins_with_the_background(label_set: LabelSet) -> None:
    background = label_set.classes.get()
    assert (background.name, background.colour, background.hotkey) == ("Background", 0, "0")


def test_a_project_has_one_label_set(label_set: LabelSet) -> None:
    with pytest.raises(Conflict, match="already"):
        label_set_create(project=label_set.project, actor=None)
    assert label_set_ensure(project=label_set.project, actor=None) == label_set


def test_a_missing_label_set_is_made() -> None:
    project = project_make()
    assert label_set_of(project=project) is None
    assert label_set_ensure(project=project, actor=None) == label_set_of(project=project)


def test_classes_take_colours_and_keys_in_turn(label_set: LabelSet) -> None:
    made = add(label_set, *(f"class {n}" for n in range(1, 20)))
    assert [row.colour for row in made] == [*range(1, 13), *range(1, 8)]
    assert [row.hotkey for row in made] == [*"123456789", *"qwerafzv", "", ""]


def test_a_new_class_stands_before_the_background(label_set: LabelSet) -> None:
    add(label_set, "Walk", "Dig")
    assert shown(label_set) == ["Walk", "Dig", "Background"]
    assert [row.position for row in classes_of(project=label_set.project)] == [0, 1, 2]


def test_two_who_add_at_once_make_two_revisions_of_the_set(label_set: LabelSet) -> None:
    theirs = LabelSet.objects.get(pk=label_set.pk)
    add(label_set, "Digging")
    add(theirs, "Walking")
    label_set.refresh_from_db()
    assert label_set.revision == 3


def test_every_change_makes_a_new_revision_of_the_set(label_set: LabelSet) -> None:
    ada = user_make()
    walk = class_add(label_set=label_set, name="Walk", actor=ada)
    class_change(label_class=walk, name="Walking", actor=ada)
    class_change(label_class=walk, name="Walking", actor=ada)
    label_set.refresh_from_db()
    assert label_set.revision == 3, "saying the same again is no change"
    verbs = AuditEvent.objects.filter(actor=ada).order_by("pk").values_list("verb", "data")
    assert list(verbs) == [("class.add", {"name": "Walk"}), ("class.change", {"name": "Walking"})]


@pytest.mark.parametrize("name", ["walk", " WALK "])
def test_a_name_is_given_once(label_set: LabelSet, name: str) -> None:
    add(label_set, "Walk")
    with pytest.raises(Conflict, match="already"):
        add(label_set, name)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_that_is_none_is_refused(label_set: LabelSet, name: str) -> None:
    with pytest.raises(Invalid):
        add(label_set, name)


def test_a_class_is_renamed_and_described(label_set: LabelSet) -> None:
    (walk,) = add(label_set, "Walk")
    changed = class_change(label_class=walk, name="  Walking  about ", description="On foot.", actor=None)
    assert (changed.name, changed.description, changed.hotkey) == ("Walking about", "On foot.", "1")
    with pytest.raises(Invalid):
        class_change(label_class=walk, description="x" * 2001, actor=None)


def test_a_rename_may_change_the_case_but_not_take_a_name(label_set: LabelSet) -> None:
    walk, _ = add(label_set, "Walk", "Dig")
    assert class_change(label_class=walk, name="WALK", actor=None).name == "WALK"
    with pytest.raises(Conflict):
        class_change(label_class=walk, name="dig", actor=None)


@pytest.mark.parametrize(
    ("position", "order"),
    [(0, "CABD"), (2, "ABCD"), (1, "ACBD"), (3, "ABDC"), (99, "ABDC"), (-5, "CABD")],
)
def test_a_class_is_moved(label_set: LabelSet, position: int, order: str) -> None:
    label_set.classes.all().delete()
    third = add(label_set, "A", "B", "C", "D")[2]
    moved = class_change(label_class=third, position=position, actor=None)
    assert shown(label_set) == list(order)
    assert moved.position == order.index("C")


def test_a_hotkey_is_changed_freed_and_never_shared(label_set: LabelSet) -> None:
    walk, _ = add(label_set, "Walk", "Dig")
    assert class_change(label_class=walk, hotkey="7", actor=None).hotkey == "7"
    with pytest.raises(Conflict, match="2 is the key of Dig"):
        class_change(label_class=walk, hotkey="2", actor=None)
    assert class_change(label_class=walk, hotkey="", actor=None).hotkey == ""


@pytest.mark.parametrize("hotkey", ["x", "Q", "12", "qw", " ", "²", "123456789"])
def test_a_hotkey_is_a_digit_or_a_letter_that_is_left_free(label_set: LabelSet, hotkey: str) -> None:
    (walk,) = add(label_set, "Walk")
    with pytest.raises(Invalid, match="a digit, one of the letters q w e r a f z v, or none"):
        class_change(label_class=walk, hotkey=hotkey, actor=None)


def test_an_archived_class_gives_up_its_key_and_its_name_stays_taken(label_set: LabelSet) -> None:
    (walk,) = add(label_set, "Walk")
    archived = class_change(label_class=walk, archived=True, actor=None)
    assert (archived.archived, archived.hotkey) == (True, "")
    assert add(label_set, "Dig")[0].hotkey == "1"
    with pytest.raises(Conflict, match="archived"):
        add(label_set, "walk")
    with pytest.raises(Conflict, match="bring it back"):
        class_change(label_class=walk, hotkey="5", actor=None)


def test_a_class_that_comes_back_takes_the_next_free_key(label_set: LabelSet) -> None:
    walk, _ = add(label_set, "Walk", "Dig")
    class_change(label_class=walk, archived=True, actor=None)
    add(label_set, "Carry")
    assert class_change(label_class=walk, archived=False, actor=None).hotkey == "3"


def test_several_things_are_changed_at_once_or_not_at_all(label_set: LabelSet) -> None:
    walk, _ = add(label_set, "Walk", "Dig")
    changes: dict[str, Any] = {"name": "Walking", "hotkey": "2"}
    with pytest.raises(Conflict):
        class_change(label_class=walk, actor=None, **changes)
    walk.refresh_from_db()
    assert walk.name == "Walk"


def test_another_projects_class_is_not_found(label_set: LabelSet) -> None:
    (walk,) = add(label_set, "Walk")
    assert class_of(project=label_set.project, class_id=walk.pk) == walk
    with pytest.raises(NotFound):
        class_of(project=project_make(), class_id=walk.pk)


def test_a_class_is_counted_on_the_clips_that_carry_it_now() -> None:
    one, two, _ = make_clips(3)
    walk, dig = make_class(one.project), make_class(one.project)
    annotate(one, walk)
    annotate(two, walk)
    annotate(two, dig)
    assert class_counts(project=one.project) == {walk.pk: 1, dig.pk: 1}

import pytest
from pytest_django import DjangoAssertNumQueries

from core.models import Role
from tests.core.http import sentence
from tests.labelling.api.house import label_desk
from tests.labelling.factories import annotate, make_class

pytestmark = pytest.mark.django_db


def test_a_project_without_classes_has_an_empty_label_set() -> None:
    shown = label_desk(Role.VIEWER).get("label-set").json()
    assert shown == {"id": None, "name": "", "revision": 0, "classes": []}


def test_classes_take_colours_and_keys_in_turn() -> None:
    at = label_desk(Role.REVIEWER)
    for name in ("digging", "walking"):
        answer = at.post("label-set/classes", {"name": name})
        assert answer.status_code == 201
    shown = at.get("label-set").json()["classes"]
    assert [(row["name"], row["colour"], row["hotkey"]) for row in shown] == [
        ("digging", 1, "1"),
        ("walking", 2, "2"),
        ("Background", 0, "0"),
    ]
    assert [row["position"] for row in shown] == [0, 1, 2]


def test_a_class_says_how_many_clips_carry_it() -> None:
    at = label_desk(Role.VIEWER)
    digging = make_class(at.project, "digging")
    annotate(at.clip(), digging), annotate(at.clip(), digging)
    counts = {row["name"]: row["count"] for row in at.get("label-set").json()["classes"]}
    assert counts == {"digging": 2, "Background": 0}


def test_a_class_is_renamed_moved_rekeyed_and_archived() -> None:
    at = label_desk(Role.REVIEWER)
    digging, walking = make_class(at.project, "digging"), make_class(at.project, "walking")
    annotate(at.clip(), walking)
    changed = at.alter(walking.pk, name="strolling", position=0, hotkey="7", description="slowly").json()
    assert (changed["name"], changed["hotkey"], changed["description"]) == ("strolling", "7", "slowly")
    assert changed["count"] == 1
    assert [row["name"] for row in at.get("label-set").json()["classes"]][:2] == ["strolling", "digging"]
    assert at.alter(digging.pk, archived=True).json()["hotkey"] == ""


def test_what_is_left_out_stays() -> None:
    at = label_desk(Role.REVIEWER)
    digging = make_class(at.project, "digging")
    before = at.get("label-set").json()["classes"][0]
    assert at.alter(digging.pk).json() == before


def test_a_change_counts_up_the_revision() -> None:
    at = label_desk(Role.REVIEWER)
    digging = make_class(at.project, "digging")
    before = at.get("label-set").json()["revision"]
    at.alter(digging.pk, name="shovelling")
    assert at.get("label-set").json()["revision"] == before + 1


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"name": "WALKING"}, 409, "There is a class called WALKING already"),
        ({"name": "  "}, 422, "A class needs a name."),
        ({"hotkey": "x"}, 422, "a digit, one of the letters"),
        ({"hotkey": "2"}, 409, "2 is the key of walking already."),
        ({"position": -1}, 422, "position"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words(
    changes: dict[str, object], status: int, said: str
) -> None:
    at = label_desk(Role.REVIEWER)
    digging, _ = make_class(at.project, "digging"), make_class(at.project, "walking")
    answer = at.alter(digging.pk, **changes)
    assert answer.status_code == status
    assert said in sentence(answer)


def test_the_label_set_takes_the_same_queries_with_any_number_of_classes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    at = label_desk(Role.VIEWER)
    for _ in range(20):
        make_class(at.project)
    with django_assert_num_queries(6):  # session, user, membership, label set, counts, classes
        at.get("label-set")

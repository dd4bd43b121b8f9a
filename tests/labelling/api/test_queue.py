from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from labelling.models import Assignment, Outcome
from tests.factories import user_make
from tests.labelling.api.house import LabelDesk, label_desk
from tests.labelling.factories import annotate, make_class, make_clips, suggest

pytestmark = pytest.mark.django_db


def ask(at: LabelDesk, **body: object) -> dict[str, object]:
    answer = at.post("queue/next", {"skip": [], **body})
    assert answer.status_code == 200, answer.content
    given: dict[str, object] = answer.json()
    return given


def given_id(given: dict[str, object]) -> str:
    clip = given["clip"]
    assert isinstance(clip, dict)
    return str(clip["id"])


def test_the_least_certain_clip_comes_first_under_a_lease_of_mine() -> None:
    at = label_desk()
    _, unsure, _ = make_clips(3, at.project)
    suggest(unsure, {make_class(at.project): 0.5, make_class(at.project): 0.4})
    answer = at.post("queue/next", {"skip": []})
    assert answer["ETag"] == '"0"'
    clip = answer.json()["clip"]
    assert clip["id"] == str(unsure.pk)
    assert clip["lease"]["mine"] is True
    assert Assignment.objects.live().get().clip == unsure


def test_what_follows_comes_along_to_be_loaded_ahead() -> None:
    at = label_desk()
    clips = [str(clip.pk) for clip in make_clips(12, at.project)]
    given = ask(at)
    upcoming = given["upcoming"]
    assert isinstance(upcoming, list)
    assert len(upcoming) == 8
    assert given_id(given) not in [row["id"] for row in upcoming]
    assert {row["id"] for row in upcoming} <= set(clips)
    assert all(row["poster"].endswith("?height=360") for row in upcoming)


def test_two_people_get_two_clips() -> None:
    at = label_desk()
    make_clips(2, at.project)
    assert given_id(ask(at)) != given_id(ask(label_desk(project=at.project)))


def test_asking_again_gives_the_clip_that_is_held() -> None:
    at = label_desk()
    make_clips(3, at.project)
    assert given_id(ask(at)) == given_id(ask(at))


def test_what_is_skipped_is_given_back_and_passed_over() -> None:
    at = label_desk()
    make_clips(2, at.project)
    first = given_id(ask(at))
    second = ask(at, skip=[first])
    assert given_id(second) != first
    assert second["upcoming"] == []
    assert str(Assignment.objects.live().get().clip_id) == given_id(second)


def test_a_clip_can_be_opened_by_name_though_somebody_else_holds_it() -> None:
    at = label_desk()
    clip, _ = make_clips(2, at.project)
    Assignment.objects.create(
        clip=clip, user=user_make("jo"), lease_until=timezone.now() + timedelta(minutes=5)
    )
    answer = at.post("queue/next", {"clip": str(clip.pk)}).json()
    assert answer["clip"]["id"] == str(clip.pk)
    assert (answer["clip"]["lease"]["mine"], answer["clip"]["lease"]["by"]) == (False, "jo")


def test_nothing_is_left_when_all_is_labelled() -> None:
    at = label_desk()
    annotate(at.clip())
    answer = at.post("queue/next", {"skip": []})
    assert (answer.status_code, answer.content) == (204, b"")


def test_the_day_is_counted() -> None:
    at = label_desk()
    me = at.project.memberships.get().user
    one, two, three, _ = make_clips(4, at.project)
    for clip in (one, two):
        annotate(clip, author=me)
    annotate(three, author=me, outcome=Outcome.CLEARED)
    annotate(three, author=user_make())
    given = ask(at)
    assert given["done_today"] == 2
    assert given["seconds_each"] is not None


def test_a_clip_that_is_given_back_is_there_for_others() -> None:
    at = label_desk()
    clip = at.clip()
    ask(at)
    other = label_desk(project=at.project)
    assert other.post("queue/next", {"skip": []}).status_code == 204
    assert at.post(f"queue/{clip.pk}/release").status_code == 204
    assert given_id(ask(other)) == str(clip.pk)


def test_giving_back_what_one_does_not_hold_changes_nothing() -> None:
    at = label_desk()
    clip = at.clip()
    ask(label_desk(project=at.project))
    at.post(f"queue/{clip.pk}/release")
    assert Assignment.objects.live().get().clip == clip


@pytest.mark.parametrize("clips", [10, 40])
def test_the_next_clip_takes_the_same_queries_in_any_project(
    clips: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    at = label_desk()
    make_clips(clips, at.project)
    with django_assert_max_num_queries(32):
        ask(at)

"""Saving what a person says: preconditions, conflicts, replays, undo."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from labelling.models import AnnotationRevision, Assignment, Clip, ClipState, SuggestionState
from labelling.services.assignments import assignment_take
from tests.core.http import sentence
from tests.factories import user_make
from tests.labelling.api.house import label_desk
from tests.labelling.factories import annotate, make_class, make_clips, suggest

pytestmark = pytest.mark.django_db


def test_a_label_is_committed_when_it_is_answered() -> None:
    at = label_desk()
    clip, digging = at.clip(), make_class(at.project, "digging")
    answer = at.say(clip, '"0"', digging, comment="with a shovel")
    assert (answer.status_code, answer["ETag"]) == (200, '"1"')
    said = answer.json()
    assert said["clip_state"] == "labelled"
    assert {name: said["annotation"][name] for name in ("revision", "outcome", "label", "comment")} == {
        "revision": 1,
        "outcome": "labelled",
        "label": str(digging.pk),
        "comment": "with a shovel",
    }
    assert said["annotation"]["source"] == "person"
    clip.refresh_from_db()
    assert (clip.revision, clip.state, clip.label) == (1, ClipState.LABELLED, digging)


def test_segments_come_back_as_they_were_sent() -> None:
    at = label_desk()
    clip, digging = at.clip(), make_class(at.project)
    parts = [
        {"key": str(uuid4()), "label": str(digging.pk), "start": 3, "end": 9, "actor": "left"},
        {"key": str(uuid4()), "label": str(digging.pk), "start": 20, "end": 50, "actor": None},
    ]
    assert at.say(clip, '"0"', segments=parts).json()["annotation"]["segments"] == parts
    assert at.get(f"clips/{clip.pk}").json()["annotation"]["segments"] == parts


@pytest.mark.parametrize(
    ("outcome", "state"), [("uncertain", "uncertain"), ("rejected", "rejected"), ("cleared", "open")]
)
def test_what_is_said_is_where_the_clip_stands(outcome: str, state: str) -> None:
    at = label_desk()
    assert at.say(at.clip(), '"0"', outcome=outcome).json()["clip_state"] == state


def test_a_write_that_names_no_revision_is_refused() -> None:
    at = label_desk()
    answer = at.say(at.clip(), None, make_class(at.project))
    assert answer.status_code == 428
    assert "If-Match" in sentence(answer)
    assert AnnotationRevision.objects.count() == 0


def test_of_two_writers_the_second_is_shown_both_versions() -> None:
    at = label_desk()
    clip, digging, walking = at.clip(), make_class(at.project), make_class(at.project)
    annotate(clip, digging, author=user_make("jo"))
    answer = at.say(clip, '"0"', walking)
    assert answer.status_code == 412
    assert sentence(answer).startswith("jo changed this clip")
    details = answer.json()["error"]["details"]
    assert (details["current"]["label"], details["current"]["revision"]) == (str(digging.pk), 1)
    assert (details["yours"]["label"], details["yours"]["revision"]) == (str(walking.pk), 0)
    assert Clip.objects.get().label == digging


@pytest.mark.parametrize("seen", ['W/"0"', 'W/"1"'])
def test_a_weak_tag_never_matches(seen: str) -> None:
    at = label_desk()
    clip = at.clip()
    answer = at.say(clip, seen, make_class(at.project))
    assert answer.status_code == 412
    assert answer.json()["error"]["details"]["current"] is None


@pytest.mark.parametrize("seen", ["0", "*", '"00"', '"-1"', '"0", "1"', '"a"', '""', '"0" ; x'])
def test_a_tag_that_names_no_one_revision_is_senseless(seen: str) -> None:
    at = label_desk()
    assert at.say(at.clip(), seen, make_class(at.project)).status_code == 422


@pytest.mark.parametrize("again", ['"0"', '"1"', '"7"', 'W/"0"'])
def test_the_same_write_again_answers_what_is_stored(again: str) -> None:
    at = label_desk()
    clip, digging = at.clip(), make_class(at.project)
    client_id = str(uuid4())
    first = at.say(clip, '"0"', digging, client_id=client_id)
    second = at.say(clip, again, digging, client_id=client_id)
    assert (second.status_code, second.json()) == (200, first.json())
    assert second["ETag"] == '"1"'
    assert AnnotationRevision.objects.count() == 1


def test_a_replay_after_a_later_label_answers_the_first_one() -> None:
    at = label_desk()
    clip, client_id = at.clip(), str(uuid4())
    at.say(clip, '"0"', make_class(at.project), client_id=client_id)
    at.say(clip, '"1"', outcome="uncertain")
    answer = at.say(clip, '"0"', make_class(at.project), client_id=client_id).json()
    assert (answer["annotation"]["revision"], answer["clip_state"]) == (1, "uncertain")


def test_undo_is_one_more_revision() -> None:
    at = label_desk()
    clip = at.clip()
    at.say(clip, '"0"', make_class(at.project))
    at.say(clip, '"1"', outcome="cleared")
    history = at.get(f"clips/{clip.pk}/history").json()["items"]
    assert [(row["revision"], row["outcome"]) for row in history] == [(2, "cleared"), (1, "labelled")]


@pytest.mark.parametrize("verdict", ["accepted", "fixed", "rejected"])
def test_a_suggestion_is_judged_with_the_label(verdict: str) -> None:
    at = label_desk()
    clip, digging = at.clip(), make_class(at.project)
    made = suggest(clip, {digging: 0.7})
    answer = at.say(clip, '"0"', digging, suggestion={"id": str(made.pk), "verdict": verdict})
    assert answer.status_code == 200
    made.refresh_from_db()
    assert made.state == SuggestionState(verdict)
    assert answer.json()["annotation"]["source"] == {"accepted": "suggestion", "fixed": "fix"}.get(
        verdict, "person"
    )


def test_a_label_gives_the_clip_back() -> None:
    at = label_desk()
    clip = at.clip()
    assignment_take(clip=clip, user=user_make())
    at.say(clip, '"0"', make_class(at.project))
    assert not Assignment.objects.held().exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"outcome": "labelled"}, "A labelled clip has a class or a segment."),
        ({"outcome": "lost"}, "outcome"),
        ({"client_id": "7"}, "client_id"),
        ({"label": str(uuid4())}, "A class that was used is archived, or not of this project."),
        ({"outcome": "uncertain", "comment": "x" * 2001}, "comment"),
        ({"outcome": "uncertain", "suggestion": {"id": str(uuid4()), "verdict": "liked"}}, "verdict"),
        (
            {"outcome": "uncertain", "suggestion": {"id": str(uuid4()), "verdict": "fixed"}},
            "This suggestion is not about this clip.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(more: dict[str, Any], said: str) -> None:
    at = label_desk()
    answer = at.say(at.clip(), '"0"', **more)
    assert answer.status_code == 422
    assert said in sentence(answer)
    assert AnnotationRevision.objects.count() == 0


@pytest.mark.parametrize(("start", "end"), [(9, 9), (9, 3), (0, 51), (-1, 5)])
def test_a_segment_lies_within_its_video(start: int, end: int) -> None:
    at = label_desk()
    part = {"key": str(uuid4()), "label": str(make_class(at.project).pk), "start": start, "end": end}
    assert at.say(at.clip(), '"0"', segments=[part]).status_code == 422


def test_saving_takes_the_same_queries_in_a_large_project(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    at = label_desk()
    make_clips(40, at.project)
    clip, digging = at.clip(), make_class(at.project)
    with django_assert_max_num_queries(14):
        assert at.say(clip, '"0"', digging).status_code == 200


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_revisions_count_up_and_no_client_id_counts_twice(writes: list[tuple[int, int]]) -> None:
    at = label_desk()
    clip = at.clip()
    ids = [str(uuid4()) for _ in range(6)]
    stored: list[str] = []
    for client, seen in writes:
        answer = at.say(clip, f'"{seen}"', outcome="uncertain", client_id=ids[client])
        fits = ids[client] in stored or seen == len(stored)
        assert answer.status_code == (200 if fits else 412)
        if fits and ids[client] not in stored:
            stored.append(ids[client])
    rows = AnnotationRevision.objects.filter(clip=clip).order_by("number")
    assert [(row.number, str(row.client_id)) for row in rows] == list(enumerate(stored, 1))

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.models import Role
from labelling.models import Assignment
from tests.core.http import sentence
from tests.curation.factories import make_camera, make_ready_video
from tests.factories import user_make
from tests.labelling.api.house import label_desk
from tests.labelling.factories import annotate, make_class, make_clip, make_clips, make_span, suggest

pytestmark = pytest.mark.django_db


def test_a_clip_shows_all_that_the_label_screen_needs() -> None:
    at = label_desk(Role.VIEWER)
    video = make_ready_video(make_camera(at.project, "Gate"), name="a.mp4", frames=200)
    make_span(video, 150, 160)
    clip, other = make_clip(video, end=100, subject="S01"), make_clip(video, start=100)
    digging, walking = make_class(at.project, "digging"), make_class(at.project, "walking")
    annotate(clip, digging, author=user_make("jo.lee"))
    answer = at.get(f"clips/{clip.pk}")
    assert answer["ETag"] == '"1"'
    shown = answer.json()
    assert shown["video"] == {"id": str(video.pk), "name": "a.mp4"}
    assert shown["camera"] == {"id": str(video.camera.pk), "name": "Gate"}
    assert (shown["start"], shown["end"], shown["fps"], shown["seconds"]) == (0, 100, 25.0, 4.0)
    assert (shown["subject"], shown["state"], shown["revision"]) == ("S01", "labelled", 1)
    assert shown["poster"] == (f"/api/projects/{at.project.slug}/videos/{video.pk}/frames/50.jpg?height=360")
    assert shown["annotation"]["label"] == shown["label"] == str(digging.pk)
    assert shown["annotation"]["author"]["initials"] == "JL"
    assert [(span["start"], span["end"], span["reason"]) for span in shown["spans"]] == [
        (150, 160, "too_dark")
    ]
    assert shown["neighbours"] == [{"clip": str(other.pk), "start": 100, "end": 200, "label": None}]
    assert shown["position"] == {"done": 1, "total": 2}
    assert (shown["suggestion"], walking.hotkey) == (None, "2")


def test_a_suggestion_shows_its_scores_and_says_why() -> None:
    at = label_desk(Role.VIEWER)
    clip = at.clip()
    digging, walking = make_class(at.project, "digging"), make_class(at.project, "walking")
    suggest(clip, {walking: 0.41, digging: 0.49}, model="v3")
    shown = at.get(f"clips/{clip.pk}").json()["suggestion"]
    assert (shown["model"], shown["top"], shown["chosen"]) == ("v3", str(digging.pk), [0])
    assert shown["margin"] == pytest.approx(0.08)
    assert [score["label"] for score in shown["scores"]] == [str(digging.pk), str(walking.pk)]
    assert shown["reason"] == "Hard to tell apart: digging 0.49, walking 0.41. The model looked at 1 frame."
    row = at.get("clips").json()["items"][0]
    assert row["suggestion"] == {"label": str(digging.pk), "p": 0.49}


@pytest.mark.parametrize("mine", [True, False])
def test_a_lease_says_whose_it_is(mine: bool) -> None:
    at = label_desk(Role.VIEWER)
    clip = at.clip()
    me = at.project.memberships.get().user
    until = timezone.now() + timedelta(minutes=5)
    Assignment.objects.create(clip=clip, user=me if mine else user_make("jo"), lease_until=until)
    lease = at.get(f"clips/{clip.pk}").json()["lease"]
    assert (lease["mine"], lease["by"]) == (mine, me.username if mine else "jo")


def test_a_clip_that_nobody_holds_has_an_empty_lease() -> None:
    at = label_desk(Role.VIEWER)
    clip = at.clip()
    lease = {"mine": False, "by": None, "until": None}
    assert at.get(f"clips/{clip.pk}").json()["lease"] == lease


def test_the_list_is_in_the_order_of_the_queue_and_counts_every_state() -> None:
    at = label_desk(Role.VIEWER)
    late, early = at.clip(priority=2.0), at.clip(priority=1.0)
    annotate(late)
    listed = at.get("clips").json()
    assert [row["id"] for row in listed["items"]] == [str(early.pk), str(late.pk)]
    assert listed["counts"] == {"open": 1, "labelled": 1, "uncertain": 0, "rejected": 0}
    assert listed["total"] == 2


def test_the_list_is_narrowed() -> None:
    at = label_desk(Role.VIEWER)
    video = make_ready_video(make_camera(at.project, "North"), name="first.mp4")
    first = make_clip(video, subject="S01")
    second = at.clip(flagged=True)
    digging = make_class(at.project)
    annotate(second, digging)
    for query, found in [
        ("state=open", first),
        ("state=labelled", second),
        (f"label={digging.pk}", second),
        (f"video={video.pk}", first),
        (f"camera={second.camera.pk}", second),
        ("flagged=true", second),
        ("flagged=false", first),
        ("search=FIRST", first),
        ("search=north", first),
        ("search=s01&state=open", first),
        ("sort=annotated", second),
    ]:
        assert [row["id"] for row in at.get(f"clips?{query}").json()["items"]] == [str(found.pk)], query


def test_the_total_is_of_the_state_that_was_asked_for() -> None:
    at = label_desk(Role.VIEWER)
    for clip in make_clips(3, at.project)[:2]:
        annotate(clip)
    listed = at.get("clips?state=labelled&limit=1").json()
    assert (len(listed["items"]), listed["total"]) == (1, 2)
    assert listed["counts"]["open"] == 1


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "sort=size", "state=lost", "label=x", "flagged=2"])
def test_a_senseless_question_is_refused(query: str) -> None:
    assert label_desk(Role.VIEWER).get(f"clips?{query}").status_code == 422


def test_a_clip_of_a_removed_video_is_not_there() -> None:
    at = label_desk(Role.VIEWER)
    clip = at.clip()
    type(clip.video).objects.filter(pk=clip.video.pk).update(deleted_at=timezone.now())
    answer = at.get(f"clips/{clip.pk}")
    assert (answer.status_code, sentence(answer)) == (404, "This project has no such clip.")
    assert at.get("clips").json()["total"] == 0


def test_history_takes_the_same_queries_however_long_it_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    at = label_desk(Role.VIEWER)
    clip = at.clip()
    for _ in range(5):
        annotate(clip)
    with django_assert_num_queries(6):  # session, user, membership, clip, revisions, segments
        assert len(at.get(f"clips/{clip.pk}/history").json()["items"]) == 5


@pytest.mark.parametrize("clips", [1, 30])
def test_a_list_takes_the_same_queries_for_one_clip_and_for_many(
    clips: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    at = label_desk(Role.VIEWER)
    make_clips(clips, at.project)
    with django_assert_num_queries(8):  # session, user, membership, tallies, removed, ids, rows, suggestions
        assert len(at.get("clips").json()["items"]) == clips


@pytest.mark.parametrize("clips", [2, 30])
def test_a_clip_takes_the_same_queries_among_few_and_among_many(
    clips: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    at = label_desk(Role.VIEWER)
    clip = make_clips(clips, at.project)[0]
    suggest(clip, {make_class(at.project): 0.6, make_class(at.project): 0.4})
    # session, user, membership, clip, suggestion, classes, spans, neighbours, lease, tallies, removed
    with django_assert_num_queries(11):
        assert len(at.get(f"clips/{clip.pk}").json()["neighbours"]) == clips - 1

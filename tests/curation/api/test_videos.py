from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from core.models import Job, JobState, Role
from curation.models import VideoState
from curation.services.videos import INGEST
from tests.core.http import sentence
from tests.curation.api.house import desk
from tests.curation.factories import make_camera, make_ready_video, make_video

pytestmark = pytest.mark.django_db


def test_the_list_says_what_there_is_and_how_much() -> None:
    at = desk(Role.VIEWER)
    camera = make_camera(at.project, "North")
    make_ready_video(camera, frames=50, rejected_frames=5, rejected_over_time=[0, 20])
    make_video(camera, name="bad.mp4", state=VideoState.FAILED, sentence="It holds only sound.")
    listed = at.get("videos").json()
    assert (listed["total"], listed["frames"], listed["seconds"]) == (2, 50, 2.0)
    assert listed["by_state"] == {"registered": 0, "working": 0, "ready": 1, "failed": 1}
    failed, ready = listed["items"] if listed["items"][0]["state"] == "failed" else listed["items"][::-1]
    assert failed["sentence"] == "It holds only sound."
    assert (ready["rejected_frames"], ready["rejected_over_time"]) == (5, [0, 20])
    assert ready["camera"]["name"] == "North"


def test_the_list_is_narrowed_by_state_camera_and_words() -> None:
    at = desk(Role.VIEWER)
    north, south = make_camera(at.project, "North"), make_camera(at.project, "South")
    make_ready_video(north, name="first.mp4")
    make_ready_video(south, name="second.mp4")
    make_video(south, name="third.mp4")
    for query, found in [
        ("state=ready", {"first.mp4", "second.mp4"}),
        (f"camera={south.pk}", {"second.mp4", "third.mp4"}),
        ("search=FIRST", {"first.mp4"}),
        ("search=south&state=ready", {"second.mp4"}),
    ]:
        listed = at.get(f"videos?{query}").json()
        assert {video["name"] for video in listed["items"]} == found
        assert listed["total"] == len(found)


def test_a_page_has_its_limit_and_offset_and_the_whole_total() -> None:
    at = desk(Role.VIEWER)
    camera = make_camera(at.project)
    for number in range(5):
        make_video(camera, name=f"{number}.mp4")
    listed = at.get("videos?sort=name&limit=2&offset=2").json()
    assert [video["name"] for video in listed["items"]] == ["2.mp4", "3.mp4"]
    assert listed["total"] == 5


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "offset=-1", "sort=size", "state=lost", "camera=x"]
)
def test_a_senseless_question_is_refused(query: str) -> None:
    assert desk(Role.VIEWER).get(f"videos?{query}").status_code == 422


def test_a_list_takes_the_same_queries_for_one_video_and_for_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    at = desk(Role.VIEWER)
    make_video(make_camera(at.project))
    with django_assert_num_queries(6):  # session, user, membership, totals, page, rows
        at.get("videos")
    for number in range(20):
        make_video(make_camera(at.project, site=f"Site {number}"))
    with django_assert_num_queries(6):
        at.get("videos")


def test_a_video_on_its_way_shows_how_far_it_is() -> None:
    at = desk(Role.VIEWER)
    job = Job.objects.create(
        kind=INGEST, dedupe_key="x", state=JobState.RUNNING, stage="decoding", progress=0.5
    )
    video = make_video(make_camera(at.project), state=VideoState.WORKING, job=job)
    shown = at.get(f"videos/{video.pk}").json()["ingest"]
    assert (shown["job"], shown["stage"], shown["progress"]) == (str(job.pk), "decoding", 0.5)


def test_the_detail_lists_files_and_damage() -> None:
    at = desk(Role.VIEWER)
    made = {"key": "secret/key", "bytes": 9, "sha256": "0" * 64, "type": "video/mp4"}
    damage = {"kind": "truncated", "count": 2, "first_frame": 48, "sentence": "The file ends early."}
    video = make_ready_video(make_camera(at.project), artifacts={"proxy720": made}, damage=[damage])
    answer = at.get(f"videos/{video.pk}")
    assert answer.json()["files"] == [
        {"name": "proxy720", "type": "video/mp4", "bytes": 9, "sha256": "0" * 64}
    ]
    assert answer.json()["damage"] == [damage]
    assert b"secret" not in answer.content


def test_the_index_is_the_proxys() -> None:
    at = desk(Role.VIEWER)
    video = make_ready_video(make_camera(at.project))
    index = at.get(f"videos/{video.pk}/index").json()
    assert (index["frames"], index["runs"]) == (50, [[0, 3600, 50]])
    assert (index["time_base"], index["last_duration"]) == ([1, 90000], 3600)


def test_a_video_that_is_not_ready_has_no_index() -> None:
    at = desk(Role.VIEWER)
    video = make_video(make_camera(at.project), name="a.mp4")
    answer = at.get(f"videos/{video.pk}/index")
    assert (answer.status_code, sentence(answer)) == (409, "a.mp4 is not ready to be played.")


def test_another_projects_video_is_not_there() -> None:
    video = make_ready_video()
    for path in ("", "/index", "/quality", "/metrics/luma", "/files/proxy720", "/frames/0.jpg"):
        assert desk(Role.ADMIN).get(f"videos/{video.pk}{path}").status_code == 404


def test_a_removed_video_is_gone_until_it_is_restored() -> None:
    at = desk()
    video = make_video(make_camera(at.project))
    assert at.delete(f"videos/{video.pk}").status_code == 204
    assert at.get(f"videos/{video.pk}").status_code == 404
    assert at.get("videos").json()["total"] == 0
    assert at.post(f"videos/{video.pk}/restore").json()["id"] == str(video.pk)
    assert at.get("videos").json()["total"] == 1


def test_a_failed_video_is_tried_again() -> None:
    at = desk()
    job = Job.objects.create(kind=INGEST, dedupe_key="x", state=JobState.FAILED)
    video = make_video(make_camera(at.project), state=VideoState.FAILED, sentence="No.", job=job)
    again = at.post(f"videos/{video.pk}/retry").json()
    assert (again["state"], again["sentence"], again["ingest"]["state"]) == ("registered", "", "queued")


@pytest.mark.parametrize(
    ("ended", "again"),
    [(JobState.FAILED, False), (JobState.QUARANTINED, True), (JobState.CANCELLED, True)],
)
def test_a_failed_video_says_whether_another_try_may_help(ended: JobState, again: bool) -> None:
    at = desk(Role.VIEWER)
    job = Job.objects.create(kind=INGEST, dedupe_key="x", state=ended)
    video = make_video(make_camera(at.project), state=VideoState.FAILED, job=job)
    assert at.get(f"videos/{video.pk}").json()["again"] is again
    assert at.get("videos").json()["items"][0]["again"] is again


def test_a_ready_video_is_not_tried_again() -> None:
    at = desk()
    assert at.post(f"videos/{make_ready_video(make_camera(at.project)).pk}/retry").status_code == 409


def test_a_video_is_moved_to_another_camera_and_back() -> None:
    at = desk()
    north, south = make_camera(at.project, "North"), make_camera(at.project, "South", site="Gate")
    video = make_ready_video(north)
    for camera, seen, site in ((south, north, "Gate"), (south, north, "Gate"), (north, south, "Yard")):
        body = {"camera": str(camera.pk), "seen": str(seen.pk)}
        moved = at.browser.patch(at.address(f"videos/{video.pk}"), body)
        assert moved.json()["camera"] == {"id": str(camera.pk), "name": camera.name, "site": site}
    assert at.get(f"videos?camera={north.pk}").json()["total"] == 1
    assert at.get(f"videos?camera={south.pk}").json()["total"] == 0


def test_a_move_of_somebody_else_is_not_taken_back_unseen() -> None:
    at = desk()
    north, south, east = (make_camera(at.project, name) for name in ("North", "South", "East"))
    video = make_ready_video(east, name="a.mp4")  # the person saw it come from North to South
    body = {"camera": str(north.pk), "seen": str(south.pk)}
    answer = at.browser.patch(at.address(f"videos/{video.pk}"), body)
    assert (answer.status_code, sentence(answer)) == (
        409,
        "a.mp4 was moved to East meanwhile. Look at it again before you move it.",
    )


def test_a_video_that_is_being_read_is_not_moved() -> None:
    at = desk()
    video = make_video(make_camera(at.project), name="a.mp4", state=VideoState.WORKING)
    camera = make_camera(at.project)
    body = {"camera": str(camera.pk), "seen": str(video.camera_id)}
    answer = at.browser.patch(at.address(f"videos/{video.pk}"), body)
    assert (answer.status_code, sentence(answer)) == (
        409,
        "a.mp4 is still being read. Move it when it is ready.",
    )


def test_a_removed_video_and_a_camera_of_another_project_are_not_there_for_a_move() -> None:
    at = desk()
    removed = make_ready_video(make_camera(at.project), deleted_at="2026-01-01T00:00Z")
    video = make_ready_video(make_camera(at.project))
    for moved, camera in ((removed, video.camera), (video, make_camera())):
        body = {"camera": str(camera.pk), "seen": str(moved.camera_id)}
        answer = at.browser.patch(at.address(f"videos/{moved.pk}"), body)
        assert answer.status_code == 404


def test_an_annotator_moves_and_removes_nothing() -> None:
    at = desk(Role.ANNOTATOR)
    video = make_video(make_camera(at.project), created_at=datetime(2026, 1, 1, tzinfo=UTC))
    body = {"camera": str(video.camera_id), "seen": str(video.camera_id)}
    moved = at.browser.patch(at.address(f"videos/{video.pk}"), body)
    assert moved.status_code == 403
    assert at.delete(f"videos/{video.pk}").status_code == 403
    assert at.post(f"videos/{video.pk}/retry").status_code == 403
    assert at.post(f"videos/{video.pk}/restore").status_code == 403

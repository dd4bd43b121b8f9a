from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from core.models import Role
from curation.models import ReviewBatch, SpanState
from tests.curation.api.house import desk
from tests.curation.factories import make_camera, make_metrics, make_ready_video, make_span

pytestmark = pytest.mark.django_db

SPRITE: dict[str, Any] = {
    "tile_w": 240,
    "tile_h": 180,
    "columns": 10,
    "rows": 10,
    "tiles": 4,
    "sheets": ["rejects-0123abcd-0.jpg"],
    "frames": [3, 10, 14, 19],
}


def test_a_span_comes_with_its_reason_its_number_and_pictures_for_all_of_its_frames() -> None:
    at = desk(Role.VIEWER)
    camera = make_camera(at.project, name="Yard North")
    camera.quality_profile.usual = {"defocus": 0.125}
    camera.quality_profile.save()
    video = make_ready_video(camera, frames=50, recorded_at="2026-10-14T08:12:00Z", rejects=SPRITE)
    make_metrics(video, defocus=[n / 64 for n in range(50)])
    span = make_span(video, 10, 20)
    page = at.get("quality/spans").json()
    assert (page["total"], page["frames"]) == (1, 10)
    (row,) = page["items"]
    assert (row["id"], row["video"], row["camera_name"]) == (str(span.pk), str(video.pk), "Yard North")
    assert (row["at"], row["usual"], row["decided_by"]) == ("2026-10-14T08:12:00.400Z", 0.125, None)
    assert row["reasons"] == span.reasons
    assert row["sprite"] == {name: SPRITE[name] for name in SPRITE if name not in ("tiles", "frames")}
    assert row["tiles"] == [
        {"frame": 10, "index": 1, "start": 10, "end": 12, "value": 10 / 64},
        {"frame": 14, "index": 2, "start": 12, "end": 17, "value": 14 / 64},
        {"frame": 19, "index": 3, "start": 17, "end": 20, "value": 19 / 64},
    ]


def test_without_a_sprite_or_metrics_a_span_is_shown_by_stills_without_numbers() -> None:
    at = desk(Role.VIEWER)
    make_span(make_ready_video(make_camera(at.project), frames=100), 20, 60)
    (row,) = at.get("quality/spans").json()["items"]
    frames = [tile["frame"] for tile in row["tiles"]]
    assert (frames[0], frames[-1], len(frames)) == (20, 59, 12)
    assert {(tile["index"], tile["value"]) for tile in row["tiles"]} == {(None, None)}
    assert (row["sprite"], row["at"], row["usual"]) == (None, None, None)


def test_the_neighbours_of_a_frame_say_which_of_them_are_out() -> None:
    at = desk(Role.VIEWER)
    video = make_ready_video(make_camera(at.project), frames=50)
    make_metrics(video, defocus=[n / 64 for n in range(50)])
    span = make_span(video, 2, 4)
    make_span(video, 6, 7)
    make_span(video, 5, 6, SpanState.RESTORED)
    near = at.get(f"quality/spans/{span.pk}/frames?around=3").json()
    assert (near["metric"], near["reason"], near["threshold"]) == ("defocus", "defocus", 0.5)
    told = [(row["frame"], row["rejected"], row["inside"]) for row in near["items"]]
    assert told == [(n, n in (2, 3, 6), n in (2, 3)) for n in range(8)]
    assert [row["value"] for row in near["items"]] == [n / 64 for n in range(8)]
    assert at.get(f"quality/spans/{span.pk}/frames?around=50").status_code == 404


def test_a_filter_that_makes_no_sense_is_refused_in_words() -> None:
    at = desk(Role.VIEWER)
    for query in ("state=good", "since=yesterday", "since=2026-10-14T08:12:00", "sort=best", "camera=1"):
        answer = at.get(f"quality/spans?{query}")
        assert answer.status_code == 422
        assert answer.json()["error"]["sentence"].endswith(".")


class TestDeciding:
    """POST quality/review and its undo, as the browser sends them."""

    def test_parts_are_decided_and_undone(self) -> None:
        at = desk(Role.REVIEWER)
        video = make_ready_video(make_camera(at.project))
        make_metrics(video, defocus=0.9)
        span = make_span(video, 10, 30)
        sent = {
            "id": str(uuid4()),
            "to": "restored",
            "spans": [{"id": str(span.pk), "start": 10, "end": 15}],
        }
        answer = at.post("quality/review", sent)
        assert answer.status_code == 201
        batch = answer.json()
        assert (batch["id"], batch["to"], batch["spans"], batch["frames"]) == (sent["id"], "restored", 1, 5)
        days = datetime.fromisoformat(batch["undo_until"]) - datetime.fromisoformat(batch["created_at"])
        assert days.days == 30
        restored, left = at.get("quality/spans?sort=time").json()["items"]
        assert (restored["decided_by"], restored["state"]) == (at.name, "restored")
        assert (left["decided_by"], left["decided_at"], left["state"]) == (None, None, "pending")
        assert at.post("quality/review", sent).json() == batch
        undone = at.post(f"quality/review/{batch['id']}/undo")
        assert undone.json()["undone_at"] is not None
        assert [row["id"] for row in at.get("quality/spans").json()["items"]] == [str(span.pk)]

    def test_all_that_a_filter_finds_is_decided_as_it_was_seen(self) -> None:
        at = desk(Role.REVIEWER)
        video = make_ready_video(make_camera(at.project))
        spans = [make_span(video, start, start + 5) for start in (0, 10, 20)]
        where = {"state": "pending", "reason": "defocus"}
        sent = {"to": "confirmed", "where": where, "besides": [{"id": str(spans[0].pk)}]}
        late = at.post("quality/review", {**sent, "id": str(uuid4()), "seen": 2})
        assert late.status_code == 409
        assert late.json()["error"]["sentence"] == "1 span more came in since. Look at it first."
        assert at.post("quality/review", {**sent, "id": str(uuid4()), "seen": 3}).json()["spans"] == 2
        assert at.get("quality/spans?state=confirmed").json()["total"] == 2

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"spans": [], "where": {}},
            {"spans": [{"id": str(uuid4()), "start": 3}]},
            {"where": {"state": "good"}, "seen": 0},
            {"where": {"cameraa": str(uuid4())}, "seen": 0},
            {"where": {}},
            {"spans": [], "to": "deleted"},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, body: dict[str, Any]) -> None:
        at = desk(Role.REVIEWER)
        answer = at.post("quality/review", {"id": str(uuid4()), "to": "confirmed", **body})
        assert answer.status_code == 422
        assert not ReviewBatch.objects.exists()

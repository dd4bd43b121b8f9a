from typing import Any

import pytest
from pytest_django import Settings

from core.models import Role
from curation.models import Video
from tests.core.http import sentence
from tests.curation.api.house import Desk, desk
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera

pytestmark = pytest.mark.django_db

CONTENT = b"0123456789"


def announce(at: Desk, *, size: int = 10, name: str = "a.mp4", camera: Any = None) -> Any:
    camera = camera or make_camera(at.project)
    return at.post("uploads", {"name": name, "bytes": size, "camera": str(camera.pk)})


def put(at: Desk, upload: str, offset: int, data: bytes) -> Any:
    return at.send(f"uploads/{upload}", data, **{"Upload-Offset": str(offset)})


def test_a_file_comes_in_piece_by_piece(disk: Disk) -> None:
    at = desk()
    upload = announce(at).json()
    assert (upload["received"], upload["chunk_bytes"], upload["video"]) == (0, 8 * 2**20, None)
    assert put(at, upload["id"], 0, CONTENT[:4]).json()["received"] == 4
    done = put(at, upload["id"], 4, CONTENT[4:]).json()
    assert (done["state"], done["received"]) == ("finished", 10)
    assert at.get(f"videos/{done['video']}").json()["name"] == "a.mp4"


def test_a_broken_off_upload_goes_on_where_it_was(disk: Disk) -> None:
    at = desk()
    upload = announce(at).json()["id"]
    put(at, upload, 0, CONTENT[:4])
    assert at.get(f"uploads/{upload}").json()["received"] == 4
    head = at.browser.call("HEAD", at.address(f"uploads/{upload}"))
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("4", "10")


def test_a_chunk_sent_twice_is_told_where_to_go_on(disk: Disk) -> None:
    at = desk()
    upload = announce(at).json()["id"]
    put(at, upload, 0, CONTENT[:4])
    again = put(at, upload, 0, CONTENT[:4])
    assert again.status_code == 409
    assert again.json()["error"]["details"] == {"received": 4}


def test_a_chunk_needs_its_offset(disk: Disk) -> None:
    at = desk()
    assert at.send(f"uploads/{announce(at).json()['id']}", CONTENT).status_code == 422


def test_a_duplicate_is_a_conflict_that_points_to_the_first(disk: Disk) -> None:
    at = desk()
    camera = make_camera(at.project)
    put(at, announce(at, camera=camera, name="first.mp4").json()["id"], 0, CONTENT)
    upload = announce(at, camera=camera).json()["id"]
    answer = put(at, upload, 0, CONTENT)
    assert (answer.status_code, sentence(answer)) == (
        409,
        "a.mp4 is already in this project, as first.mp4.",
    )
    assert answer.json()["error"]["details"]["video"] == str(Video.objects.get().pk)
    assert at.get(f"uploads/{upload}").json()["state"] == "refused"


def test_a_chunk_of_the_full_size_is_taken(disk: Disk) -> None:
    at = desk()
    size = 8 * 2**20
    upload = announce(at, size=size).json()["id"]
    assert put(at, upload, 0, b"x" * size).json()["state"] == "finished"


def test_too_large_a_file_is_refused_before_it_is_sent(settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 5
    answer = announce(desk())
    assert answer.status_code == 422
    assert "manage.py ingest" in sentence(answer)


def test_a_camera_or_an_upload_of_another_project_is_not_there(disk: Disk) -> None:
    at, other = desk(), desk()
    assert announce(at, camera=make_camera()).status_code == 404
    assert put(other, announce(at).json()["id"], 0, CONTENT).status_code == 404


def test_an_annotator_uploads_nothing() -> None:
    assert announce(desk(Role.ANNOTATOR)).status_code == 403

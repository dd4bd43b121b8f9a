import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.jobs.runner import run
from core.models import Role
from curation.models import Video
from curation.services.videos import video_register
from tests.core.http import sentence
from tests.curation.api.house import Desk, desk
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera, make_video, scene, write_video

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at() -> Desk:
    """A viewer."""
    return desk(Role.VIEWER)


@pytest.fixture
def video(at: Desk, disk: Disk, tmp_path: Path) -> Video:
    """A video that came in for real."""
    path = write_video(tmp_path / "a.mp4", 40)
    made = video_register(
        project=at.project, camera=make_camera(at.project), name="a.mp4", source=path, actor=None
    )
    run(str(made.job_id))
    made.refresh_from_db()
    return made


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streaming response


def test_the_files_are_served_whole_in_ranges_and_once(at: Desk, video: Video, disk: Disk) -> None:
    made = video.artifacts["proxy360"]
    stored = (disk.media / made["key"]).read_bytes()
    path = f"videos/{video.pk}/files/proxy360"
    whole = at.get(path)
    assert (whole.status_code, whole["Content-Type"], body(whole)) == (200, "video/mp4", stored)
    assert "immutable" in whole["Cache-Control"]
    part = at.get(path, Range="bytes=10-19")
    assert (part.status_code, body(part)) == (206, stored[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(stored)}"
    assert at.get(path, **{"If-None-Match": whole["ETag"]}).status_code == 304
    head = at.browser.call("HEAD", at.address(path))
    assert (head.status_code, head["Content-Length"]) == (200, str(len(stored)))


def test_the_filmstrip_names_sheets_that_are_there(at: Desk, video: Video) -> None:
    manifest = at.get(f"videos/{video.pk}/files/filmstrip")
    assert manifest["Content-Type"] == "application/json"
    for sheet in json.loads(body(manifest))["sheets"]:
        answer = at.get(f"videos/{video.pk}/files/{sheet}")
        assert Image.open(io.BytesIO(body(answer))).format == "JPEG"


def test_a_frame_is_served_by_its_number(at: Desk, video: Video) -> None:
    for number in (0, 17, 39):
        answer = at.get(f"videos/{video.pk}/frames/{number}.jpg?height=360")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        picture = np.asarray(Image.open(io.BytesIO(answer.content)), dtype=int)
        errors = [np.abs(picture - scene(other)).mean() for other in range(40)]
        assert int(np.argmin(errors)) == number


def test_a_frame_is_fetched_once(at: Desk, video: Video) -> None:
    path = f"videos/{video.pk}/frames/3.jpg"
    tag = at.get(path)["ETag"]
    assert at.get(path, **{"If-None-Match": tag}).status_code == 304


def test_a_frame_behind_the_last_is_not_there(at: Desk, video: Video) -> None:
    answer = at.get(f"videos/{video.pk}/frames/40.jpg")
    assert (answer.status_code, sentence(answer)) == (404, "a.mp4 has 40 frames: the last is number 39.")


def test_the_source_and_unknown_names_are_not_served(at: Desk, video: Video) -> None:
    for name in ("source", "..%2f..%2fsecret_key", "proxy1080"):
        assert at.get(f"videos/{video.pk}/files/{name}").status_code == 404


def test_a_video_that_is_not_ready_has_no_frames(at: Desk) -> None:
    video = make_video(make_camera(at.project))
    assert at.get(f"videos/{video.pk}/frames/0.jpg").status_code == 409
    assert at.get(f"videos/{video.pk}/files/poster").status_code == 404

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from core.errors import Conflict, Invalid
from curation.errors import DuplicateVideo
from curation.models import Camera, Upload, UploadState, Video
from curation.services.uploads import (
    WrongOffset,
    upload_append,
    upload_create,
    upload_finish,
    upload_path,
)
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera
from tests.factories import project_make

pytestmark = pytest.mark.django_db


def announce(size: int = 10, camera: Camera | None = None, name: str = "a.mp4") -> Upload:
    camera = camera or make_camera()
    return upload_create(project=camera.site.project, camera=camera, name=name, size=size, actor=None)


def test_chunks_in_order_make_the_video(disk: Disk) -> None:
    upload = announce()
    upload_append(upload=upload, offset=0, data=b"01234")
    upload_append(upload=upload, offset=5, data=b"56789")
    done = upload_finish(upload=upload)
    assert done.state == UploadState.FINISHED
    video = Video.objects.get(uploads=done)
    assert (disk.media / video.source_key).read_bytes() == b"0123456789"


@pytest.mark.django_db(transaction=True)
def test_the_received_file_goes_once_the_video_is_committed(disk: Disk) -> None:
    upload = announce()
    upload_append(upload=upload, offset=0, data=b"0123456789")
    upload_finish(upload=upload)
    assert list(disk.uploads.iterdir()) == []


def test_a_wrong_offset_is_told_where_to_go_on(disk: Disk) -> None:
    upload = announce()
    upload_append(upload=upload, offset=0, data=b"01234")
    with pytest.raises(WrongOffset) as caught:
        upload_append(upload=upload, offset=4, data=b"4")
    assert caught.value.details == {"received": 5}


def test_bytes_that_were_written_but_not_acknowledged_are_written_over(disk: Disk) -> None:
    upload = announce()
    upload_append(upload=upload, offset=0, data=b"01234")
    with upload_path(upload).open("ab") as file:
        file.write(b"torn write that is longer than all of it")
    upload_append(upload=upload, offset=5, data=b"56789")
    assert upload_path(upload).read_bytes() == b"0123456789"


def test_a_lost_file_is_not_filled_with_nothing(disk: Disk) -> None:
    upload = announce()
    upload_append(upload=upload, offset=0, data=b"01234")
    upload_path(upload).unlink()
    with pytest.raises(Conflict, match="start it again"):
        upload_append(upload=upload, offset=5, data=b"56789")


def test_more_bytes_than_announced_are_refused(disk: Disk) -> None:
    with pytest.raises(Invalid, match="10"):
        upload_append(upload=announce(), offset=0, data=b"0" * 11)


def test_an_incomplete_upload_is_not_finished(disk: Disk) -> None:
    upload = announce()
    upload_append(upload=upload, offset=0, data=b"01234")
    with pytest.raises(WrongOffset):
        upload_finish(upload=upload)


def test_a_duplicate_ends_the_upload_as_refused(disk: Disk) -> None:
    camera = make_camera()
    for name in ("first.mp4", "again.mp4"):
        upload = announce(camera=camera, name=name)
        upload_append(upload=upload, offset=0, data=b"0123456789")
        if name == "again.mp4":
            with pytest.raises(DuplicateVideo, match="first"):
                upload_finish(upload=upload)
        else:
            upload_finish(upload=upload)
    upload.refresh_from_db()
    assert upload.state == UploadState.REFUSED
    assert "first.mp4" in upload.sentence
    assert len(disk.stored()) == 1


def test_finishing_twice_gives_the_same_video(disk: Disk) -> None:
    upload = announce()
    upload_append(upload=upload, offset=0, data=b"0123456789")
    assert upload_finish(upload=upload).video_id == upload_finish(upload=upload).video_id
    assert Video.objects.count() == 1


def test_an_upload_that_has_ended_takes_no_more(disk: Disk) -> None:
    upload = announce()
    upload_append(upload=upload, offset=0, data=b"0123456789")
    upload_finish(upload=upload)
    with pytest.raises(Conflict, match="ended"):
        upload_append(upload=upload, offset=10, data=b"")


@pytest.mark.parametrize("size", [0, 1001])
def test_a_size_of_nothing_or_above_the_cap_is_refused(size: int, settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    with pytest.raises(Invalid):
        announce(size=size)


def test_a_camera_of_another_project_is_refused() -> None:
    with pytest.raises(Invalid):
        upload_create(project=project_make(), camera=make_camera(), name="a.mp4", size=1, actor=None)


def test_the_upload_lies_under_a_name_of_the_servers_making(disk: Disk) -> None:
    upload = announce(name="../../evil.mp4")
    assert upload.name == "evil.mp4"
    assert upload_path(upload) == Path(disk.uploads) / upload.pk.hex

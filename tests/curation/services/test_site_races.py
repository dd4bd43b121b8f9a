"""Two people change the cameras of a site at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import transaction

from core.errors import Conflict, NotFound
from curation.models import Camera, Site, Upload, UploadState, Video
from curation.quality.verdict import Thresholds
from curation.services.arrivals import recording_bring
from curation.services.gate import gate_apply
from curation.services.sites import camera_add, camera_create, camera_remove, camera_rename
from curation.services.uploads import upload_abandon, upload_append, upload_create, upload_finish
from tests.connections import elsewhere, until_they_wait
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_camera_does_not_come_to_a_site_that_goes() -> None:
    camera = make_camera(name="North")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_remove(camera=camera, actor=None)
            added = elsewhere(pool, lambda: camera_create(site=camera.site, name="South", actor=None))
            until_they_wait(added)
        with pytest.raises(NotFound, match="The site Yard is not there any more"):
            added.result(30)
    assert not Site.objects.exists()


def test_a_site_stays_for_the_camera_that_comes() -> None:
    camera = make_camera(name="North")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_create(site=camera.site, name="South", actor=None)
            removed = elsewhere(pool, lambda: camera_remove(camera=camera, actor=None))
            until_they_wait(removed)
        removed.result(30)
    assert list(Camera.objects.values_list("name", "site__name")) == [("South", "Yard")]


def test_a_camera_is_removed_once() -> None:
    camera, other = make_camera(name="North"), make_camera(name="South")
    Camera.objects.filter(pk=other.pk).update(site=camera.site)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_remove(camera=camera, actor=None)
            again = elsewhere(
                pool, lambda: camera_remove(camera=Camera.objects.get(name="North"), actor=None)
            )
            until_they_wait(again)
        with pytest.raises(NotFound, match="no such camera"):
            again.result(30)


def test_no_upload_begins_at_a_camera_that_goes() -> None:
    camera = make_camera(name="North")
    project = camera.site.project
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_remove(camera=Camera.objects.get(), actor=None)
            begun = elsewhere(
                pool, lambda: upload_create(project=project, camera=camera, name="a.mp4", size=9, actor=None)
            )
            until_they_wait(begun)
        with pytest.raises(Conflict, match="The camera North was removed just now"):
            begun.result(30)
    assert not Upload.objects.exists()


def test_a_camera_stays_for_the_upload_that_begins() -> None:
    camera = make_camera(name="North")
    project = camera.site.project
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            upload_create(project=project, camera=camera, name="a.mp4", size=9, actor=None)
            removed = elsewhere(pool, lambda: camera_remove(camera=camera, actor=None))
            until_they_wait(removed)
        with pytest.raises(Conflict, match="it has 1 unfinished upload"):
            removed.result(30)


def test_two_uploads_to_one_camera_do_not_wait_for_each_other() -> None:
    camera = make_camera()
    project = camera.site.project

    def begin() -> Upload:
        return upload_create(project=project, camera=camera, name="a.mp4", size=9, actor=None)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        begin()
        assert elsewhere(pool, begin).result(30).camera == camera


def test_a_camera_stays_for_the_upload_that_completes(disk: Disk) -> None:
    camera = make_camera(name="North")
    upload = upload_create(project=camera.site.project, camera=camera, name="a.mp4", size=4, actor=None)
    upload_append(upload=upload, offset=0, data=b"0123")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            upload_finish(upload=upload)
            with pytest.raises(Conflict, match="it has 1 unfinished upload"):
                elsewhere(pool, lambda: camera_remove(camera=camera, actor=None)).result(30)
        with pytest.raises(Conflict, match="it has 1 video"):
            camera_remove(camera=camera, actor=None)


def test_an_upload_completes_once_its_camera_was_not_removed(disk: Disk) -> None:
    camera = make_camera(name="North")
    upload = upload_create(project=camera.site.project, camera=camera, name="a.mp4", size=4, actor=None)
    upload_append(upload=upload, offset=0, data=b"0123")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Camera.objects.select_for_update().get(pk=camera.pk)
            finished = elsewhere(pool, lambda: upload_finish(upload=upload))
            until_they_wait(finished)
            with pytest.raises(Conflict, match="unfinished upload"):
                camera_remove(camera=camera, actor=None)
        assert finished.result(30).state == UploadState.FINISHED


def test_an_upload_that_went_with_its_camera_is_not_found() -> None:
    camera = make_camera(name="North")
    upload = upload_create(project=camera.site.project, camera=camera, name="a.mp4", size=9, actor=None)
    upload_abandon(upload=upload)
    camera_remove(camera=camera, actor=None)
    with pytest.raises(NotFound, match="no such upload"):
        upload_append(upload=upload, offset=0, data=b"0123")
    with pytest.raises(NotFound, match="no such upload"):
        upload_finish(upload=upload)


def test_no_recording_comes_in_from_a_camera_that_goes(disk: Disk, tmp_path: Path) -> None:
    camera = make_camera(name="North")
    path = tmp_path / "a.mp4"
    path.write_bytes(b"0123")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_remove(camera=camera, actor=None)
            brought = elsewhere(
                pool,
                lambda: recording_bring(
                    project=camera.site.project, path=path, camera="North", site=None, actor=None
                ),
            )
            until_they_wait(brought)
        with pytest.raises(Conflict, match="The camera North was removed just now"):
            brought.result(30)
    assert (disk.stored(), Video.objects.exists()) == ([], False)


def test_a_camera_that_went_has_no_gate() -> None:
    camera = make_camera(name="North")
    camera_remove(camera=Camera.objects.get(), actor=None)
    with pytest.raises(Conflict, match="The camera North was removed just now"):
        gate_apply(camera=camera, thresholds=Thresholds(), revision=1, actor=None)


def test_a_camera_that_went_is_not_renamed() -> None:
    camera = make_camera(name="North")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_remove(camera=Camera.objects.get(), actor=None)
            renamed = elsewhere(pool, lambda: camera_rename(camera=camera, name="South", actor=None))
            until_they_wait(renamed)
        with pytest.raises(NotFound, match="no such camera"):
            renamed.result(30)


def test_a_camera_that_is_added_by_its_sites_name_makes_the_site_that_went() -> None:
    camera = make_camera(name="North", site="Yard")
    project = camera.site.project
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            camera_remove(camera=camera, actor=None)
            added = elsewhere(
                pool,
                lambda: camera_add(project=project, site=None, site_name="Yard", name="South", actor=None),
            )
            until_they_wait(added)
        added.result(30)
    assert list(Camera.objects.values_list("name", "site__name")) == [("South", "Yard")]

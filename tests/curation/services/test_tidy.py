import os
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from core.errors import Conflict
from core.jobs import sweeper
from core.jobs.runner import run
from core.models import Job
from core.services.storage import discard
from curation.models import Upload, UploadState, Video
from curation.services import tidy as tidying
from curation.services.tidy import TIDY, tidy
from curation.services.uploads import upload_append, upload_create, upload_path
from curation.services.videos import INGEST, video_restore
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera, make_video

pytestmark = pytest.mark.django_db


def store(key: str, *, days_old: int = 0) -> str:
    default_storage.save(key, ContentFile(b"x"))
    then = time.time() - days_old * 86400
    os.utime(default_storage.path(key), (then, then))
    return key


def removed(days_ago: int) -> Video:
    job = Job.objects.create(kind=INGEST, dedupe_key=f"removed-{days_ago}")
    video = make_video(source_key=store(f"sources/{days_ago}", days_old=99), job=job)
    store(f"{INGEST}/{job.pk}/1/proxy720.mp4")
    Video.objects.filter(pk=video.pk).update(deleted_at=timezone.now() - timedelta(days=days_ago))
    return video


def test_files_of_a_video_go_thirty_days_after_it_was_removed(disk: Disk) -> None:
    late, fresh = removed(31), removed(29)
    tidy()
    assert disk.stored() == [f"{INGEST}/{fresh.job_id}/1/proxy720.mp4", "sources/29"]
    late.refresh_from_db()
    assert late.source_key == ""


def test_a_video_that_is_restored_while_others_are_tidied_keeps_its_files(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = removed(33), removed(32)

    def discarded(prefix: str) -> None:
        monkeypatch.setattr(tidying, "discard", discard)
        discard(prefix)
        gone = first if str(first.job_id) in prefix else second
        video_restore(video=second if gone == first else first, actor=None)

    monkeypatch.setattr(tidying, "discard", discarded)
    tidy()
    kept = Video.objects.kept().get()
    assert default_storage.exists(kept.source_key)
    assert Video.objects.removed().get().source_key == ""


def test_a_video_whose_files_went_meanwhile_is_not_restored(disk: Disk) -> None:
    late = removed(31)
    tidy()
    with pytest.raises(Conflict, match="files are gone"):
        video_restore(video=late, actor=None)


def test_files_that_a_later_job_made_go_with_it(disk: Disk) -> None:
    video = removed(31)
    sprite = {"key": store("curation.rejudge/1/1/rejects.json"), "bytes": 1, "sha256": "0", "type": "x"}
    Video.objects.filter(pk=video.pk).update(artifacts={"rejects": sprite})
    tidy()
    assert disk.stored() == []


def test_tidying_again_changes_nothing(disk: Disk) -> None:
    removed(31)
    tidy()
    tidy()
    assert disk.stored() == []


def test_a_source_that_no_video_owns_goes_after_a_day(disk: Disk) -> None:
    store("sources/orphan", days_old=2)
    store("sources/just-arriving")
    make_video(source_key=store("sources/owned", days_old=2))
    tidy()
    assert disk.stored() == ["sources/just-arriving", "sources/owned"]


def test_an_upload_that_nobody_continues_goes_after_a_week(disk: Disk) -> None:
    camera = make_camera()
    upload = upload_create(project=camera.site.project, camera=camera, name="a.mp4", size=9, actor=None)
    upload_append(upload=upload, offset=0, data=b"0123")
    Upload.objects.update(touched_at=timezone.now() - timedelta(days=8))
    tidy()
    upload.refresh_from_db()
    assert upload.state == UploadState.REFUSED
    assert not upload_path(upload).exists()


def test_it_is_done_every_day_also_where_nobody_removed_anything_since(disk: Disk) -> None:
    removed(31)
    sweeper.tidy()
    run(str(Job.objects.get(kind=TIDY).pk))
    assert disk.stored() == []

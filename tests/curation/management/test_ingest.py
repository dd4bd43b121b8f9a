import errno
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.models import Membership, Project, Role
from curation.models import Camera, Video, VideoState
from curation.services import arrivals
from curation.services.sources import StoredSource, source_store
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera, write_video
from tests.factories import project_make, user_make

pytestmark = pytest.mark.django_db(transaction=True)


def bring(*paths: Path, **options: Any) -> list[dict[str, Any]]:
    """Run the command and read its JSON lines."""
    out = StringIO()
    call_command("ingest", *map(str, paths), stdout=out, **{"camera": "North", "json": True} | options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_project_site_and_camera_are_made_where_they_are_missing(disk: Disk, tmp_path: Path) -> None:
    owner = user_make("owner")
    type(owner).objects.filter(pk=owner.pk).update(is_superuser=True)
    bring(write_video(tmp_path / "a.mp4", 3))
    camera = Camera.objects.select_related("site__project").get()
    assert (camera.name, camera.site.name, camera.site.project.name) == ("North", "Main site", "Footage")
    assert Membership.objects.get(user=owner).role == Role.ADMIN


def test_the_only_project_there_is_takes_the_footage(disk: Disk, tmp_path: Path) -> None:
    project = project_make("Harbour")
    bring(write_video(tmp_path / "a.mp4", 3))
    assert Video.objects.get().project == project


def test_with_several_projects_one_must_be_named(disk: Disk, tmp_path: Path) -> None:
    project_make()
    other = project_make("Other")
    path = write_video(tmp_path / "a.mp4", 3)
    with pytest.raises(CommandError, match="--project SLUG"):
        bring(path)
    bring(path, project="other")
    assert Video.objects.get().project == other
    assert Project.objects.count() == 2


def test_the_one_camera_of_that_name_is_meant_wherever_it_is(disk: Disk, tmp_path: Path) -> None:
    project = project_make()
    camera = make_camera(project, "North", site="Harbour")
    bring(write_video(tmp_path / "a.mp4", 3))
    assert Video.objects.get().camera == camera
    assert Camera.objects.count() == 1


def test_where_two_sites_have_such_a_camera_one_must_be_named(disk: Disk, tmp_path: Path) -> None:
    project = project_make()
    for name in ("Harbour", "Depot"):
        make_camera(project, "North", site=name)
    path = write_video(tmp_path / "a.mp4", 3)
    with pytest.raises(CommandError, match="Several sites have a camera called North: Depot, Harbour"):
        bring(path)
    bring(path, site="Depot")
    assert Video.objects.get().camera.site.name == "Depot"


def test_a_new_camera_comes_to_the_only_site(disk: Disk, tmp_path: Path) -> None:
    other = make_camera(project_make(), "South", site="Harbour")
    bring(write_video(tmp_path / "a.mp4", 3))
    assert Camera.objects.get(name="North").site == other.site


def test_no_camera_is_made_for_a_file_that_is_refused(disk: Disk, tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", 3)
    bring(path)
    stored = disk.stored()
    bring(path, camera="Another")
    assert list(Camera.objects.values_list("name", flat=True)) == ["North"]
    assert disk.stored() == stored


def test_a_line_a_file_says_what_became_of_it(disk: Disk, tmp_path: Path) -> None:
    assert bring(write_video(tmp_path / "a.mp4", 3)) == [
        {
            "file": str(tmp_path / "a.mp4"),
            "id": str(Video.objects.get().pk),
            "state": "registered",
            "sentence": "",
            "frames": 0,
            "damaged": False,
            "first": "",
        }
    ]


def test_a_duplicate_names_the_first_and_is_no_failure(disk: Disk, tmp_path: Path) -> None:
    first = write_video(tmp_path / "first.mp4", 3)
    again = tmp_path / "again.mp4"
    again.write_bytes(first.read_bytes())
    bring(first)
    (line,) = bring(again)
    assert (line["state"], line["first"], line["id"]) == (
        "duplicate",
        "first.mp4",
        str(Video.objects.get().pk),
    )
    assert line["sentence"] == "again.mp4 is already in this project, as first.mp4."


def test_waiting_sees_every_file_through(disk: Disk, tmp_path: Path, worker: None) -> None:
    write_video(tmp_path / "a.mp4", 12)
    write_video(tmp_path / "b.mp4", 15)
    lines = bring(tmp_path / "a.mp4", tmp_path / "b.mp4", wait=True)
    assert {(Path(line["file"]).name, line["state"], line["frames"]) for line in lines} == {
        ("a.mp4", "ready", 12),
        ("b.mp4", "ready", 15),
    }


def test_started_again_it_waits_for_what_is_still_on_its_way(
    disk: Disk, tmp_path: Path, worker: None
) -> None:
    path = write_video(tmp_path / "a.mp4", 12)
    bring(path)
    (line,) = bring(path, wait=True)
    assert (line["state"], line["frames"], line["first"]) == ("ready", 12, "a.mp4")


def test_a_failure_is_said_and_ends_with_a_status(disk: Disk, tmp_path: Path, worker: None) -> None:
    (tmp_path / "empty.mp4").touch()
    write_video(tmp_path / "good.mp4", 5)
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 of 2 files failed\.") as caught:
        call_command("ingest", str(tmp_path), camera="North", wait=True, stdout=out)
    assert caught.value.returncode == 1
    assert Video.objects.get(name="good.mp4").state == VideoState.READY
    assert "empty.mp4  The file is empty." in out.getvalue()


def test_nothing_to_bring_in_is_said(disk: Disk, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No video was found there"):
        bring(tmp_path)
    with pytest.raises(CommandError, match=r"no file or folder called .*gone"):
        bring(tmp_path / "gone")
    with pytest.raises(CommandError, match=r"aaa cannot be looked at: File name too long\."):
        bring(tmp_path / ("a" * 300))


def test_a_file_that_cannot_be_copied_in_fails_and_the_others_come_in(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bad.mp4", "good.mp4"):
        write_video(tmp_path / name, 3 if name == "bad.mp4" else 4)

    def broken_disk(path: Path) -> StoredSource:
        if path.name == "bad.mp4":
            raise OSError(errno.EIO, "Input/output error")
        return source_store(path)

    monkeypatch.setattr(arrivals, "source_store", broken_disk)
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 of 2 files failed\."):
        call_command("ingest", str(tmp_path), camera="North", stdout=out)
    assert "bad.mp4 could not be copied in: Input/output error." in out.getvalue()
    assert Video.objects.get().name == "good.mp4"

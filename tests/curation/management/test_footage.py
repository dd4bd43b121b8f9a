from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.models import Project
from curation.management.commands.footage import Command
from curation.models import Video, VideoState
from tests.curation.conftest import Disk
from tests.curation.factories import write_video

pytestmark = pytest.mark.django_db(transaction=True)


def bring(folder: Path) -> str:
    out = StringIO()
    call_command("footage", folder, stdout=out, stderr=StringIO())
    return out.getvalue()


def site(folder: Path) -> Path:
    for camera, frames in (("gate_1", 3), ("yard", 4)):
        (folder / camera).mkdir(parents=True)
        write_video(folder / camera / f"{camera}.mp4", frames)
    return folder


def test_each_recording_comes_in_under_its_own_camera(disk: Disk, tmp_path: Path, worker: None) -> None:
    bring(site(tmp_path / "site"))
    videos = Video.objects.in_state(VideoState.READY).order_by("name")
    assert [(video.name, video.camera.name) for video in videos] == [
        ("gate_1.mp4", "Gate 1"),
        ("yard.mp4", "Yard"),
    ]


def test_a_second_time_changes_nothing(disk: Disk, tmp_path: Path, worker: None) -> None:
    bring(site(tmp_path / "site"))
    before = list(Video.objects.order_by("name").values_list("pk", "job__token"))
    assert "are here already" in bring(tmp_path / "site")
    assert list(Video.objects.order_by("name").values_list("pk", "job__token")) == before


def test_a_file_that_fails_does_not_keep_the_others_out(disk: Disk, tmp_path: Path, worker: None) -> None:
    (site(tmp_path / "site") / "gate_1" / "broken.mp4").write_bytes(b"not a video")
    with pytest.raises(CommandError, match="the Videos page says why"):
        bring(tmp_path / "site")
    assert Video.objects.in_state(VideoState.READY).count() == 2


def test_the_project_is_there_while_footage_is_being_simulated(
    disk: Disk, tmp_path: Path, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def simulated(self: Command) -> Path:
        seen.extend(Project.objects.values_list("slug", flat=True))
        return site(tmp_path / "site")

    monkeypatch.setattr(Command, "_simulated", simulated)
    call_command("footage", project="footage", stdout=StringIO(), stderr=StringIO())
    assert seen == ["footage"]


def test_a_folder_that_is_not_there_is_named(disk: Disk, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder called"):
        bring(tmp_path / "nowhere")

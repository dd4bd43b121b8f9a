import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from core.models import Project
from curation.management.commands import footage
from curation.management.commands.footage import Command
from curation.models import Video, VideoState
from curation.selectors.videos import videos_found
from tests.curation.conftest import Disk
from tests.curation.factories import make_camera, make_ready_video, write_video
from tests.factories import project_make

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
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    seen: list[str] = []

    def simulate(self: Command, folder: Path, project: Project) -> None:
        seen.extend(Project.objects.values_list("slug", flat=True))
        folder.mkdir(parents=True)

    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(Command, "_simulate", simulate)
    call_command("footage", project="footage", stdout=StringIO(), stderr=StringIO())
    assert seen == ["footage"]


FILMING = """
import shutil, sys, time
from pathlib import Path
ready, media, folder = map(Path, sys.argv[1:])
shutil.copytree(ready / "gate_1", folder / "gate_1")
until = time.monotonic() + 30
while not any(path.is_file() for path in media.rglob("*")):
    if time.monotonic() > until:
        sys.exit("the first recording did not come in while the second was being filmed")
    time.sleep(0.05)
shutil.copytree(ready / "yard", folder / "yard")
(folder / "labels.csv").write_text("file,label\\n")
"""


def test_a_recording_comes_in_while_the_next_is_being_filmed(
    disk: Disk, tmp_path: Path, worker: None, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.VAR_DIR = tmp_path / "var"
    ready = site(tmp_path / "site")
    simulator = (sys.executable, "-c", FILMING, str(ready), str(disk.media))
    monkeypatch.setattr(footage, "SIMULATOR", simulator)
    call_command("footage", project="footage", stdout=StringIO(), stderr=StringIO())
    assert Video.objects.in_state(VideoState.READY).count() == 2


def test_a_simulator_that_dies_is_not_taken_for_one_that_is_done(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(footage, "SIMULATOR", (sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(CommandError, match="The simulator did not finish"):
        call_command("footage", project="footage", stdout=StringIO(), stderr=StringIO())


def test_two_cameras_may_name_their_files_alike(tmp_path: Path) -> None:
    folder = site(tmp_path / "site")
    other = (folder / "yard" / "yard.mp4").rename(folder / "yard" / "gate_1.mp4")
    project = project_make()
    make_ready_video(make_camera(project, name="Gate 1"), name="gate_1.mp4")
    assert footage.recordings(folder, besides=videos_found(project=project)) == {"Yard": [other]}


def test_a_folder_that_is_not_there_is_named(disk: Disk, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder called"):
        bring(tmp_path / "nowhere")

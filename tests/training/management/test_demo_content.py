"""The step that `make demo` runs. A worker in a thread reads the recordings (tests/curation/management)."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.models import Project
from curation.management import crew
from curation.models import Video, VideoState
from labelling.models import AnnotationRevision, Clip, ClipState
from tests.curation.conftest import Disk, disk
from tests.curation.factories import write_video
from tests.curation.management.conftest import worker
from tests.training.factories import make_run
from training.models import TrainingRun

__all__ = ["disk", "worker"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def somebody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "somebody_works_on", lambda queue: True)


def site(folder: Path, count: int = 4) -> Path:
    folder.mkdir()
    lines = ["file,label,subject,camera"]
    for number in range(count):
        write_video(folder / f"{number}.mp4", 3 + number)
        lines.append(f"{number}.mp4,walking,S{number},gate_1")
    (folder / "labels.csv").write_text("\n".join(lines))
    return folder


def bring(folder: Path, **options: str) -> str:
    out = StringIO()
    call_command("demo_content", folder, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_footage_comes_in_with_labels_for_a_part_of_it(disk: Disk, tmp_path: Path, worker: None) -> None:
    said = bring(site(tmp_path / "site"))
    assert "3 of 4 labels imported" in said
    assert Clip.objects.in_state(ClipState.LABELLED).count() == 3
    assert Video.objects.in_state(VideoState.READY).count() == 4
    assert "Training on these labels" in said
    assert "Label at least two clips of at least two classes" in said, "which are not in this folder"
    assert not TrainingRun.objects.exists()


def test_a_model_is_made_once(disk: Disk, tmp_path: Path, worker: None) -> None:
    bring(site(tmp_path / "site", 2))
    make_run(Project.objects.get())
    assert "The first model was asked for before" in bring(tmp_path / "site")
    assert TrainingRun.objects.count() == 1


def test_a_second_start_changes_nothing(disk: Disk, tmp_path: Path, worker: None) -> None:
    bring(site(tmp_path / "site"))
    before = list(AnnotationRevision.objects.order_by("pk").values_list("pk", flat=True))
    assert "0 of 4 labels imported, 3 unchanged, 1 left to be labelled." in bring(tmp_path / "site")
    assert list(AnnotationRevision.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_a_recording_that_fails_keeps_no_label_out(disk: Disk, tmp_path: Path, worker: None) -> None:
    (site(tmp_path / "site", 2) / "0.mp4").write_bytes(b"not a video")
    with pytest.raises(CommandError, match="the Videos page says why"):
        bring(tmp_path / "site")
    assert Clip.objects.in_state(ClipState.LABELLED).count() == 1


def test_a_folder_without_labels_is_footage_alone(disk: Disk, tmp_path: Path, worker: None) -> None:
    (site(tmp_path / "site", 1) / "labels.csv").unlink()
    said = bring(tmp_path / "site", url="http://127.0.0.1:8123").splitlines()
    assert said[0] == "1 recording of 1 camera to read: Camera 1 (1)"
    assert said[-1].startswith("All of it is there: http://127.0.0.1:8123")
    assert Video.objects.in_state(VideoState.READY).count() == 1
    assert AnnotationRevision.objects.count() == 0

import json
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from curation.management import crew
from curation.models import Video, VideoState
from labelling.models import AnnotationRevision, Clip
from tests.curation.factories import make_camera, make_ready_video, make_video
from tests.factories import project_make
from tests.labelling.factories import annotate, make_class, make_clip

pytestmark = pytest.mark.django_db


def run(*arguments: Any) -> str:
    out = StringIO()
    call_command("labels", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def table(folder: Path, *lines: str) -> Path:
    path = folder / "labels.csv"
    path.write_text("\n".join(("file,label", *lines)))
    return path


def test_an_import_says_what_it_did(tmp_path: Path) -> None:
    make_ready_video(name="a.mp4")
    said = run("import", table(tmp_path, "a.mp4,walking"))
    assert said == "New classes: walking.\n1 of 1 labels imported, 0 unchanged.\n"


def test_the_report_is_one_json_object(tmp_path: Path) -> None:
    make_ready_video(name="a.mp4")
    assert json.loads(run("import", table(tmp_path, "a.mp4,walking"), "--json")) == {
        "rows": 1,
        "imported": 1,
        "unchanged": 0,
        "left": 0,
        "made_classes": ["walking"],
        "unknown_classes": [],
        "problems": [],
        "notes": [],
        "dry_run": False,
    }


def test_lines_that_could_not_be_imported_are_named_and_end_it_with_an_error(tmp_path: Path) -> None:
    make_ready_video(name="a.mp4")
    path, out = table(tmp_path, "a.mp4,walking", "b.mp4,walking"), StringIO()
    with pytest.raises(CommandError, match=r"1 of 2 lines could not be imported\.") as caught:
        call_command("labels", "import", str(path), stdout=out, stderr=out)
    assert caught.value.returncode == 1
    assert "Line 3 (b.mp4): There is no recording of this name here. Ingest it first." in out.getvalue()
    assert AnnotationRevision.objects.count() == 1


def test_an_unknown_class_is_refused_until_it_is_asked_for(tmp_path: Path) -> None:
    make_ready_video(name="a.mp4")
    run("import", table(tmp_path, "a.mp4,walking"))
    path, out = table(tmp_path, "a.mp4,zumba"), StringIO()
    with pytest.raises(CommandError, match=r"1 of 1 lines could not be imported\."):
        call_command("labels", "import", str(path), stdout=out, stderr=out)
    assert "Unknown classes: zumba. To make them, say --new-classes." in out.getvalue()
    assert "New classes: zumba." in run("import", path, "--new-classes")


def test_a_dry_run_keeps_nothing(tmp_path: Path) -> None:
    make_ready_video(name="a.mp4")
    said = run("import", table(tmp_path, "a.mp4,walking"), "--dry-run")
    assert said.endswith("1 of 1 labels imported, 0 unchanged; nothing was kept.\n")
    assert AnnotationRevision.objects.count() == 0


def test_a_share_leaves_something_to_label(tmp_path: Path) -> None:
    camera = make_camera()
    for number in range(10):
        make_ready_video(camera, name=f"{number}.mp4")
    run("import", table(tmp_path, *(f"{number}.mp4,walking" for number in range(10))), "--share", "0.6")
    assert AnnotationRevision.objects.count() == 6


def test_an_export_is_imported_as_it_was(tmp_path: Path) -> None:
    video = make_ready_video(name="a.mp4")
    annotate(make_clip(video, start=5, end=20), make_class(video.project, "walking"))
    run("export", tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text()
    assert text.splitlines()[1:] == [f"a.mp4,walking,,{video.camera.name},5,20"]
    assert "0 of 1 labels imported, 1 unchanged" in run("import", tmp_path / "out.csv")


def test_an_export_to_the_terminal_is_the_table_alone(tmp_path: Path) -> None:
    video = make_ready_video(name="a.mp4")
    annotate(make_clip(video), make_class(video.project, "walking"))
    assert run("export", "-").splitlines() == [
        "file,label,subject,camera,start,end",
        f"a.mp4,walking,,{video.camera.name},,",
    ]


@pytest.mark.parametrize(
    ("text", "said"), [("", 'column "file" is missing'), ("file,action\n", 'column "label" is missing')]
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str, said: str) -> None:
    project_make()
    (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(CommandError, match=said):
        run("import", tmp_path / "labels.csv")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    project_make()
    with pytest.raises(CommandError, match=r"gone\.csv cannot be read: No such file or directory\."):
        run("import", tmp_path / "gone.csv")


def test_a_place_that_cannot_be_read_or_written_is_said_with_its_own_exit_status(tmp_path: Path) -> None:
    project_make()
    for way, path in (("import", tmp_path), ("export", tmp_path), ("export", tmp_path / "gone" / "x.csv")):
        with pytest.raises(CommandError, match=r"cannot be (read|written): .+\.$") as refused:
            run(way, path)
        assert refused.value.returncode == 2


@pytest.mark.parametrize("share", ["-0.1", "1.1", "half", "nan"])
def test_a_share_is_between_none_and_all(tmp_path: Path, share: str) -> None:
    with pytest.raises(CommandError, match="argument --share"):
        run("import", table(tmp_path), f"--share={share}")


def test_with_several_projects_one_must_be_named(tmp_path: Path) -> None:
    first = make_ready_video(name="a.mp4").project
    project_make()
    path = table(tmp_path, "a.mp4,walking")
    with pytest.raises(CommandError, match="--project SLUG"):
        run("import", path)
    with pytest.raises(CommandError, match="There is no project at nowhere"):
        run("import", path, "--project", "nowhere")
    run("import", path, "--project", first.slug)
    assert Clip.objects.get().label is not None


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_recordings_that_are_still_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = make_video(name="a.mp4", state=VideoState.WORKING)
    monkeypatch.setattr(crew, "somebody_works_on", lambda queue: True)

    def end() -> None:
        Video.objects.filter(pk=video.pk).update(state=VideoState.READY, frames=50, fps=25.0)
        connection.close()

    ready = threading.Timer(1.0, end)
    ready.start()
    assert "1 of 1 labels imported" in run("import", table(tmp_path, "a.mp4,walking"), "--wait")
    ready.join()

"""labels.csv into clips and revisions."""

from typing import Any

import pytest

from core.models import User
from curation.models import Video, VideoState
from labelling.formats.labels_csv import BadLine, LabelRow
from labelling.models import AnnotationRevision, Clip, ClipOrigin, ClipState, LabelClass, Outcome, Source
from labelling.selectors.exports import label_rows
from labelling.services.cutting import clips_cut
from labelling.services.imports import ImportReport, labels_import
from labelling.services.label_sets import class_change
from tests.curation.factories import make_camera, make_ready_video, make_video
from tests.factories import user_make
from tests.labelling.factories import annotate, make_class, make_clip, make_span, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def video() -> Video:
    return make_ready_video(make_camera(name="Yard north"), name="a.mp4", frames=100)


def take(video: Video, *rows: LabelRow, author: User | None = None, **more: Any) -> ImportReport:
    return labels_import(project=video.project, rows=rows, author=author, **more)


def row(label: str = "Walk", file: str = "a.mp4", line: int = 2, **more: Any) -> LabelRow:
    return LabelRow(line=line, file=file, label=label, **more)


def said(report: ImportReport) -> str:
    (problem,) = report.problems
    return problem.sentence


def test_a_row_labels_the_whole_video(video: Video) -> None:
    ada = user_make()
    report = take(video, row(subject=" S01 "), author=ada)
    assert (report.rows, report.imported, report.unchanged) == (1, 1, 0)
    assert (report.made_classes, report.problems) == (["Walk"], [])
    clip = Clip.objects.get()
    assert (clip.start, clip.end, clip.subject, clip.state) == (0, 100, "S01", ClipState.LABELLED)
    assert (clip.origin, clip.camera) == (ClipOrigin.IMPORT, video.camera)
    revision = AnnotationRevision.objects.get()
    assert (revision.source, revision.author) == (Source.IMPORT, ada)


def test_a_clip_that_is_there_is_labelled_not_made_again(video: Video) -> None:
    (clip,) = clips_cut(video=video)
    take(video, row())
    clip.refresh_from_db()
    assert (Clip.objects.get(), clip.origin) == (clip, ClipOrigin.CUT)


def test_a_row_with_frames_makes_that_clip_and_the_rest_is_cut_around_it(video: Video) -> None:
    clips_cut(video=video)
    take(video, row(start=40, end=60))
    standing = Clip.objects.standing().order_by("start").values_list("start", "end", "state")
    assert list(standing) == [(0, 40, "open"), (40, 60, "labelled"), (60, 100, "open")]


def test_a_whole_video_that_was_cut_becomes_one_clip() -> None:
    video = make_ready_video(name="a.mp4", frames=1000)
    clips_cut(video=video)
    take(video, row())
    assert Clip.objects.standing().get().end == 1000


def test_importing_again_changes_nothing(video: Video) -> None:
    rows = [row(), row(line=3, start=10, end=20, subject="S01")]
    take(video, *rows)
    again = take(video, *rows)
    assert (again.imported, again.unchanged, again.made_classes) == (0, 2, [])
    assert AnnotationRevision.objects.count() == 2


def test_a_file_that_changed_its_mind_adds_a_revision(video: Video) -> None:
    take(video, row("Walk"))
    take(video, row("Dig"))
    history = AnnotationRevision.objects.order_by("number").values_list("label__name", flat=True)
    assert list(history) == ["Walk", "Dig"]


def test_what_a_person_said_stands(video: Video) -> None:
    take(video, row("Walk"))
    annotate(Clip.objects.get(), make_class(video.project, "Dig"), author=user_make("ada"))
    report = take(video, row("Walk"))
    assert said(report) == "Line 2: a.mp4, frames 0 to 99, was labelled Dig by ada: that stands."
    assert Clip.objects.get().revision == 2
    assert take(video, row("dig")).unchanged == 1


def test_what_a_person_passed_over_stands(video: Video) -> None:
    annotate(make_clip(video), outcome=Outcome.REJECTED, author=user_make("ada"))
    assert "was rejected by ada" in said(take(video, row()))


def test_a_class_is_found_whatever_its_case(video: Video) -> None:
    walk = make_class(video.project, "Walk")
    assert take(video, row(" wALK ")).made_classes == []
    assert Clip.objects.get().label == walk
    assert LabelClass.objects.exclude(name="Background").get() == walk


def test_a_class_is_made_once(video: Video) -> None:
    report = take(video, row("Run", start=0, end=5), row("run", line=3, start=5, end=9))
    assert (report.made_classes, report.imported) == (["Run"], 2)


def test_the_background_is_the_background(video: Video) -> None:
    take(video, row("background"))
    label = Clip.objects.get().label
    assert label is not None
    assert (label.name, label.colour) == ("Background", 0)


def test_an_archived_class_is_a_problem(video: Video) -> None:
    class_change(label_class=make_class(video.project, "Walk"), archived=True, actor=None)
    assert "Walk is archived" in said(take(video, row()))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"file": "b.mp4"}, "Line 2: There is no video called b.mp4 here."),
        ({"file": ".."}, "Line 2: There is no video called .. here."),
        ({"label": "x" * 81}, "Line 2: The name of a class has at most 80 characters."),
        ({"camera": "x" * 121}, "Line 2: The name of a camera has at most 120 characters."),
        ({"label": " "}, "Line 2: This line has no label."),
        ({"start": 4}, "Line 2: Give both start and end, or neither for the whole video."),
    ],
)
def test_a_row_that_cannot_be_is_a_problem(video: Video, more: dict[str, Any], sentence: str) -> None:
    report = take(video, row(**more))
    assert said(report) == sentence
    assert not Clip.objects.exists()


@pytest.mark.parametrize("bounds", [(0, 101), (5, 5), (7, 6), (-1, 4), (100, 101)])
def test_frames_that_are_not_there_are_a_problem(video: Video, bounds: tuple[int, int]) -> None:
    start, end = bounds
    assert "a.mp4 has the frames 0 to 99" in said(take(video, row(start=start, end=end)))


def test_a_problem_does_not_stop_the_other_rows(video: Video) -> None:
    bad = BadLine(4, "Line 4: its start is x.")
    report = take(video, row("Walk", "b.mp4"), row(line=3), problems=[bad])
    assert (report.rows, report.imported, [problem.line for problem in report.problems]) == (3, 1, [2, 4])


def test_a_video_that_is_not_ready_is_a_problem_with_its_reason(video: Video) -> None:
    make_video(video.camera, name="b.mp4", state=VideoState.FAILED, sentence="It is empty.")
    assert said(take(video, row(file="b.mp4"))) == "Line 2: b.mp4 is not ready to be labelled. It is empty."


def test_removed_videos_and_other_projects_are_not_found(video: Video) -> None:
    make_ready_video(name="b.mp4")
    make_ready_video(video.camera, name="c.mp4", deleted_at="2026-01-01T00:00Z")
    report = take(video, row(file="b.mp4"), row(file="c.mp4", line=3))
    assert len(report.problems) == 2


def test_of_two_videos_of_one_name_the_camera_decides(video: Video) -> None:
    south = make_camera(video.project, "South")
    other = make_ready_video(south, name="a.mp4", frames=100)
    assert "2 videos are called a.mp4" in said(take(video, row()))
    take(video, row(camera="yard_north"))
    assert Clip.objects.get().video == video
    take(video, row(camera="South", file="south/a.mp4"))
    assert Clip.objects.filter(video=other).count() == 1


def test_a_camera_that_differs_is_believed(video: Video) -> None:
    clips_cut(video=video)
    report = take(video, row(camera="gate_2"))
    video.refresh_from_db()
    assert (report.imported, video.camera.name, video.camera.site.name) == (1, "Gate 2", "Yard")
    assert Clip.objects.get().camera == video.camera
    assert take(video, row(camera="Gate 2")).unchanged == 1


def test_a_file_without_cameras_leaves_videos_where_they_are(video: Video) -> None:
    camera = video.camera
    take(video, row(), row(camera="yard-north", line=3))
    video.refresh_from_db()
    assert video.camera == camera


def test_a_dry_run_says_what_would_happen_and_does_nothing(video: Video) -> None:
    report = take(video, row(), row(file="b.mp4", line=3), dry_run=True)
    assert (report.imported, report.made_classes, len(report.problems)) == (1, ["Walk"], 1)
    assert not Clip.objects.exists()
    assert not LabelClass.objects.exists()


def test_labels_on_rejected_frames_are_taken_and_flagged(video: Video) -> None:
    make_span(video, 0, 10)
    take(video, row())
    clip = Clip.objects.get(start=0)
    assert (clip.end, clip.flagged) == (100, True)


def test_what_is_exported_and_imported_again_is_unchanged(video: Video) -> None:
    walk, dig = make_class(video.project, "Walk"), make_class(video.project, "Dig")
    annotate(make_clip(video, start=0, end=50, subject="S01"), walk, segments=[segment(dig, 5, 20)])
    whole = make_ready_video(video.camera, name="b.mp4")
    annotate(make_clip(whole), dig)
    annotate(make_clip(make_ready_video(video.camera)), outcome=Outcome.UNCERTAIN)
    rows = list(label_rows(project=video.project))
    assert rows == [
        LabelRow(2, "a.mp4", "Walk", "S01", "Yard north", 0, 50),
        LabelRow(3, "a.mp4", "Dig", "S01", "Yard north", 5, 20),
        LabelRow(4, "b.mp4", "Dig", "", "Yard north", None, None),
    ]
    report = take(video, *rows)
    assert (report.unchanged, report.imported, report.problems) == (3, 0, [])

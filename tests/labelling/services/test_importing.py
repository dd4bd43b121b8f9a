import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import AuditEvent, Job, Project
from curation.models import Video, VideoState
from labelling.formats.labels_csv import read, write
from labelling.models import AnnotationRevision, Clip, ClipOrigin, ClipState, LabelClass, Outcome, Source
from labelling.selectors.exports import label_rows
from labelling.services import importing
from labelling.services.cutting import CUT, clips_cut
from labelling.services.importing import ImportReport, labels_import
from tests.curation.factories import make_camera, make_ready_video, make_video
from tests.factories import project_make, user_make
from tests.labelling.factories import annotate, make_class, make_span, segment

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("RUSHES_SHARED", ROOT.parent / "shared"))


def take(project: Project, *lines: str, head: str = "file,label,start,end", **more: Any) -> ImportReport:
    """Import lines under a head."""
    table = read("\n".join((head, *lines)).encode())
    return labels_import(project=project, table=table, author=None, **more)


def recording(project: Project, name: str = "a.mp4", *, camera: str = "Gate", **fields: Any) -> Video:
    """A ready recording that was cut."""
    cameras = {row.name: row for row in camera_rows(project)}
    video = make_ready_video(cameras.get(camera) or make_camera(project, camera), name=name, **fields)
    clips_cut(video=video)
    return video


def camera_rows(project: Project) -> list[Any]:
    return [camera for site in project.sites.all() for camera in site.cameras.all()]


def labels_of(video: Video) -> dict[tuple[int, int], str | None]:
    """The class of every clip of a video that stands."""
    clips = Clip.objects.of_video(video).standing().select_related("label")
    return {(clip.start, clip.end): clip.label.name if clip.label else None for clip in clips}


def everything(project: Project) -> list[Any]:
    """Whatever an import could change."""
    clips = Clip.objects.in_project(project).order_by("pk")
    return [
        list(clips.values_list("pk", "state", "label", "revision", "subject", "withdrawn_at")),
        list(AnnotationRevision.objects.filter(project=project).order_by("pk").values_list("pk", "number")),
        list(LabelClass.objects.order_by("pk").values_list("pk", "name", "position")),
    ]


def killed(**_: object) -> None:
    raise KeyboardInterrupt


def test_an_import_that_dies_leaves_a_job_that_cuts_around_its_clips(monkeypatch: pytest.MonkeyPatch) -> None:
    video = recording(project_make(), frames=3000)
    monkeypatch.setattr(importing, "clips_cut", killed)
    with pytest.raises(KeyboardInterrupt):
        take(video.project, "a.mp4,walking,100,200")
    assert Job.objects.get(kind=CUT).params == {"video": str(video.pk)}


def test_a_row_labels_the_single_clip_of_its_recording() -> None:
    project = project_make()
    video = recording(project)
    report = take(project, "a.mp4,walking")
    assert (report.rows, report.imported, report.problems) == (1, 1, [])
    assert labels_of(video) == {(0, 50): "walking"}
    revision = AnnotationRevision.objects.get()
    assert (revision.source, revision.author, revision.outcome) == (Source.IMPORT, None, Outcome.LABELLED)


def test_a_clip_that_was_never_cut_is_made() -> None:
    project = project_make()
    video = make_ready_video(make_camera(project), name="a.mp4")
    take(project, "a.mp4,walking")
    assert labels_of(video) == {(0, 50): "walking"}


def test_the_single_clip_may_be_what_the_gate_left_of_a_recording() -> None:
    project = project_make()
    video = make_ready_video(make_camera(project), name="a.mp4")
    make_span(video, 0, 25)
    take(project, "a.mp4,walking")
    assert labels_of(video) == {(25, 50): "walking"}


def test_a_recording_in_several_clips_that_nobody_labelled_becomes_one() -> None:
    project = project_make()
    video = recording(project, frames=1000)
    assert len(labels_of(video)) == 4
    take(project, "a.mp4,fight")
    assert labels_of(video) == {(0, 1000): "fight"}


def test_a_recording_of_which_a_part_is_labelled_wants_frames() -> None:
    project = project_make()
    video = recording(project, frames=1000)
    annotate(Clip.objects.of_video(video)[0])
    before = everything(project)
    report = take(project, "a.mp4,fight")
    assert "Say which frames this is about, in start and end." in report.problems[0].sentence
    assert everything(project)[:2] == before[:2]


def test_frames_make_exactly_that_clip_and_the_rest_is_cut_around_it() -> None:
    project = project_make()
    video = recording(project, frames=500)
    take(project, "a.mp4,digging,100,240")
    assert labels_of(video)[100, 240] == "digging"
    assert Clip.objects.get(start=100, end=240).origin == ClipOrigin.IMPORT
    covered = sorted(labels_of(video))
    assert [end for _, end in covered[:-1]] == [start for start, _ in covered[1:]]


def test_a_class_that_is_not_there_is_made_and_named() -> None:
    project = project_make()
    make_class(project, "Walking")
    recording(project, "a.mp4"), recording(project, "b.mp4")
    report = take(project, "a.mp4,walking", "b.mp4,digging")
    assert report.made_classes == ["digging"]
    assert set(LabelClass.objects.values_list("name", flat=True)) == {"Background", "Walking", "digging"}


def test_the_subject_stays_with_the_clip() -> None:
    project = project_make()
    recording(project)
    take(project, "a.mp4,walking,S01", head="file,label,subject")
    assert Clip.objects.get().subject == "S01"


def test_the_same_table_again_changes_nothing() -> None:
    project = project_make()
    recording(project, "a.mp4"), recording(project, "b.mp4", frames=500)
    lines = ("a.mp4,walking", "b.mp4,digging,30,90", "b.mp4,walking,200,300")
    assert take(project, *lines).imported == 3
    before = everything(project)
    report = take(project, *lines)
    assert (report.imported, report.unchanged, report.problems) == (0, 3, [])
    assert everything(project) == before


def test_a_corrected_table_corrects_what_an_import_said() -> None:
    project = project_make()
    video = recording(project)
    take(project, "a.mp4,walking")
    assert take(project, "a.mp4,digging").imported == 1
    assert take(project, "a.mp4,walking").imported == 1
    assert labels_of(video) == {(0, 50): "walking"}
    assert AnnotationRevision.objects.count() == 3


def test_what_a_table_corrects_is_said() -> None:
    project = project_make()
    recording(project)
    take(project, "a.mp4,walking")
    assert take(project, "a.mp4,digging").notes == ["The table corrects what was imported before of 1 clip."]


def test_a_class_that_is_not_there_can_be_refused() -> None:
    project = project_make()
    video = recording(project)
    take(project, "a.mp4,walking")
    report = take(project, "a.mp4,wlaking", "a.mp4,zumba", new_classes=False)
    assert [problem.sentence for problem in report.problems] == [
        "Line 2 (a.mp4): There is no class called wlaking. Did you mean walking?",
        "Line 3 (a.mp4): There is no class called zumba.",
    ]
    assert report.unknown_classes == ["wlaking", "zumba"]
    assert labels_of(video) == {(0, 50): "walking"}
    assert not LabelClass.objects.filter(name__in=["wlaking", "zumba"]).exists()


def test_a_project_without_classes_gets_those_of_its_first_table() -> None:
    project = project_make()
    video = recording(project)
    assert take(project, "a.mp4,walking", new_classes=False).problems == []
    assert labels_of(video) == {(0, 50): "walking"}


def test_what_a_person_said_stands() -> None:
    project = project_make()
    video = recording(project)
    take(project, "a.mp4,walking")
    annotate(Clip.objects.get(), make_class(project, "running"), author=user_make("jo"))
    report = take(project, "a.mp4,walking")
    assert (report.unchanged, report.problems) == (1, [])
    assert report.notes == ["1 clip keeps what a person said of it, which differs from the table."]
    assert labels_of(video) == {(0, 50): "running"}


def test_what_a_person_cleared_is_open_to_an_import() -> None:
    project = project_make()
    video = recording(project)
    annotate(Clip.objects.get())
    annotate(Clip.objects.get(), outcome=Outcome.CLEARED)
    take(project, "a.mp4,walking")
    assert labels_of(video) == {(0, 50): "walking"}


def test_a_dry_run_reports_the_same_and_keeps_nothing() -> None:
    project = project_make()
    recording(project, "a.mp4"), recording(project, "b.mp4", frames=500)
    lines = ("a.mp4,walking", "b.mp4,digging,30,90", "c.mp4,walking")
    before = everything(project)
    tried = take(project, *lines, dry_run=True)
    assert everything(project) == before
    assert not AuditEvent.objects.filter(verb="labels.import").exists()
    assert take(project, *lines) == tried


def test_an_import_is_written_down_once() -> None:
    project = project_make()
    recording(project)
    take(project, "a.mp4,walking"), take(project, "a.mp4,walking")
    event = AuditEvent.objects.get(verb="labels.import")
    assert event.data == {"rows": 1, "imported": 1, "made_classes": ["walking"]}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("gone.mp4,walking", "Line 2 (gone.mp4): There is no recording of this name here."),
        ("..,walking", "There is no recording of this name here."),
        ("a.mp4,walking,0,51", "The recording has 50 frames, so its end cannot be 51."),
        ("broken.mp4,walking", "This recording could not be read. It holds only sound."),
        ("late.mp4,walking", "This recording is still being read."),
        ("a.mp4," + "x" * 81, "at most 80 characters"),
        ("a.mp4,", "Line 2 (a.mp4,): it names no label."),
    ],
)
def test_a_row_that_cannot_be_taken_is_a_problem_and_leaves_no_trace(line: str, said: str) -> None:
    project = project_make()
    recording(project)
    camera = make_camera(project)
    make_video(camera, name="broken.mp4", state=VideoState.FAILED, sentence="It holds only sound.")
    make_video(camera, name="late.mp4", state=VideoState.WORKING)
    take(project)
    before = everything(project)
    report = take(project, line)
    (problem,) = report.problems
    assert (problem.line, report.imported, report.made_classes) == (2, 0, [])
    assert said in problem.sentence
    assert everything(project) == before


def test_a_bad_row_does_not_stop_the_others_or_spoil_their_class() -> None:
    project = project_make()
    first, second = recording(project, "a.mp4"), recording(project, "b.mp4")
    report = take(project, "a.mp4,walking", "a.mp4,running", "b.mp4,running")
    assert report.problems[0].sentence == "Line 3 (a.mp4): Line 2 says walking of the same frames."
    assert (labels_of(first), labels_of(second)) == ({(0, 50): "walking"}, {(0, 50): "running"})
    assert report.made_classes == ["walking", "running"]


def test_a_refused_row_leaves_the_next_one_nothing_to_stumble_over() -> None:
    project = project_make()
    video = recording(project)
    report = take(project, f"a.mp4,{'x' * 81},0,10", "a.mp4,walking,0,10")
    assert [problem.line for problem in report.problems] == [2]
    assert labels_of(video) == {(0, 10): "walking", (10, 50): None}


def test_refused_rows_look_nothing_up_again(django_assert_max_num_queries: Any) -> None:
    project = project_make()
    for number in range(30):
        recording(project, f"{number}.mp4")
    make_class(project, "walking")
    with django_assert_max_num_queries(6 + 3 * 30):  # a savepoint and the way back a row
        report = take(project, *(f"{number}.mp4,wlaking" for number in range(30)), new_classes=False)
    assert len(report.problems) == 30


def test_an_archived_class_is_given_to_nothing() -> None:
    project = project_make()
    video = recording(project)
    LabelClass.objects.filter(pk=make_class(project, "walking").pk).update(archived=True)
    report = take(project, "a.mp4,walking")
    assert "archived" in report.problems[0].sentence
    assert labels_of(video) == {(0, 50): None}


def test_footage_of_another_project_is_not_seen() -> None:
    video = recording(project_make())
    report = take(project_make(), "a.mp4,walking")
    assert "no recording of this name" in report.problems[0].sentence
    assert labels_of(video) == {(0, 50): None}


def test_a_thousand_rows_look_their_recordings_up_once(django_assert_max_num_queries: Any) -> None:
    project = project_make()
    for number in range(30):
        recording(project, f"{number}.mp4")
    lines = [f"{number}.mp4,walking" for number in range(30)]
    take(project, *lines)
    with django_assert_max_num_queries(6 + 2 * 30):  # a savepoint a row, and six to look everything up
        assert take(project, *lines).unchanged == 30


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["a.mp4", "b.mp4"]), st.sampled_from(["walking", "digging"]))
        .flatmap(lambda row: st.tuples(st.just(row), st.integers(0, 480), st.integers(1, 20)))
        .map(lambda row: f"{row[0][0]},{row[0][1]},{row[1]},{row[1] + row[2]}"),
        max_size=8,
    )
)
def test_what_is_exported_is_imported_elsewhere_and_exported_as_the_same(lines: list[str]) -> None:
    texts = []
    project, other = project_make(), project_make()
    for place in (project, other):
        recording(place, "a.mp4", frames=500), recording(place, "b.mp4", frames=500)
    take(project, *lines)
    texts.append(write(label_rows(project=project)))
    again = labels_import(project=project, table=read(texts[0].encode()), author=None)
    assert (again.imported, again.problems) == (0, [])
    elsewhere = labels_import(project=other, table=read(texts[0].encode()), author=None)
    assert (elsewhere.unchanged, elsewhere.problems) == (0, [])
    assert write(label_rows(project=other)) == texts[0]


def test_segments_that_were_exported_are_known_again() -> None:
    project = project_make()
    recording(project)
    digging = make_class(project, "digging")
    annotate(Clip.objects.get(), segments=[segment(digging, 5, 20), segment(digging, 30, 40)])
    text = write(label_rows(project=project))
    before = everything(project)
    report = labels_import(project=project, table=read(text.encode()), author=None)
    assert (report.rows, report.unchanged) == (2, 2)
    assert everything(project) == before


@pytest.mark.footage
@pytest.mark.skipif(not SHARED.is_dir(), reason="the real recordings are not beside the checkout")
def test_a_real_table_with_more_columns_comes_in_whole() -> None:
    project = project_make()
    data = (SHARED / "data/biisc_actions/open/labels.csv").read_bytes()
    table = read(data)
    camera = make_camera(project)
    for row in table.rows:
        make_ready_video(camera, name=row.file)
    report = labels_import(project=project, table=table, author=None)
    assert (report.imported, report.problems) == (216, [])
    assert report.notes == [f"The column {name} means nothing here." for name in table.ignored]
    assert Clip.objects.in_state(ClipState.LABELLED).values("subject").distinct().count() == len(
        {row.subject for row in table.rows}
    )

"""Rows of a table that are left to be labelled: their clips get frames and subject, and no label."""

import pytest

from labelling.formats.labels_csv import read
from labelling.management.shares import share_of
from labelling.models import AnnotationRevision, Clip
from labelling.services.cutting import clips_cut
from labelling.services.importing import ImportReport, labels_import
from tests.curation.factories import make_camera, make_ready_video
from tests.labelling.factories import make_span

pytestmark = pytest.mark.django_db


def take_none(*lines: str) -> tuple[ImportReport, list[Clip]]:
    """Import lines of which nobody wants the labels, for a recording of 200 frames."""
    video = make_ready_video(make_camera(), name="a.mp4", frames=200)
    table = share_of(read("\n".join(("file,label,subject,start,end", *lines)).encode()), share=0, seed=1)
    report = labels_import(project=video.project, table=table, author=None)
    return report, list(Clip.objects.of_video(video).standing())


def test_a_whole_recording_gets_its_subject() -> None:
    report, (clip,) = take_none("a.mp4,digging,Anna,,")
    assert (clip.start, clip.end, clip.subject, clip.revision) == (0, 200, "Anna", 0)
    assert (report.rows, report.imported, report.unchanged, report.problems) == (1, 0, 0, [])
    assert report.made_classes == []
    assert not AnnotationRevision.objects.exists()


def test_frames_that_a_row_names_are_a_clip_and_stay_one() -> None:
    _, clips = take_none("a.mp4,digging,Anna,40,100")
    named = [(clip.start, clip.end, clip.subject) for clip in clips]
    assert named == [(0, 40, ""), (40, 100, "Anna"), (100, 200, "")]
    make_span(clips[1].video, 90, 160)
    again = clips_cut(video=clips[1].video)
    assert (40, 100) in [(clip.start, clip.end) for clip in again]
    assert [clip.flagged for clip in again if clip.start == 40] == [True]


def test_taking_them_again_changes_nothing() -> None:
    _, clips = take_none("a.mp4,digging,Anna,40,100")
    text = b"file,label,subject,start,end\na.mp4,digging,Anna,40,100"
    table = share_of(read(text), share=0, seed=1)
    labels_import(project=clips[0].project, table=table, author=None)
    assert list(Clip.objects.of_video(clips[0].video).standing()) == clips


def test_a_line_about_nothing_is_a_problem() -> None:
    report, _ = take_none("gone.mp4,digging,Anna,,")
    assert [problem.sentence for problem in report.problems] == [
        "Line 2 (gone.mp4): There is no recording of this name here. Ingest it first."
    ]

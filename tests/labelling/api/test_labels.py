"""Import, export and the numbers of a project."""

import pytest
from pytest_django import DjangoAssertNumQueries

from core.models import Role
from labelling.api import labels
from labelling.models import AnnotationRevision, Outcome
from tests.core.http import sentence
from tests.curation.factories import make_camera, make_ready_video
from tests.labelling.api.house import label_desk
from tests.labelling.factories import annotate, make_class, make_clip, make_clips

pytestmark = pytest.mark.django_db


def test_a_table_comes_in_and_is_reported_line_by_line() -> None:
    at = label_desk(Role.REVIEWER)
    make_ready_video(make_camera(at.project), name="a.mp4")
    answer = at.table("file,label,gender\na.mp4,walking,M\nb.mp4,walking,F\nc.mp4,,F\n")
    assert answer.status_code == 200
    assert answer.json() == {
        "rows": 3,
        "imported": 1,
        "unchanged": 0,
        "made_classes": ["walking"],
        "problems": [
            {
                "line": 3,
                "sentence": "Line 3 (b.mp4): There is no recording of this name here. Ingest it first.",
            },
            {"line": 4, "sentence": "Line 4 (c.mp4,,F): it names no label."},
        ],
        "notes": ["The column gender means nothing here."],
    }
    assert AnnotationRevision.objects.get().author == at.project.memberships.get().user


def test_a_table_larger_than_a_request_may_be_is_refused_in_words() -> None:
    at = label_desk(Role.REVIEWER)
    answer = at.table("file,label\n" + "a.mp4,walking\n" * 700_000)
    assert answer.status_code == 413
    assert sentence(answer) == "One request holds at most 9 MiB. Send this in smaller parts."


def test_a_dry_run_reports_and_keeps_nothing() -> None:
    at = label_desk(Role.REVIEWER)
    make_ready_video(make_camera(at.project), name="a.mp4")
    assert at.table("file,label\na.mp4,walking\n", "?dry_run=true").json()["imported"] == 1
    assert AnnotationRevision.objects.count() == 0
    assert at.get("label-set").json()["classes"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "The column"), ("file,action\n", "should read file,label,..."), ("file,label\n\xff", "")],
)
def test_what_is_no_table_is_refused_in_words(text: str, said: str) -> None:
    answer = label_desk(Role.REVIEWER).table(text)
    assert (answer.status_code == 422) == bool(said)
    assert said in str(answer.content)


def test_more_lines_than_one_call_can_take_are_for_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "MAX_ROWS", 1)
    answer = label_desk(Role.REVIEWER).table("file,label\na.mp4,x\nb.mp4,x\n")
    assert answer.status_code == 422
    assert "manage.py labels import" in sentence(answer)


def test_an_export_is_a_file_that_changes_nothing_when_it_comes_back() -> None:
    at = label_desk(Role.REVIEWER)
    video = make_ready_video(make_camera(at.project, "Gate"), name="a.mp4")
    annotate(make_clip(video, subject="S01"), make_class(at.project, "walking, fast"))
    answer = at.get("labels/export.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="{at.project.slug}-labels.csv"' in answer["Content-Disposition"]
    text = answer.content.decode()
    assert text.splitlines()[1] == 'a.mp4,"walking, fast",S01,Gate,,'
    assert at.table(text).json() | {"notes": []} == {
        "rows": 1,
        "imported": 0,
        "unchanged": 1,
        "made_classes": [],
        "problems": [],
        "notes": [],
    }


def test_the_summary_counts_the_project_and_the_day() -> None:
    at = label_desk(Role.VIEWER)
    me = at.project.memberships.get().user
    digging = make_class(at.project)
    one, two, three, _ = make_clips(4, at.project)
    annotate(one, digging, author=me)
    annotate(two, digging)
    annotate(three, outcome=Outcome.UNCERTAIN)
    said = at.get("labelling/summary").json()
    [hour] = said.pop("hours")
    assert (hour["accepted"], hour["fixed"], hour["by_hand"]) == (0, 0, 3)
    assert said == {
        "clips": 4,
        "labelled": 2,
        "uncertain": 1,
        "rejected": 0,
        "open": 1,
        "flagged": 0,
        "by_class": [{"label": str(digging.pk), "count": 2}],
        "labelled_today": 3,
        "mine_today": 1,
        "seconds_each": None,
        "suggestions": 0,
    }


@pytest.mark.parametrize("clips", [1, 30])
def test_the_summary_takes_the_same_queries_for_one_clip_and_for_many(
    clips: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    at = label_desk(Role.VIEWER)
    for clip in make_clips(clips, at.project):
        annotate(clip)
    with django_assert_max_num_queries(16):
        assert at.get("labelling/summary").json()["labelled"] == clips

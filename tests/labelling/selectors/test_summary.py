from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.models import Project, User
from labelling.models import AnnotationRevision, Clip, LabelClass, Outcome, Source
from labelling.selectors.annotations import annotation_json, history_of, longest
from labelling.selectors.summary import (
    LabelHour,
    done_today,
    label_hours,
    labelling_summary,
    midnight,
    seconds_each,
)
from labelling.services.cutting import by_time
from tests.curation.factories import make_ready_video
from tests.factories import user_make
from tests.labelling.factories import annotate, make_class, make_clip, make_clips, segment, suggest

pytestmark = pytest.mark.django_db


def said_at(
    clip: Clip,
    label: LabelClass,
    author: User,
    at: datetime,
    number: int = 1,
    source: Source = Source.PERSON,
) -> None:
    """A revision of another time: rows are never changed, so it is written as it is to be."""
    AnnotationRevision.objects.create(
        project=clip.project,
        clip=clip,
        number=number,
        base=number - 1,
        client_id=clip.pk,
        author=author,
        outcome=Outcome.LABELLED,
        label=label,
        source=source,
        created_at=at,
    )
    Clip.objects.filter(pk=clip.pk).update(revision=number, state="labelled", label=label)


@pytest.fixture
def ada() -> User:
    return user_make("ada")


def project_of(clips: list[Clip]) -> Project:
    return clips[0].project


def test_the_summary_counts_clips_and_todays_work(ada: User) -> None:
    clips = make_clips(6)
    project = project_of(clips)
    walk, dig = make_class(project), make_class(project)
    annotate(clips[0], walk, author=ada)
    annotate(clips[1], walk, author=user_make())
    annotate(clips[2], dig, author=ada)
    annotate(clips[3], outcome=Outcome.UNCERTAIN, author=ada)
    annotate(clips[4], outcome=Outcome.REJECTED, author=ada)
    Clip.objects.filter(pk=clips[0].pk).update(flagged=True)
    summary = labelling_summary(project=project, user=ada)
    assert (summary.clips, summary.open, summary.labelled) == (6, 1, 3)
    assert (summary.uncertain, summary.rejected, summary.flagged) == (1, 1, 1)
    assert summary.by_class == {walk.pk: 2, dig.pk: 1}
    assert (summary.labelled_today, summary.mine_today) == (5, 4)


def test_an_empty_project_has_a_summary_of_zeros(ada: User) -> None:
    summary = labelling_summary(project=make_ready_video().project, user=ada)
    assert (summary.clips, summary.by_class, summary.mine_today) == (0, {}, 0)
    assert summary.seconds_each is None


def test_yesterday_is_not_today(ada: User) -> None:
    clips = make_clips(2)
    walk = make_class(project_of(clips))
    said_at(clips[0], walk, ada, midnight() - timedelta(seconds=1))
    said_at(clips[1], walk, ada, midnight())
    assert done_today(project=project_of(clips), user=ada) == 1
    assert done_today(project=project_of(clips), user=ada, since=midnight() - timedelta(days=1)) == 2


def test_a_clip_counts_once_and_not_after_an_undo(ada: User) -> None:
    one, two = make_clips(2)
    for clip in (one, one, two):
        annotate(clip, author=ada)
    assert done_today(project=one.project, user=ada) == 2
    annotate(two, author=ada, outcome=Outcome.CLEARED)
    assert done_today(project=one.project, user=ada) == 1
    annotate(one, author=user_make())
    assert done_today(project=one.project, user=ada) == 0, "somebody else's word stands now"


def test_the_time_for_one_is_the_median_without_pauses(ada: User) -> None:
    clips = make_clips(6)
    walk = make_class(project_of(clips))
    for clip, seconds in zip(clips, [0, 4, 6, 16, 3616, 3620], strict=True):
        said_at(clip, walk, ada, midnight() + timedelta(seconds=seconds))
    assert seconds_each(project=project_of(clips), user=ada) == 4.0
    assert seconds_each(project=project_of(clips), user=user_make()) is None


def test_history_is_newest_first_and_says_who(ada: User) -> None:
    clip = make_clip()
    walk = make_class(clip.project)
    annotate(clip, author=ada, segments=[segment(walk, 3, 9, actor="left")], comment="why")
    annotate(clip, author=user_make("bob"), outcome=Outcome.REJECTED)
    newest, oldest = (annotation_json(row) for row in history_of(clip=clip))
    assert (newest["revision"], newest["outcome"], newest["label"], newest["segments"]) == (
        *(2, "rejected"),
        *(None, []),
    )
    assert oldest["author"] == {"id": ada.pk, "name": "ada", "initials": "A"}
    (part,) = oldest["segments"]
    assert (part["label"], part["start"], part["end"], part["actor"]) == (str(walk.pk), 3, 9, "left")
    assert (oldest["comment"], oldest["source"]) == ("why", "person")
    assert datetime.fromisoformat(oldest["created_at"]) <= timezone.now() + timedelta(minutes=1)


def test_the_longest_of_equals_is_the_first_seen() -> None:
    walk, dig = (make_class(make_clip().project).pk for _ in range(2))
    assert longest([(dig, 5, 10), (walk, 0, 5)]) == walk
    assert longest([(dig, 5, 10), (walk, 0, 5), (dig, 20, 21)]) == dig
    assert longest([]) is None


def test_what_was_recorded_first_comes_first_in_the_queue() -> None:
    late, early = make_ready_video(), make_ready_video(recorded_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert by_time(early) < by_time(late)
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM created_at) FROM curation_video WHERE id = %s", [late.pk])
        assert float(cursor.fetchone()[0]) == pytest.approx(by_time(late))


def test_labels_are_counted_by_the_hour_and_by_how_they_came_about(ada: User) -> None:
    clips = make_clips(7)
    walk = make_class(project_of(clips))
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    before = hour - timedelta(hours=3)
    told = [
        (before, Source.PERSON),
        (before, Source.SUGGESTION),
        (before + timedelta(minutes=59), Source.FIX),
    ]
    told += [(hour, Source.SUGGESTION), (hour, Source.IMPORT), (hour - timedelta(hours=13), Source.PERSON)]
    for clip, (at, source) in zip(clips, told, strict=False):
        said_at(clip, walk, ada, at, source=source)
    assert label_hours(project=project_of(clips)) == [
        LabelHour(before, 1, 1, 1, 0),
        LabelHour(hour, 1, 0, 0, 1),
    ]


def test_only_open_clips_count_as_suggested() -> None:
    clips = make_clips(3)
    for clip in clips[:2]:
        suggest(clip, {make_class(clip.project): 1.0})
    annotate(clips[0])
    assert labelling_summary(project=project_of(clips), user=user_make()).suggestions == 1

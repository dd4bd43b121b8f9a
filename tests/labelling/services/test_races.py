"""Several connections at once, on the real database."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from core.errors import Conflict
from core.models import User
from labelling.errors import StaleAnnotation
from labelling.models import AnnotationRevision, Assignment, Clip, LabelClass, Outcome
from labelling.selectors.clips import clips_counts
from labelling.services.annotations import annotation_submit
from labelling.services.assignments import assignment_next, assignment_take
from labelling.services.cutting import clips_cut
from tests.factories import user_make
from tests.labelling.factories import annotate, make_class, make_clip, make_clips, make_span

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


def at_once(*steps: Callable[[], T]) -> list[T]:
    """Start all steps at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(len(steps))

    def on_its_own(step: Callable[[], T]) -> T:
        try:
            barrier.wait(10)
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(on_its_own, steps))


def sends(clip: Clip, label: LabelClass, client_id: UUID | None = None) -> Callable[[], int | None]:
    """Label the clip as it was before anybody did; the number, or None when told of a conflict."""

    def step() -> int | None:
        mine = Clip.objects.select_related("video").get(pk=clip.pk)
        try:
            said = annotation_submit(
                clip=mine,
                author=None,
                base=0,
                client_id=client_id or uuid4(),
                outcome=Outcome.LABELLED,
                label=label.pk,
            )
        except StaleAnnotation:
            return None
        except Conflict:
            return -1
        return said.number

    return step


def cuts(clip: Clip) -> Callable[[], int | None]:
    """Cut the clip's video again; how many clips stand then."""
    return lambda: len(clips_cut(video=clip.video))


def test_of_many_who_label_a_clip_at_once_one_wins() -> None:
    for _ in range(8):
        clip = make_clip()
        label = make_class(clip.project)
        numbers = at_once(*[sends(clip, label) for _ in range(4)])
        assert Counter(numbers) == {1: 1, None: 3}
        assert AnnotationRevision.objects.filter(clip=clip).count() == 1


def test_a_label_sent_twice_at_once_is_taken_once_and_answered_twice() -> None:
    for _ in range(8):
        clip, sent = make_clip(), uuid4()
        label = make_class(clip.project)
        assert at_once(*[sends(clip, label, sent) for _ in range(3)]) == [1, 1, 1]
        assert AnnotationRevision.objects.filter(clip=clip).count() == 1


def test_a_client_id_used_for_two_clips_at_once_labels_one() -> None:
    for _ in range(5):
        one, other = make_clips(2)
        label, sent = make_class(one.project), uuid4()
        assert sorted(at_once(sends(one, label, sent), sends(other, label, sent)), key=str) == [-1, 1]
        assert sum(Clip.objects.values_list("revision", flat=True)) == AnnotationRevision.objects.count()


def test_people_who_ask_at_once_get_clips_of_their_own() -> None:
    clips = make_clips(6)
    project = clips[0].project
    for _ in range(8):
        Assignment.objects.all().delete()
        people = [user_make() for _ in range(4)]
        got = at_once(*[lambda user=user: assignment_next(project=project, user=user) for user in people])
        assert len({clip.pk for clip in got if clip is not None}) == 4
        assert {clip.pk for clip in got if clip is not None} <= {clip.pk for clip in clips}


def test_of_many_who_want_the_last_clip_one_gets_it() -> None:
    (clip,) = make_clips(1)
    for _ in range(8):
        Assignment.objects.all().delete()
        people = [user_make() for _ in range(3)]
        got = at_once(
            *[lambda user=user: assignment_next(project=clip.project, user=user) for user in people]
        )
        assert [found for found in got if found is not None] == [clip]


def test_of_two_who_open_a_clip_by_name_at_once_one_holds_it() -> None:
    clip = make_clip()
    people = [user_make(), user_make()]
    assert sorted(at_once(*[lambda u=u: assignment_take(clip=clip, user=u) for u in people])) == [False, True]


def test_labelling_to_the_end_gives_every_clip_to_one_person() -> None:
    clips = make_clips(24)
    project, label = clips[0].project, make_class(clips[0].project)

    def work(user: User) -> list[UUID]:
        done = []
        while (clip := assignment_next(project=project, user=user)) is not None:
            found = Clip.objects.select_related("video").get(pk=clip.pk)
            annotate(found, label, author=user)
            done.append(clip.pk)
        return done

    people = [user_make() for _ in range(3)]
    done = at_once(*[lambda user=user: work(user) for user in people])
    assert sorted(pk for each in done for pk in each) == sorted(clip.pk for clip in clips)
    assert clips_counts(project=project) == {"open": 0, "labelled": 24, "uncertain": 0, "rejected": 0}


def test_a_clip_labelled_while_its_video_is_cut_again_is_never_withdrawn() -> None:
    for _ in range(6):
        clip = make_clip()
        label = make_class(clip.project)
        make_span(clip.video, 0, 50)
        numbers = at_once(sends(clip, label), cuts(clip))
        clip.refresh_from_db()
        assert (numbers[0], clip.revision, clip.withdrawn_at) == (1, 1, None)


def test_who_asks_does_not_wait_for_who_is_writing() -> None:
    first, second = make_clips(2)
    user = user_make()
    with transaction.atomic():
        Clip.objects.select_for_update().get(pk=first.pk)

        def ask() -> Clip | None:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
            return assignment_next(project=first.project, user=user)

        assert at_once(ask) == [second]

"""Who gets which clip, one after the other; at once is in test_races.py."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from core.models import User
from labelling.models import Assignment, Clip, Outcome
from labelling.selectors.queue import lease_on, queue_position, upcoming
from labelling.services.assignments import LEASE, assignment_next, assignment_release, assignment_take
from tests.factories import project_make, user_make
from tests.labelling.factories import annotate, make_class, make_clip, make_clips, suggest

pytestmark = pytest.mark.django_db


@pytest.fixture
def clips() -> list[Clip]:
    return make_clips(4)


def get(clips: list[Clip], user: User, *skip: Clip) -> int | None:
    """Which of the clips the queue gives, by its place among them."""
    clip = assignment_next(project=clips[0].project, user=user, skip=[each.pk for each in skip])
    return None if clip is None else clips.index(clip)


def run_out(clip: Clip) -> None:
    Assignment.objects.filter(clip=clip).update(lease_until=Now() - timedelta(seconds=1))


def test_each_gets_a_clip_of_their_own_by_time(clips: list[Clip]) -> None:
    assert [get(clips, user_make()) for _ in range(5)] == [0, 1, 2, 3, None]


def test_who_asks_again_gets_the_clip_they_hold(clips: list[Clip]) -> None:
    ada = user_make()
    assert [get(clips, ada) for _ in range(3)] == [0, 0, 0]
    assert Assignment.objects.count() == 1


def test_asking_again_makes_the_lease_longer(clips: list[Clip]) -> None:
    ada = user_make()
    get(clips, ada)
    Assignment.objects.update(lease_until=Now() + timedelta(seconds=5))
    get(clips, ada)
    left = Assignment.objects.filter(lease_until__gt=Now() + LEASE - timedelta(minutes=1))
    assert left.count() == 1


def test_a_lease_that_ran_out_is_somebody_elses(clips: list[Clip]) -> None:
    ada, bob = user_make(), user_make()
    assert get(clips, ada) == 0
    run_out(clips[0])
    assert get(clips, bob) == 0
    assert get(clips, ada) == 1
    assert Assignment.objects.filter(clip=clips[0]).count() == 2, "the old one is kept, as given back"


def test_skipping_goes_on_and_gives_back(clips: list[Clip]) -> None:
    ada = user_make()
    assert get(clips, ada) == 0
    assert get(clips, ada, clips[0]) == 1
    assert get(clips, user_make()) == 0
    assert get(clips, ada, *clips) is None


def test_a_released_clip_is_free(clips: list[Clip]) -> None:
    ada, bob = user_make(), user_make()
    get(clips, ada)
    assignment_release(clip=clips[0], user=bob)
    assert get(clips, bob) == 1, "nobody gives back what others hold"
    assignment_release(clip=clips[0], user=ada)
    assignment_release(clip=clips[0], user=ada)
    assert get(clips, user_make()) == 0


def test_the_least_certain_comes_first_and_what_no_model_saw_last(clips: list[Clip]) -> None:
    walk, dig = make_class(clips[0].project), make_class(clips[0].project)
    suggest(clips[1], {walk: 0.9, dig: 0.1})
    suggest(clips[3], {walk: 0.45, dig: 0.55})
    ada = user_make()
    order = []
    while (number := get(clips, ada)) is not None:
        order.append(number)
        annotate(clips[number], walk, author=ada)
    assert order == [3, 1, 0, 2]


def test_only_open_clips_are_given(clips: list[Clip]) -> None:
    annotate(clips[0])
    annotate(clips[1], outcome=Outcome.REJECTED)
    annotate(clips[2], outcome=Outcome.UNCERTAIN)
    assert get(clips, user_make()) == 3


def test_a_clip_that_was_cleared_is_given_again(clips: list[Clip]) -> None:
    annotate(clips[0])
    annotate(clips[0], outcome=Outcome.CLEARED)
    assert get(clips, user_make()) == 0


def test_withdrawn_clips_and_removed_videos_are_not_given(clips: list[Clip]) -> None:
    Clip.objects.filter(pk=clips[0].pk).update(withdrawn_at=Now())
    assert get(clips, user_make()) == 1
    clips[0].video.deleted_at = "2026-01-01T00:00Z"
    clips[0].video.save()
    assert get(clips, user_make()) is None


def test_what_is_held_of_another_project_is_not_given(clips: list[Clip]) -> None:
    ada = user_make()
    assignment_take(clip=make_clip(), user=ada)
    assert get(clips, ada) == 0
    assert assignment_next(project=project_make(), user=ada) is None


def test_a_clip_may_be_opened_by_name_and_is_held_by_the_first(clips: list[Clip]) -> None:
    ada, bob = user_make(), user_make()
    assert assignment_take(clip=clips[2], user=ada)
    assert assignment_take(clip=clips[2], user=ada)
    assert not assignment_take(clip=clips[2], user=bob)
    lease = lease_on(clip=clips[2])
    assert lease is not None
    assert lease.user == ada
    run_out(clips[2])
    assert lease_on(clip=clips[2]) is None
    assert assignment_take(clip=clips[2], user=bob)


def test_who_is_not_the_holder_may_label_all_the_same(clips: list[Clip]) -> None:
    assignment_take(clip=clips[0], user=user_make())
    assert annotate(clips[0]).number == 1


def test_the_strip_shows_what_comes_next_and_leases_nothing(clips: list[Clip]) -> None:
    ada, bob = user_make(), user_make()
    assert get(clips, bob) == 0
    found = upcoming(project=clips[0].project, user=ada, skip=[clips[1].pk], limit=1)
    assert found == [clips[2]]
    assert Assignment.objects.count() == 1


def test_the_position_counts_what_is_done(clips: list[Clip]) -> None:
    annotate(clips[0])
    annotate(clips[1], outcome=Outcome.REJECTED)
    assert queue_position(project=clips[0].project) == (2, 4)

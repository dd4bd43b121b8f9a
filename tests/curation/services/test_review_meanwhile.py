"""What somebody else decided since a person looked is never overwritten unseen."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from core.errors import Conflict
from core.models import User
from curation.models import QualitySpan, ReviewBatch, SpanState, Video
from curation.selectors.spans import SpanFilter, looked_at
from curation.services.review import Part, spans_review
from curation.services.review_undo import review_undo
from curation.services.videos import video_remove
from tests.connections import elsewhere, until_they_wait
from tests.curation.factories import make_camera, make_metrics, make_ready_video, make_span
from tests.factories import user_make

PENDING, CONFIRMED, RESTORED = SpanState.PENDING, SpanState.CONFIRMED, SpanState.RESTORED


@pytest.fixture
def ada() -> User:
    return user_make("ada")


@pytest.fixture
def spans(db: None) -> list[QualitySpan]:
    video = make_ready_video(frames=100)
    make_metrics(video, defocus=0.9)
    return [make_span(video, start, start + 10) for start in (0, 20, 40)]


def decide(spans: list[QualitySpan], to: SpanState, actor: User, **more: Any) -> ReviewBatch:
    """Decide about these as they were when they were read, or about what a filter finds."""
    project = Video.objects.get(pk=spans[0].video_id).project
    named = () if "where" in more else [Part(span.pk, state=SpanState(span.state)) for span in spans]
    return spans_review(project=project, actor=actor, batch_id=uuid4(), to=to, spans=named, **more)


def test_a_span_that_somebody_decided_since_is_not_decided_unseen(
    spans: list[QualitySpan], ada: User
) -> None:
    decide(spans[:1], CONFIRMED, user_make("bob"))
    with pytest.raises(Conflict, match=r"^bob decided about some of these spans since you looked"):
        decide(spans, RESTORED, ada)
    assert QualitySpan.objects.in_state(RESTORED).count() == 0


def test_ones_own_decision_is_known_although_the_list_is_older(spans: list[QualitySpan], ada: User) -> None:
    decide(spans[:1], CONFIRMED, ada)
    assert decide(spans, RESTORED, ada).spans == 3


@pytest.mark.parametrize("state", [PENDING, None])
def test_all_that_a_filter_finds_is_what_was_seen(
    spans: list[QualitySpan], ada: User, state: SpanState | None
) -> None:
    at, seen = looked_at(), 3 if state is None else 2
    decide(spans[:1], CONFIRMED, user_make("bob"))
    where = SpanFilter(state=state)
    with pytest.raises(Conflict, match="bob decided"):
        decide(spans, RESTORED, ada, where=where, seen=seen, at=at)
    assert decide(spans, RESTORED, ada, where=where, seen=seen, at=looked_at()).spans == seen


def test_what_somebody_undid_since_was_not_seen_either(spans: list[QualitySpan], ada: User) -> None:
    bob = user_make("bob")
    batch = decide(spans[:1], CONFIRMED, bob)
    at = looked_at()
    review_undo(batch=batch, actor=bob)
    with pytest.raises(Conflict, match="bob decided"):
        decide(spans, RESTORED, ada, where=SpanFilter(), seen=3, at=at)


@pytest.mark.parametrize("again", [(15, 28), (50, 60)])
def test_an_exception_stays_out_by_its_frames_when_it_was_judged_again(
    spans: list[QualitySpan], ada: User, again: tuple[int, int]
) -> None:
    video, left = spans[1].video, Part(spans[1].pk, 20, 30, PENDING, spans[1].video_id)
    spans[1].delete()
    make_span(video, *again)
    batch = decide(spans, RESTORED, ada, where=SpanFilter(), seen=3, at=looked_at(), besides=[left])
    restored = QualitySpan.objects.in_state(RESTORED).filter(batch=batch).values_list("start", "end")
    assert batch.spans == 3
    assert sorted(restored) == sorted([(0, 10), (40, 50), (15, 20) if again[0] == 15 else again])


def test_decisions_about_other_cameras_are_no_hindrance(spans: list[QualitySpan], ada: User) -> None:
    other = make_ready_video(make_camera(spans[0].video.project))
    make_metrics(other, defocus=0.9)
    at = looked_at()
    decide([make_span(other, 0, 10)], CONFIRMED, user_make())
    where = SpanFilter(camera=spans[0].video.camera_id)
    assert decide(spans, RESTORED, ada, where=where, seen=3, at=at).spans == 3


def test_a_decision_is_undone_although_who_decided_before_is_gone(
    spans: list[QualitySpan], ada: User
) -> None:
    bob = user_make("bob")
    decide(spans, CONFIRMED, bob)
    for span in spans:
        span.refresh_from_db()
    batch = decide(spans, RESTORED, ada, at=None)
    bob.delete()
    review_undo(batch=batch, actor=ada)
    told = {(span.state, span.reviewed_by) for span in QualitySpan.objects.all()}
    assert told == {(CONFIRMED.value, None)}


@pytest.mark.django_db(transaction=True)
def test_a_video_removed_during_a_decision_about_two_cameras_blocks_neither() -> None:
    first = make_camera(name="Zebra crossing")  # their names sort the other way round than their ids
    second = make_camera(first.site.project, name="Apron")
    videos = [make_ready_video(first), make_ready_video(second), make_ready_video(first)]
    for video in videos[:2]:
        make_metrics(video, defocus=0.9)
    spans = [make_span(video, 0, 10) for video in videos[:2]]
    person, other = user_make(), user_make()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            video_remove(video=videos[2], actor=person)
            decided = elsewhere(pool, lambda: decide(spans, RESTORED, other))
            until_they_wait(decided)
        decided.result(30)
    assert QualitySpan.objects.in_state(RESTORED).count() == 2

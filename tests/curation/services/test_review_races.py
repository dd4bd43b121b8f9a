"""Two people decide at the same moment: one after the other, and nothing is lost or done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from core.errors import RushesError
from curation.models import QualitySpan, ReviewBatch, SpanState, Video
from curation.selectors.spans import SpanFilter
from curation.services.review import Part, spans_review
from curation.services.review_undo import review_undo
from tests.curation.factories import make_camera, make_metrics, make_ready_video, make_span
from tests.factories import user_make

pytestmark = pytest.mark.django_db(transaction=True)

CONFIRMED, RESTORED = SpanState.CONFIRMED, SpanState.RESTORED


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that begin together; what each returned, or the error that a person sees."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except RushesError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def videos() -> list[Video]:
    camera = make_camera()
    videos = [make_ready_video(camera) for _ in range(4)]
    for video in videos:
        make_metrics(video, defocus=0.9)
        make_span(video, 0, 20)
    return videos


def deciding(videos: list[Video], to: SpanState, **more: Any) -> Callable[[], ReviewBatch]:
    values = {"actor": user_make(), "batch_id": uuid4(), "where": SpanFilter(), **more}
    return lambda: spans_review(project=videos[0].project, to=to, **values)


def test_of_two_decisions_the_later_one_stands_and_can_be_undone(videos: list[Video]) -> None:
    made = at_once(deciding(videos, CONFIRMED), deciding(videos, RESTORED))
    (last,) = set(QualitySpan.objects.values_list("batch", flat=True))
    first = next(batch for batch in made if batch.pk != last)
    assert {batch.spans for batch in made} == {4}
    assert {video.rejected_frames for video in Video.objects.all()} == {20 if first.to == RESTORED else 0}
    review_undo(batch=ReviewBatch.objects.get(pk=last), actor=user_make())
    review_undo(batch=first, actor=user_make())
    assert QualitySpan.objects.in_state(SpanState.PENDING).filter(batch=None).count() == 4


def test_who_saw_what_the_other_decided_is_told(videos: list[Video]) -> None:
    pending = {"where": SpanFilter(state=SpanState.PENDING), "seen": 4}
    made = at_once(deciding(videos, CONFIRMED, **pending), deciding(videos, RESTORED, **pending))
    (told,) = [answer for answer in made if isinstance(answer, RushesError)]
    assert told.sentence.startswith("4 spans of these were decided")
    assert ReviewBatch.objects.count() == 1


@pytest.mark.parametrize("where", [SpanFilter(), SpanFilter(reason="noise")])
def test_the_same_decision_sent_twice_at_once_is_made_once(videos: list[Video], where: SpanFilter) -> None:
    same = {"batch_id": uuid4(), "actor": user_make(), "where": where}
    made = at_once(*(deciding(videos, RESTORED, **same) for _ in range(3)))
    assert {batch.pk for batch in made} == {same["batch_id"]}
    assert ReviewBatch.objects.count() == 1


def test_two_cut_the_same_span_and_the_second_is_told_that_it_is_gone(videos: list[Video]) -> None:
    span = QualitySpan.objects.filter(video=videos[0]).get()
    parts = ((0, 5), (10, 15))
    made = at_once(*(deciding(videos, RESTORED, where=None, spans=[Part(span.pk, *part)]) for part in parts))
    assert sum(isinstance(answer, RushesError) for answer in made) == 1
    spans = QualitySpan.objects.of_video(videos[0])
    assert sum(span.end - span.start for span in spans) == 20

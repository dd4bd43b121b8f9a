"""Undoing a decision: exactly what was comes back, or a later decision stands in the way."""

from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from core.errors import Conflict
from core.models import AuditEvent, Job
from curation.models import QualityProfile, QualitySpan, ReviewBatch, SpanState, Video
from curation.quality.verdict import Thresholds, judge
from curation.selectors.quality import rejected_over_time
from curation.selectors.spans import SpanFilter
from curation.services.review import Part, spans_review
from curation.services.review_undo import UNDO, review_undo
from curation.services.verdicts import verdicts_settle
from tests.curation.factories import make_camera, make_metrics, make_ready_video, make_span
from tests.curation.quality.test_verdict import metrics_of
from tests.factories import user_make

pytestmark = pytest.mark.django_db

PENDING, CONFIRMED, RESTORED = SpanState.PENDING, SpanState.CONFIRMED, SpanState.RESTORED
FRAMES = 40

rows = st.lists(
    st.lists(st.sampled_from([0.0, 0.3, 0.6, 0.9]), min_size=3, max_size=3), min_size=FRAMES, max_size=FRAMES
)
states = st.sampled_from(list(SpanState))


def everything(video: Video) -> tuple[Any, ...]:
    """All that a decision may change."""
    spans = list(QualitySpan.objects.of_video(video).values())
    return spans, Video.objects.values("rejected_frames", "rejected_over_time").get(pk=video.pk)


def judged_video(numbers: list[list[float]]) -> Video:
    metrics = metrics_of(numbers)
    video = make_ready_video(frames=FRAMES)
    make_metrics(video, **metrics.columns)
    thresholds = Thresholds(defocus=0.5, too_dark=0.5, covered=0.5, bridge=2)
    QualitySpan.objects.bulk_create(
        QualitySpan(
            video=video,
            start=span.start,
            end=span.end,
            reason=span.reasons[0].reason,
            reasons=span.to_json()["reasons"],
            profile_revision=1,
        )
        for span in judge(metrics, thresholds, video.fps)
    )
    verdicts_settle(videos=[video.pk], cause="ready")
    return video


def some_parts(video: Video, data: st.DataObject) -> list[Part]:
    parts = []
    for span in QualitySpan.objects.of_video(video):
        if data.draw(st.booleans()):
            start = data.draw(st.integers(span.start, span.end - 1))
            end = data.draw(st.integers(start + 1, span.end))
            parts.append(data.draw(st.sampled_from([Part(span.pk), Part(span.pk, start, end)])))
    return parts


def decide(video: Video, to: SpanState, parts: list[Part], **more: Any) -> ReviewBatch:
    values = {"actor": user_make(), "batch_id": uuid4(), **more}
    return spans_review(project=video.project, to=to, spans=parts, **values)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, st.lists(states, min_size=1, max_size=3), st.data())
def test_decisions_undone_from_the_last_on_leave_everything_as_it_was(
    numbers: list[list[float]], tos: list[SpanState], data: st.DataObject
) -> None:
    video = judged_video(numbers)
    seen = []
    for to in tos:
        before = everything(video)
        seen.append((before, decide(video, to, some_parts(video, data))))
        assert frames_of(video) == {n for span in before[0] for n in range(span["start"], span["end"])}
        assert sums_hold(video)
    for before, batch in reversed(seen):
        review_undo(batch=batch, actor=user_make())
        assert everything(video) == before


def frames_of(video: Video) -> set[int]:
    """All frames in spans; fails where two spans share one."""
    frames = [n for span in QualitySpan.objects.of_video(video) for n in range(span.start, span.end)]
    assert len(frames) == len(set(frames))
    return set(frames)


def sums_hold(video: Video) -> bool:
    out = list(QualitySpan.objects.of_video(video).standing().values_list("start", "end"))
    row = Video.objects.get(pk=video.pk)
    return (row.rejected_frames, row.rejected_over_time) == (
        sum(end - start for start, end in out),
        rejected_over_time(out, FRAMES),
    )


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, states, st.data())
def test_a_filter_with_exceptions_decides_exactly_the_rest(
    numbers: list[list[float]], to: SpanState, data: st.DataObject
) -> None:
    video = judged_video(numbers)
    spans = {span.pk: span for span in QualitySpan.objects.of_video(video)}
    parts = some_parts(video, data)
    spared = {
        n for part in parts for n in range(part.start or spans[part.id].start, part.end or spans[part.id].end)
    }
    spans_review(
        project=video.project,
        actor=user_make(),
        batch_id=uuid4(),
        to=to,
        where=SpanFilter(video=video.pk),
        besides=parts,
        seen=len(spans),
    )
    moved = {
        n for span in QualitySpan.objects.of_video(video).in_state(to) for n in range(span.start, span.end)
    }
    everywhere = frames_of(video)
    assert moved == (everywhere if to == PENDING else everywhere - spared)


@pytest.fixture
def video() -> Video:
    """Forty frames, all of them defocused, in one span."""
    video = make_ready_video(frames=FRAMES)
    make_metrics(video, defocus=np.linspace(0.6, 0.9, FRAMES))
    make_span(video, 0, FRAMES)
    return video


def span_of(video: Video) -> QualitySpan:
    return QualitySpan.objects.get(video=video)


def test_undoing_twice_is_undoing_once(video: Video) -> None:
    batch = decide(video, RESTORED, [Part(span_of(video).pk, 0, 10)])
    first = review_undo(batch=batch, actor=user_make())
    again = decide(video, CONFIRMED, [Part(span_of(video).pk)])
    second = review_undo(batch=batch, actor=user_make())
    assert (second.undone_at, second.undone_by) == (first.undone_at, first.undone_by)
    assert span_of(video).batch == again
    assert AuditEvent.objects.filter(verb="review.undo").count() == 1


@pytest.mark.parametrize("part", [(None, None), (0, 10)])
def test_a_later_decision_stands_in_the_way_and_says_whose_it_is(
    video: Video, part: tuple[int | None, int | None]
) -> None:
    first = decide(video, CONFIRMED, [Part(span_of(video).pk)])
    later = decide(video, RESTORED, [Part(span_of(video).pk, *part)], actor=user_make("ines"))
    before = everything(video)
    with pytest.raises(Conflict, match=rf"ines restored some .* {later.created_at:%H:%M} UTC"):
        review_undo(batch=first, actor=user_make())
    assert everything(video) == before
    review_undo(batch=later, actor=user_make())
    assert review_undo(batch=first, actor=user_make()).undone_at is not None
    assert span_of(video).state == PENDING


def test_a_decision_about_a_piece_that_was_left_alone_stands_in_the_way_too(video: Video) -> None:
    first = decide(video, RESTORED, [Part(span_of(video).pk, 0, 10)])
    left = QualitySpan.objects.in_state(PENDING).get(video=video)
    decide(video, CONFIRMED, [Part(left.pk)], actor=user_make("ines"))
    with pytest.raises(Conflict, match="ines confirmed"):
        review_undo(batch=first, actor=user_make())


def test_after_thirty_days_a_decision_stands(video: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = decide(video, RESTORED, [Part(span_of(video).pk)])
    late = timezone.now() + UNDO
    monkeypatch.setattr(timezone, "now", lambda: late)
    with pytest.raises(Conflict, match="30 days"):
        review_undo(batch=batch, actor=user_make())


class TestAfterTheGateWasChanged:
    """What the gate made of undecided frames meanwhile gives way to the spans that come back."""

    def judged_again(self, video: Video) -> None:
        """A gate that rejects frames 5 to 20 where nobody decided."""
        QualityProfile.objects.filter(camera=video.camera).update(revision=2)
        QualitySpan.objects.filter(video=video, state=PENDING).delete()
        Job.objects.all().delete()

    def test_pieces_come_together_again(self, video: Video) -> None:
        before = everything(video)
        batch = decide(video, RESTORED, [Part(span_of(video).pk, 10, 20)])
        self.judged_again(video)
        make_span(video, 5, 10)
        review_undo(batch=batch, actor=user_make())
        assert everything(video)[0] == before[0]
        (job,) = Job.objects.filter(kind="curation.rejudge")
        assert job.params["videos"] == [str(video.pk)]

    def test_a_span_that_reaches_beyond_keeps_the_rest(self, video: Video) -> None:
        QualitySpan.objects.filter(video=video).update(end=20)
        decide(video, CONFIRMED, [Part(span_of(video).pk)])
        batch = decide(video, PENDING, [Part(span_of(video).pk)])
        self.judged_again(video)
        make_span(video, 5, 30)
        review_undo(batch=batch, actor=user_make())
        spans = QualitySpan.objects.of_video(video).values_list("start", "end", "state")
        assert list(spans) == [(0, 20, CONFIRMED), (20, 30, PENDING)]
        assert Video.objects.get(pk=video.pk).rejected_frames == 30

    def test_the_same_frames_rejected_for_other_reasons_get_the_old_ones_back(self, video: Video) -> None:
        decide(video, CONFIRMED, [Part(span_of(video).pk)])
        before = everything(video)
        batch = decide(video, PENDING, [Part(span_of(video).pk)])
        QualityProfile.objects.filter(camera=video.camera).update(revision=2)
        QualitySpan.objects.filter(video=video).update(reason="noise", reasons=[], profile_revision=2)
        review_undo(batch=batch, actor=user_make())
        assert everything(video)[0] == before[0]

    def test_what_was_decided_of_the_new_spans_stands_in_the_way(self, video: Video) -> None:
        decide(video, CONFIRMED, [Part(span_of(video).pk)])
        batch = decide(video, PENDING, [Part(span_of(video).pk)])
        self.judged_again(video)
        decide(video, RESTORED, [Part(make_span(video, 5, 30).pk)], actor=user_make("ines"))
        with pytest.raises(Conflict, match="ines restored"):
            review_undo(batch=batch, actor=user_make())


def test_undoing_takes_as_many_statements_for_many_spans(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    camera = make_camera()
    videos = [make_ready_video(camera) for _ in range(6)]
    for video in videos:
        make_metrics(video, defocus=1.0)
    spans = [make_span(video, start, start + 5) for video in videos for start in (0, 10, 20)]
    batch = decide(videos[0], RESTORED, [Part(span.pk) for span in spans])
    with django_assert_max_num_queries(26):
        review_undo(batch=batch, actor=user_make())
    assert QualitySpan.objects.in_state(PENDING).count() == 18

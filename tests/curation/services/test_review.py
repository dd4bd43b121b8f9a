"""Deciding about rejected spans: whole, in part, by name, by filter; once, and by two people at a time."""

from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from core.errors import Conflict, Invalid, NotFound
from core.models import AuditEvent, Job
from curation.models import QualityProfile, QualitySpan, ReviewBatch, SpanState, Video
from curation.selectors.spans import SpanFilter
from curation.services.review import Part, spans_review
from tests.curation.factories import make_camera, make_metrics, make_ready_video, make_span
from tests.factories import user_make

pytestmark = pytest.mark.django_db

PENDING, CONFIRMED, RESTORED = SpanState.PENDING, SpanState.CONFIRMED, SpanState.RESTORED


@pytest.fixture
def video() -> Video:
    """A hundred frames: defocused from 10 on, and too dark from 30 on."""
    video = make_ready_video(frames=100)
    at = np.arange(100)
    make_metrics(video, defocus=np.where(at >= 10, 0.5 + at / 256, 0), dark=np.where(at >= 30, 0.75, 0))
    return video


@pytest.fixture
def span(video: Video) -> QualitySpan:
    span = make_span(video, 10, 50, value=0.5 + 49 / 256)
    span.reasons = [
        *span.reasons,
        {"reason": "too_dark", "metric": "dark", "value": 0.75, "threshold": 0.5, "frames": 20},
    ]
    span.save(update_fields=["reasons"])
    return span


def decide(video: Video, to: SpanState, *spans: Part, **more: Any) -> ReviewBatch:
    values = {"actor": user_make(), "batch_id": uuid4(), **more}
    return spans_review(project=video.project, to=to, spans=spans, **values)


def standing(video: Video) -> list[tuple[int, int, str]]:
    return list(QualitySpan.objects.of_video(video).values_list("start", "end", "state"))


def rejected(video: Video) -> int:
    return Video.objects.get(pk=video.pk).rejected_frames


def test_a_whole_span_says_who_decided_it_when_and_in_which_decision(video: Video, span: QualitySpan) -> None:
    actor = user_make()
    batch = decide(video, CONFIRMED, Part(span.pk), actor=actor)
    span.refresh_from_db()
    assert (span.state, span.reviewed_by, span.batch) == (CONFIRMED, actor, batch)
    assert span.reviewed_at is not None
    assert (batch.spans, batch.frames, batch.after_count) == (1, 40, 1)
    event = AuditEvent.objects.get(verb="review.confirmed")
    assert (event.actor, event.object_id, event.data) == (actor, str(batch.pk), {"spans": 1, "frames": 40})


def test_restored_frames_are_out_no_longer_and_clips_are_cut_again(video: Video, span: QualitySpan) -> None:
    decide(video, CONFIRMED, Part(span.pk))
    assert not Job.objects.exists()
    decide(video, RESTORED, Part(span.pk))
    assert rejected(video) == 0
    assert [job.params for job in Job.objects.filter(kind="labelling.cut")] == [{"video": str(video.pk)}]


def test_a_part_splits_its_span_and_every_piece_has_its_own_reasons(video: Video, span: QualitySpan) -> None:
    batch = decide(video, RESTORED, Part(span.pk, 20, 40), Part(span.pk, 38, 45))
    assert standing(video) == [(10, 20, PENDING), (20, 45, RESTORED), (45, 50, PENDING)]
    assert (batch.spans, batch.frames, batch.after_count) == (1, 25, 3)
    assert rejected(video) == 15
    first, second, third = QualitySpan.objects.of_video(video)
    assert [reason["reason"] for reason in first.reasons] == ["defocus"]
    assert [(reason["reason"], reason["frames"]) for reason in second.reasons] == [
        ("defocus", 25),
        ("too_dark", 15),
    ]
    assert (first.reasons[0]["value"], first.reasons[0]["threshold"]) == (0.5 + 19 / 256, 0.5)
    assert (third.reviewed_by, third.batch) == (None, batch)
    assert second.reviewed_by is not None


def test_a_span_never_changes_its_frames(video: Video, span: QualitySpan) -> None:
    decide(video, RESTORED, Part(span.pk, 10, 20))
    assert not QualitySpan.objects.filter(pk=span.pk).exists()
    with pytest.raises(NotFound, match="1 span is not there any more"):
        decide(video, CONFIRMED, Part(span.pk))


@pytest.mark.parametrize("part", [(5, 20), (40, 51), (20, 20), (30, 20)])
def test_a_part_outside_its_span_is_refused(video: Video, span: QualitySpan, part: tuple[int, int]) -> None:
    with pytest.raises(Invalid):
        decide(video, RESTORED, Part(span.pk, *part))
    assert standing(video) == [(10, 50, PENDING)]


def test_spans_without_numbers_are_only_decided_whole() -> None:
    bare = make_ready_video()
    span = make_span(bare, 0, 20)
    with pytest.raises(Conflict, match="as a whole"):
        decide(bare, RESTORED, Part(span.pk, 0, 5))
    decide(bare, RESTORED, Part(span.pk))


def test_all_that_a_filter_finds_is_decided_but_for_the_exceptions(video: Video, span: QualitySpan) -> None:
    camera = video.camera
    other = make_ready_video(camera)
    spared, taken = make_span(other, 0, 5), make_span(other, 10, 15)
    dark = make_span(other, 20, 25, reason="too_dark")
    elsewhere = make_span(make_ready_video(make_camera(video.project)))
    batch = decide(
        video,
        CONFIRMED,
        where=SpanFilter(camera=camera.pk, reason="defocus", state=PENDING),
        besides=[Part(spared.pk), Part(span.pk, 10, 15), Part(span.pk, 20, 25), Part(dark.pk)],
        seen=3,
    )
    assert (batch.spans, batch.frames) == (2, 5 + 5 + 25)
    assert standing(video) == [
        (10, 15, PENDING),
        (15, 20, CONFIRMED),
        (20, 25, PENDING),
        (25, 50, CONFIRMED),
    ]
    decided = QualitySpan.objects.in_state(CONFIRMED).filter(batch=batch).values_list("pk", flat=True)
    assert taken.pk in decided
    assert not {spared.pk, dark.pk, elsewhere.pk} & set(decided)


@pytest.mark.parametrize(("seen", "said"), [(0, "1 span more came"), (3, "2 spans of these were decided")])
def test_another_number_of_spans_than_was_seen_is_refused(
    video: Video, span: QualitySpan, seen: int, said: str
) -> None:
    with pytest.raises(Conflict, match=said):
        decide(video, CONFIRMED, where=SpanFilter(state=PENDING), seen=seen)
    assert standing(video) == [(10, 50, PENDING)]


def test_an_exception_that_is_not_there_any_more_is_not_decided_over(video: Video, span: QualitySpan) -> None:
    decide(video, RESTORED, Part(span.pk, 10, 20))
    with pytest.raises(NotFound):
        decide(video, CONFIRMED, where=SpanFilter(), besides=[Part(span.pk)])


def test_what_is_in_that_state_already_keeps_who_and_when(video: Video, span: QualitySpan) -> None:
    first = decide(video, CONFIRMED, Part(span.pk))
    second = decide(video, CONFIRMED, where=SpanFilter())
    span.refresh_from_db()
    assert span.batch == first
    assert (second.spans, second.frames, second.after_count) == (0, 0, 0)


def test_what_is_put_back_was_reviewed_by_nobody(video: Video, span: QualitySpan) -> None:
    decide(video, RESTORED, Part(span.pk))
    decide(video, PENDING, Part(span.pk))
    span.refresh_from_db()
    assert (span.state, span.reviewed_by, span.reviewed_at) == (PENDING, None, None)
    assert rejected(video) == 40


def test_what_is_put_back_is_judged_again_by_a_newer_gate(video: Video, span: QualitySpan) -> None:
    decide(video, CONFIRMED, Part(span.pk))
    QualityProfile.objects.filter(camera=video.camera).update(revision=2)
    decide(video, PENDING, Part(span.pk))
    (job,) = Job.objects.filter(kind="curation.rejudge")
    assert job.params["videos"] == [str(video.pk)]


def test_the_same_decision_again_changes_nothing(video: Video, span: QualitySpan) -> None:
    batch_id = uuid4()
    first = decide(video, RESTORED, Part(span.pk, 10, 20), batch_id=batch_id)
    after = standing(video)
    again = decide(video, CONFIRMED, Part(span.pk), batch_id=batch_id)
    assert (again, again.to, again.created_at) == (first, RESTORED, first.created_at)
    assert standing(video) == after
    assert AuditEvent.objects.filter(object_id=str(batch_id)).count() == 1


def test_another_projects_spans_and_decisions_are_out_of_reach(video: Video, span: QualitySpan) -> None:
    stranger = make_ready_video()
    with pytest.raises(NotFound):
        decide(stranger, RESTORED, Part(span.pk))
    batch = decide(video, CONFIRMED, Part(span.pk))
    with pytest.raises(Conflict):
        decide(stranger, RESTORED, batch_id=batch.pk)
    assert decide(stranger, RESTORED, where=SpanFilter()).spans == 0


def test_a_decision_is_kept_as_it_was_made(video: Video, span: QualitySpan) -> None:
    batch = decide(video, CONFIRMED, Part(span.pk))
    changes: tuple[dict[str, Any], ...] = ({"to": RESTORED}, {"before": []}, {"frames": 1})
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewBatch.objects.filter(pk=batch.pk).update(**change)


def test_the_statements_do_not_grow_with_the_spans(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    camera = make_camera()
    actor = user_make()
    videos = [make_ready_video(camera) for _ in range(6)]
    spans = [make_span(video, start, start + 5) for video in videos for start in (0, 10, 20)]
    for video in videos:
        make_metrics(video, defocus=1.0)
    with django_assert_max_num_queries(28):
        decide(videos[0], RESTORED, where=SpanFilter(), besides=_firsts(spans), actor=actor)
    assert QualitySpan.objects.in_state(RESTORED).count() == 18


def _firsts(spans: list[QualitySpan]) -> list[Part]:
    return [Part(span.pk, span.start, span.start + 1) for span in spans]

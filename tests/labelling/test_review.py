"""What decisions about rejected footage do to clips: two apps, joined by a job of labelling's."""

from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from core.jobs.runner import run
from core.models import Job
from curation.models import QualitySpan, ReviewBatch, SpanState, Video
from curation.services.review import Part, spans_review
from curation.services.review_undo import review_undo
from labelling.models import Clip
from labelling.services.cutting import clips_cut
from tests.curation.factories import make_metrics, make_ready_video, make_span
from tests.factories import user_make
from tests.labelling.factories import annotate

pytestmark = pytest.mark.django_db(transaction=True)

Stretch = tuple[int, int]


@pytest.fixture
def video() -> Video:
    video = make_ready_video(frames=1000)
    make_metrics(video, defocus=np.where(np.arange(1000) // 100 == 3, 0.9, 0.1))
    make_span(video, 300, 400)
    clips_cut(video=video)
    return video


def span_of(video: Video) -> QualitySpan:
    return QualitySpan.objects.get(video=video)


def decide(video: Video, to: SpanState, *parts: Part) -> ReviewBatch:
    batch = spans_review(project=video.project, actor=user_make(), batch_id=uuid4(), to=to, spans=parts)
    work_off()
    return batch


def work_off() -> None:
    """Run what was asked for, as a worker does."""
    for job in Job.objects.filter(kind="labelling.cut", state="queued"):
        run(str(job.pk))


def bounds(video: Video) -> list[Stretch]:
    clips = Clip.objects.of_video(video).standing()
    return [(clip.start, clip.end) for clip in clips.order_by("start")]


def everything(clip: Clip) -> dict[str, Any]:
    return dict(Clip.objects.values().get(pk=clip.pk))


def test_restored_frames_are_in_clips_again_and_out_after_the_undo(video: Video) -> None:
    before = bounds(video)
    assert before == [(0, 300), (400, 650), (650, 900), (900, 1000)]
    batch = decide(video, SpanState.RESTORED, Part(span_of(video).pk))
    assert bounds(video) == [(0, 250), (250, 500), (500, 750), (750, 1000)]
    review_undo(batch=batch, actor=user_make())
    work_off()
    assert bounds(video) == before


def test_of_a_span_restored_in_part_the_rest_stays_out(video: Video) -> None:
    decide(video, SpanState.RESTORED, Part(span_of(video).pk, 300, 350))
    assert all(end <= 350 or start >= 400 for start, end in bounds(video))
    assert (250, 350) in bounds(video)


def test_confirming_cuts_nothing(video: Video) -> None:
    decide(video, SpanState.CONFIRMED, Part(span_of(video).pk))
    assert not Job.objects.exists()


def test_an_annotated_clip_is_flagged_by_decisions_and_never_moved(video: Video) -> None:
    restored = decide(video, SpanState.RESTORED, Part(span_of(video).pk))
    clip = Clip.objects.get(video=video, start=250, end=500)
    annotate(clip)
    annotated = everything(clip)
    decide(video, SpanState.CONFIRMED, Part(span_of(video).pk))
    flagged = everything(clip)
    assert flagged.pop("flagged")
    assert flagged.pop("flag_reason") == "Frames 300 to 399 are rejected now: defocus."
    assert flagged == {name: annotated[name] for name in flagged}
    assert (250, 500) in bounds(video)
    last = ReviewBatch.objects.exclude(pk=restored.pk).get()
    review_undo(batch=last, actor=user_make())
    work_off()
    assert everything(clip) == annotated

"""What judging again leaves: people's decisions as they were, and the gate's own verdicts anew."""

from typing import Any
from uuid import UUID

import numpy as np
import pytest

from core.models import Job
from curation.models import QualityProfile, QualitySpan, SpanState, Video
from curation.quality.verdict import Thresholds
from curation.selectors.gate import REJUDGE, gate_effect
from curation.services.gate import gate_apply
from curation.services.rejudging import videos_rejudged
from tests.curation.factories import make_camera, make_metrics, make_ready_video

pytestmark = pytest.mark.django_db
Row = tuple[int, int, str]


def dark_video(*stretches: tuple[int, int, float], frames: int = 200, **fields: Any) -> Video:
    """A video that is too dark in these stretches (start, end, how dark), judged as it came in."""
    dark = np.zeros(frames, np.float32)
    for start, end, value in stretches:
        dark[start:end] = value
    video = make_ready_video(frames=frames, **fields)
    make_metrics(video, dark=dark)
    judged(video)
    return video


def judged(*videos: Video) -> None:
    """Judge videos again, as a job does whose child had nothing to read."""
    camera = videos[0].camera
    revision = QualityProfile.objects.get(pk=camera.pk).revision
    params = {"camera": str(camera.pk), "revision": revision, "videos": [str(video.pk) for video in videos]}
    job = Job.objects.create(kind=REJUDGE, dedupe_key=f"{Job.objects.count()}", params=params)
    videos_rejudged(job=job, result={"revision": revision, "videos": {}, "files": {}}, files={})


def apply(video: Video, **thresholds: Any) -> None:
    profile = QualityProfile.objects.get(pk=video.camera_id)
    asked = Thresholds.from_json(profile.thresholds | thresholds)
    gate_apply(camera=video.camera, thresholds=asked, revision=profile.revision, actor=None)
    judged(video)


def decide(video: Video, start: int, state: SpanState) -> QualitySpan:
    QualitySpan.objects.filter(video=video, start=start).update(state=state)
    return QualitySpan.objects.get(video=video, start=start)


def rows(video: Video) -> list[Row]:
    return [(span.start, span.end, span.state) for span in QualitySpan.objects.of_video(video)]


def ids(video: Video) -> dict[int, UUID]:
    return {span.start: span.pk for span in QualitySpan.objects.of_video(video)}


def test_pending_spans_give_way_and_those_that_come_out_alike_keep_their_ids() -> None:
    video = dark_video((10, 20, 0.6), (50, 60, 0.9))
    before = ids(video)
    apply(video, too_dark=0.7)
    (span,) = QualitySpan.objects.of_video(video)
    assert (span.start, span.end, span.pk, span.profile_revision) == (50, 60, before[50], 2)
    assert (span.reasons[0]["threshold"], span.reasons[0]["frames"]) == (0.7, 10)
    video.refresh_from_db()
    assert video.rejected_frames == 10
    assert sum(video.rejected_over_time) > 0


@pytest.mark.parametrize("state", [SpanState.CONFIRMED, SpanState.RESTORED])
def test_what_people_decided_stands_to_the_frame(state: SpanState) -> None:
    video = dark_video((10, 20, 0.6), (50, 60, 0.9))
    decided = decide(video, 10, state)
    before = QualitySpan.objects.values().get(pk=decided.pk)
    for threshold in (0.95, None, 0.0):
        apply(video, too_dark=threshold)
        assert QualitySpan.objects.values().get(pk=decided.pk) == before
    video.refresh_from_db()
    assert video.rejected_frames == (20 if state == SpanState.CONFIRMED else 10)


def test_new_verdicts_are_laid_around_decisions_with_numbers_of_their_own() -> None:
    video = dark_video((10, 20, 0.6), (20, 40, 0.3))
    decide(video, 10, SpanState.RESTORED)
    QualitySpan.objects.filter(video=video, start=10).update(start=14, end=18)
    apply(video, too_dark=0.2)
    assert rows(video) == [(10, 14, "pending"), (14, 18, "restored"), (18, 40, "pending")]
    first, _, last = QualitySpan.objects.of_video(video)
    assert [(reason["frames"], round(reason["value"], 3)) for reason in first.reasons] == [(4, 0.6)]
    assert [(reason["frames"], round(reason["value"], 3)) for reason in last.reasons] == [(22, 0.6)]
    assert (first.reason, first.profile_revision) == ("too_dark", 2)


def test_what_the_effect_said_is_what_is_counted_afterwards() -> None:
    video = dark_video((10, 20, 0.6), (50, 60, 0.9), (90, 130, 0.4), (150, 155, 0.7))
    decide(video, 10, SpanState.RESTORED)
    decide(video, 50, SpanState.CONFIRMED)
    for threshold in (0.3, 0.65, 0.95, None):
        profile = QualityProfile.objects.get(pk=video.camera_id)
        asked = Thresholds.from_json(profile.thresholds | {"too_dark": threshold})
        said, _ = gate_effect(camera=video.camera, thresholds=asked)
        apply(video, too_dark=threshold)
        video.refresh_from_db()
        standing = QualitySpan.objects.of_video(video).standing()
        counted = sum(
            reason["frames"] for s in standing for reason in s.reasons if reason["reason"] == "too_dark"
        )
        assert said.rejected_after == video.rejected_frames
        assert said.spans_after == len(standing)
        assert said.reasons["too_dark"].after == counted


def test_only_videos_whose_verdicts_are_others_are_looked_at_again() -> None:
    camera = make_camera()
    one = dark_video((10, 40, 0.6), camera=camera)
    other = dark_video((10, 40, 0.9), camera=camera)
    Job.objects.all().delete()
    profile = gate_apply(camera=camera, thresholds=Thresholds(too_dark=0.7), revision=1, actor=None)
    judged(one, other)
    assert profile.revision == 2
    cuts = Job.objects.filter(kind="labelling.cut").values_list("params__video", flat=True)
    assert list(cuts) == [str(one.pk)]


def test_a_decision_made_while_the_child_was_at_work_stands() -> None:
    video = dark_video((10, 20, 0.6))
    gate_apply(camera=video.camera, thresholds=Thresholds(too_dark=0.2), revision=1, actor=None)
    job = Job.objects.get(kind=REJUDGE, params__revision=2)
    decide(video, 10, SpanState.RESTORED)
    reason = {"reason": "too_dark", "metric": "dark", "value": 0.6, "threshold": 0.2, "frames": 10}
    stale = [{"start": 10, "end": 20, "verdict": "rejected", "reasons": [reason]}]
    told = {"spans": stale, "decided": [], "rejects": {}}
    result = {"revision": 2, "videos": {str(video.pk): told}, "files": {}}
    videos_rejudged(job=job, result=result, files={})
    assert rows(video) == [(10, 20, "restored")]


def test_the_verdicts_of_a_gate_that_has_changed_again_are_thrown_away() -> None:
    video = dark_video((10, 20, 0.6))
    gate_apply(camera=video.camera, thresholds=Thresholds(too_dark=0.7), revision=1, actor=None)
    late = Job.objects.get(kind=REJUDGE, params__revision=2)
    gate_apply(camera=video.camera, thresholds=Thresholds(too_dark=0.65), revision=2, actor=None)
    told: dict[str, Any] = {"spans": [], "decided": [], "rejects": {}}
    videos_rejudged(job=late, result={"revision": 2, "videos": {str(video.pk): told}, "files": {}}, files={})
    assert rows(video) == [(10, 20, "pending")]
    assert Job.objects.filter(kind=REJUDGE, params__revision=3).count() == 1


def test_a_sprite_that_another_job_made_meanwhile_is_not_taken_for_the_old_one() -> None:
    video = dark_video((10, 20, 0.6))
    newer = {"frames": [10, 11], "sheets": ["rejects-b-0.jpg"]}
    artifacts = {name: {"key": f"made/{name}"} for name in ("rejects", "rejects-b-0")}
    Video.objects.filter(pk=video.pk).update(rejects=newer, artifacts=artifacts)
    params = {"camera": str(video.camera_id), "revision": 1, "videos": [str(video.pk)]}
    job = Job.objects.create(kind=REJUDGE, dedupe_key="late", params=params)
    told = {"spans": [], "decided": [], "rejects": {"frames": [10, 19], "sheets": ["rejects-a-0.jpg"]}}
    videos_rejudged(job=job, result={"revision": 1, "videos": {str(video.pk): told}, "files": {}}, files={})
    video.refresh_from_db()
    assert (video.rejects, video.artifacts) == (newer, artifacts)
    assert rows(video) == []


def test_a_video_that_was_put_under_another_camera_keeps_its_verdicts() -> None:
    video = dark_video((10, 20, 0.6))
    here = video.camera
    Video.objects.filter(pk=video.pk).update(camera=make_camera(video.project))
    profile = gate_apply(camera=here, thresholds=Thresholds(too_dark=0.7), revision=1, actor=None)
    params = {"camera": str(here.pk), "revision": profile.revision, "videos": [str(video.pk)]}
    job = Job.objects.create(kind=REJUDGE, dedupe_key="late", params=params)
    videos_rejudged(job=job, result={"revision": 2, "videos": {}, "files": {}}, files={})
    assert rows(video) == [(10, 20, "pending")]

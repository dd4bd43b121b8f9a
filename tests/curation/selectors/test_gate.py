"""How a camera's footage measures, what other thresholds would do, what people's decisions ask for."""

from typing import Any

import numpy as np
import pytest

from core.models import Job, JobState
from curation.models import Camera, FrameMetrics, QualityProfile, SpanState, Video
from curation.quality.gate import READ
from curation.quality.verdict import Thresholds
from curation.selectors import gate
from curation.selectors.gate import REJUDGE, footage_of, gate_effect, gate_of, metrics_of, sample_of
from tests.curation.factories import make_camera, make_metrics, make_ready_video, make_span

pytestmark = pytest.mark.django_db


def scored(camera: Camera, frames: int = 50, fps: float = 25.0, **columns: Any) -> Video:
    video = make_ready_video(camera, frames=frames, fps=fps)
    make_metrics(video, **columns)
    return video


def decide(camera: Camera, values: list[float], state: SpanState) -> None:
    """A decided span of ten frames, too dark, for each value."""
    video = scored(camera, frames=20 * len(values))
    for n, value in enumerate(values):
        make_span(video, 20 * n, 20 * n + 10, state, reason="too_dark", value=value)


def test_footage_is_read_as_it_was_scored() -> None:
    rng = np.random.default_rng(1)
    camera = make_camera()
    columns = [{name: rng.random(n, dtype=np.float32) for name in READ} for n in (7, 30, 1)]
    videos = [scored(camera, len(one["dark"]), 20.0 + n, **one) for n, one in enumerate(columns)]
    footage = footage_of(ids=[video.pk for video in videos])
    assert sorted(footage.lengths.tolist()) == [1, 7, 30]
    order = [[1, 7, 30].index(length) for length in footage.lengths.tolist()]
    by_length = sorted(zip(videos, columns, strict=True), key=lambda pair: pair[0].frames)
    assert footage.fps.tolist() == [by_length[n][0].fps for n in order]
    for name in READ:
        wanted = np.concatenate([by_length[n][1][name] for n in order])
        np.testing.assert_array_equal(footage.columns[name], wanted)


def test_decisions_lie_where_their_videos_begin() -> None:
    camera = make_camera()
    one, other = scored(camera, 40), scored(camera, 60)
    make_span(one, 5, 9, SpanState.CONFIRMED)
    make_span(one, 20, 30, SpanState.RESTORED)
    make_span(other, 1, 4, SpanState.CONFIRMED)
    make_span(other, 50, 55)
    footage = footage_of(ids=[one.pk, other.pk])
    first, second = (0, 40) if footage.lengths[0] == 40 else (60, 0)
    found = sorted(
        zip(footage.starts.tolist(), footage.ends.tolist(), footage.confirmed.tolist(), strict=True)
    )
    wanted = [(first + 5, first + 9, True), (first + 20, first + 30, False), (second + 1, second + 4, True)]
    assert found == sorted(wanted)
    assert footage.confirmed_for == {"defocus": 7}


def test_only_the_columns_that_are_asked_for_are_read() -> None:
    video = scored(make_camera(), 9)
    assert set(footage_of(ids=[video.pk], columns=["dark", "noise"]).columns) == {"dark", "noise"}
    assert footage_of(ids=[video.pk], columns=[]).frames == 9
    assert footage_of(ids=[]).frames == 0


def test_a_video_that_was_never_scored_is_left_out() -> None:
    camera = make_camera()
    make_ready_video(camera)
    scored(camera, 20)
    effect, sample = gate_effect(camera=camera, thresholds=Thresholds())
    assert (effect.frames, len(sample.ids)) == (20, 2)


def test_all_metrics_of_a_video_come_as_columns() -> None:
    metrics = metrics_of(video_id=scored(make_camera(), 3, luma=[1, 2, 3]).pk)
    assert (metrics["luma"].tolist(), len(metrics)) == ([1, 2, 3], 3)
    with pytest.raises(FrameMetrics.DoesNotExist):
        metrics_of(video_id=make_ready_video().pk)


def test_rules_that_are_off_reject_nothing() -> None:
    camera = make_camera()
    scored(camera, 50, dark=0.9)
    off = Thresholds.from_json(dict.fromkeys(name for name in Thresholds().to_json() if name != "bridge"))
    QualityProfile.objects.filter(pk=camera.pk).update(thresholds=off.to_json())
    effect, _ = gate_effect(camera=camera, thresholds=off)
    assert (effect.frames, effect.rejected_after) == (50, 0)


def test_too_much_footage_is_looked_at_evenly_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MOST_FRAMES", 100)
    camera = make_camera()
    videos = [scored(camera, 30) for _ in range(9)]
    sample = sample_of(camera=camera)
    assert sample.sampled
    assert sample.ids == [video.pk for video in videos[::3]]
    assert (sample.frames, sample.of_frames, sample.of_videos) == (90, 270, 9)
    monkeypatch.setattr(gate, "MOST_FRAMES", 10)
    assert len(sample_of(camera=camera).ids) == 1, "one is looked at, however long it is"


def test_all_of_what_is_ready_and_not_removed_is_looked_at() -> None:
    camera = make_camera()
    video = make_ready_video(camera, rejected_frames=8)
    make_ready_video(camera, deleted_at="2026-01-01T00:00Z")
    make_ready_video(make_camera(camera.site.project))
    sample = sample_of(camera=camera)
    assert (sample.ids, sample.rejected, sample.sampled) == ([video.pk], 8, False)
    nothing = sample_of(camera=make_camera())
    assert (nothing.ids, nothing.frames, nothing.sampled) == ([], 0, False)


def test_a_gate_of_a_camera_without_footage_is_told() -> None:
    found = gate_of(camera=make_camera())
    assert found.spread["defocus"].counts.sum() == 0
    assert (found.rejected["defocus"].before, found.offer) == (0, None)


def test_a_proposal_says_what_it_would_change_in_a_sentence() -> None:
    camera = make_camera()
    decide(camera, [0.55, 0.56, 0.57, 0.58, 0.59, 0.6], SpanState.RESTORED)
    decide(camera, [0.8, 0.9, 0.95, 0.97, 0.55], SpanState.CONFIRMED)
    dark = np.zeros(50, np.float32)
    dark[10:14], dark[20:23] = 0.58, 0.7
    scored(camera, 50, dark=dark)
    offer = gate_of(camera=camera).offer
    assert offer is not None
    assert (offer.proposal.reason, offer.proposal.threshold, offer.proposal.was) == ("too_dark", 0.6, 0.5)
    assert (offer.recovers, offer.rejects) == (4, 0)
    assert offer.sentence == (
        "Too dark over 0.6 would let in 6 of the 6 spans that were restored and keep out 4 of the 5 "
        "that were confirmed. It brings 4 frames back."
    )


def test_decisions_about_a_freeze_are_weighed_in_seconds() -> None:
    camera = make_camera()
    video = scored(camera, 400, fps=20.0)
    for n in range(12):
        make_span(video, 20 * n, 20 * n + 10, SpanState.RESTORED, reason="freeze", value=61)
    offer = gate_of(camera=camera).offer
    assert offer is not None
    assert offer.proposal.threshold == 3.1
    assert offer.sentence.startswith("Freeze over 3.1 s would let in 12 of the 12 spans")


def test_videos_that_wait_to_be_judged_and_those_that_failed_are_counted() -> None:
    camera = make_camera()
    QualityProfile.objects.filter(pk=camera.pk).update(revision=3)
    videos = [make_ready_video(camera) for _ in range(6)]
    videos.append(make_ready_video(make_camera(camera.site.project)))  # it was moved away since
    states = [
        (JobState.QUEUED, 3, [0, 1]),
        (JobState.RUNNING, 3, [1, 2]),
        (JobState.DONE, 3, [3]),
        (JobState.QUARANTINED, 3, [4, 6]),
        (JobState.FAILED, 2, [5]),
    ]
    for n, (state, revision, asked) in enumerate(states):
        ids = [str(videos[number].pk) for number in asked]
        params = {"camera": str(camera.pk), "revision": revision, "videos": ids}
        Job.objects.create(kind=REJUDGE, dedupe_key=f"judging {n}", state=state, params=params)
    judging = gate_of(camera=camera).judging
    assert (judging.waiting, judging.failed) == (3, 1)

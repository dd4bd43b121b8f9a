"""Cutting a video again and again while verdicts and annotations come and go."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import Job
from curation.models import QualitySpan, SpanState, Video, VideoState
from labelling.cuts import parting
from labelling.models import Clip, ClipOrigin, ClipState, Outcome
from labelling.services.cutting import clips_cut
from tests.curation.factories import make_camera, make_ready_video, make_video
from tests.labelling.factories import annotate, make_clip, make_span

pytestmark = pytest.mark.django_db
Stretch = tuple[int, int]


def bounds(video: Video) -> list[Stretch]:
    return [(clip.start, clip.end) for clip in clips_cut(video=video)]


def test_a_short_video_is_one_clip() -> None:
    video = make_ready_video(frames=500)
    (clip,) = clips_cut(video=video)
    assert (clip.start, clip.end, clip.state) == (0, 500, ClipState.OPEN)
    assert (clip.project, clip.camera) == (video.project, video.camera)
    assert (clip.index_sha256, clip.origin) == (video.index_sha256, ClipOrigin.CUT)


def test_rejected_frames_are_in_no_clip() -> None:
    video = make_ready_video(frames=500)
    make_span(video, 100, 150)
    assert bounds(video) == [(0, 100), (150, 400), (400, 500)]


def test_a_blip_stays_in_its_clip() -> None:
    video = make_ready_video(frames=500)
    make_span(video, 100, 101)
    make_span(video, 480, 500)
    assert bounds(video) == [(0, 500)]


def test_a_restored_span_is_as_if_it_had_never_been() -> None:
    video = make_ready_video(frames=500)
    make_span(video, 100, 150, SpanState.RESTORED)
    assert bounds(video) == [(0, 500)]


def test_cutting_twice_changes_nothing() -> None:
    video = make_ready_video(frames=1000)
    first = clips_cut(video=video)
    assert clips_cut(video=video) == first
    assert Clip.objects.count() == len(first)


@pytest.mark.parametrize("state", [VideoState.REGISTERED, VideoState.WORKING, VideoState.FAILED])
def test_a_video_that_is_not_ready_has_no_clips(state: VideoState) -> None:
    assert clips_cut(video=make_video(state=state)) == []


def test_clips_that_fit_no_more_are_withdrawn_and_come_back() -> None:
    video = make_ready_video(frames=500)
    (whole,) = clips_cut(video=video)
    span = make_span(video, 0, 100)
    assert bounds(video) == [(100, 350), (350, 500)]
    whole.refresh_from_db()
    assert whole.withdrawn_at is not None
    span.delete()
    assert clips_cut(video=video) == [whole]
    assert Clip.objects.count() == 3


def test_an_annotated_clip_is_flagged_and_otherwise_left_alone() -> None:
    video = make_ready_video(frames=1000)
    first = clips_cut(video=video)[1]
    annotate(first)
    before = Clip.objects.values().get(pk=first.pk)
    make_span(video, 240, 300)
    assert bounds(video) == [(0, 240), (250, 500), (500, 750), (750, 1000)]
    flag = {"flagged": True, "flag_reason": "Frames 250 to 299 are rejected now: too dark."}
    assert Clip.objects.values().get(pk=first.pk) == {**before, **flag}


def test_a_flag_goes_when_the_verdict_goes() -> None:
    video = make_ready_video(frames=100)
    (clip,) = clips_cut(video=video)
    annotate(clip)
    span = make_span(video, 99, 100)
    clips_cut(video=video)
    clip.refresh_from_db()
    assert clip.flag_reason == "Frame 99 is rejected now: too dark."
    span.state = SpanState.RESTORED
    span.save()
    clips_cut(video=video)
    clip.refresh_from_db()
    assert (clip.flagged, clip.flag_reason) == (False, "")


def test_an_annotation_that_was_taken_back_still_holds_its_clip() -> None:
    video = make_ready_video(frames=100)
    (clip,) = clips_cut(video=video)
    annotate(clip)
    annotate(clip, outcome=Outcome.CLEARED)
    make_span(video, 0, 100)
    assert clips_cut(video=video) == [clip]


def test_new_clips_are_cut_around_annotated_ones() -> None:
    video = make_ready_video(frames=450)
    clips_cut(video=video)
    annotate(make_clip(video, start=100, end=180))
    assert bounds(video) == [(0, 100), (100, 180), (180, 450)]


def test_the_clips_of_one_video_come_after_each_other_in_the_queue() -> None:
    camera = make_camera()
    videos = [make_ready_video(camera, frames=2000) for _ in range(2)]
    for video in reversed(videos):
        clips_cut(video=video)
    queue = [(clip.video, clip.start) for clip in Clip.objects.select_related("video").least_certain_first()]
    assert queue == [(video, start) for video in videos for start in range(0, 2000, 250)]


def test_a_job_already_asked_for_is_not_asked_for_again() -> None:
    clips_cut(video=make_ready_video(frames=100))
    assert not Job.objects.exists(), "cutting asks for nothing"


SPANS = st.lists(st.tuples(st.integers(0, 599), st.integers(1, 300)), max_size=4, unique_by=lambda s: s[0])


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(SPANS, st.sets(st.integers(0, 5), max_size=2)), min_size=1, max_size=4))
def test_whatever_happens_every_accepted_frame_is_in_one_clip(
    rounds: list[tuple[list[Stretch], set[int]]],
) -> None:
    video = make_ready_video(frames=600)
    said: dict[object, Stretch] = {}
    for spans, chosen in rounds:
        QualitySpan.objects.filter(video=video).delete()
        for start, length in spans:
            make_span(video, start, min(600, start + length))
        clips = clips_cut(video=video)
        rejected = {frame for start, length in spans for frame in range(start, min(600, start + length))}
        held = [frame for clip in clips for frame in range(clip.start, clip.end)]
        kept = {frame for start, end in said.values() for frame in range(start, end)}
        assert len(held) == len(set(held)), "no frame twice"
        out = parting([(start, start + length) for start, length in spans], frames=600, fps=video.fps)
        assert set(held) == set(range(600)).difference(*(range(*bounds) for bounds in out)) | kept
        standing = {clip.pk: (clip.start, clip.end) for clip in clips}
        assert said.items() <= standing.items(), "what was annotated stays where it was"
        flags = {clip.pk for clip in clips if clip.flagged}
        assert flags == {pk for pk, (start, end) in said.items() if rejected & set(range(start, end))}
        for number in chosen:
            if number < len(clips):
                annotate(clips[number], outcome=Outcome.UNCERTAIN)
                said[clips[number].pk] = (clips[number].start, clips[number].end)

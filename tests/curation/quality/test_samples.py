"""Which frames of rejected spans are shown."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from curation.quality.samples import shown_frames
from curation.quality.score import Metrics
from curation.quality.verdict import Reason, Span, Thresholds, judge

FRAMES = 400
lengths = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 40)), min_size=1, max_size=9)


def spans_of(steps: list[tuple[int, int]]) -> list[Span]:
    """Spans from (gap before, length) pairs."""
    spans, at = [], 0
    for gap, length in steps:
        reason = Reason("too_dark", "dark", 0.9, 0.5, length)
        spans.append(Span(at + gap, at + gap + length, "rejected", (reason,)))
        at = spans[-1].end
    return spans


def metrics_with(worst: dict[int, float], frames: int = FRAMES) -> Metrics:
    columns = dict(Metrics.empty(frames).columns)
    columns["dark"] = np.full(frames, 0.6, np.float32)
    for frame, value in worst.items():
        columns["dark"][frame] = value
    return Metrics(columns)


@given(lengths, st.integers(1, 12), st.integers(1, 60))
def test_every_span_that_finds_room_shows_some_of_its_own_frames(
    steps: list[tuple[int, int]], span_tiles: int, video_tiles: int
) -> None:
    spans = spans_of(steps)
    shown = shown_frames(metrics_with({}, 500), spans, span_tiles=span_tiles, video_tiles=video_tiles)
    assert shown == sorted(set(shown))
    assert len(shown) <= video_tiles
    counts = [sum(span.start <= frame < span.end for frame in shown) for span in spans]
    assert sum(counts) == len(shown)
    for span, count in zip(spans, counts, strict=True):
        assert count <= min(span_tiles, span.end - span.start)
        assert count >= 1 or len(spans) > video_tiles


def test_a_short_span_is_shown_whole() -> None:
    assert shown_frames(metrics_with({}), spans_of([(5, 12), (1, 1)])) == [*range(5, 17), 18]


@given(st.integers(13, 300), st.data())
def test_a_long_span_shows_its_first_last_and_worst_frame(length: int, data: st.DataObject) -> None:
    worst = data.draw(st.integers(50, 50 + length - 1))
    shown = shown_frames(metrics_with({worst: 0.9}), spans_of([(50, length)]))
    assert len(shown) == 12
    assert {50, worst, 50 + length - 1} <= set(shown)
    assert max(np.diff(shown)) <= 2 * -(-length // 11)


def test_a_span_with_room_for_one_frame_shows_the_worst() -> None:
    assert shown_frames(metrics_with({33: 0.9}), spans_of([(20, 40)]), span_tiles=1) == [33]


def test_of_too_many_spans_the_longest_are_shown() -> None:
    spans = spans_of([(1, 2), (1, 5), (1, 2), (1, 3)])
    shown = shown_frames(metrics_with({}), spans, video_tiles=2)
    assert [next(k for k, span in enumerate(spans) if span.start <= n < span.end) for n in shown] == [1, 3]


def test_nothing_rejected_shows_nothing() -> None:
    metrics = Metrics.empty(9)
    assert shown_frames(metrics, judge(metrics, Thresholds(), 25)) == []

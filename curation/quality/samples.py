"""Which frames of the rejected spans are shown to a person who reviews them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from curation.quality.score import Metrics
from curation.quality.verdict import Span

SPAN_TILES: Final = 12
VIDEO_TILES: Final = 600


def shown_frames(
    metrics: Metrics, spans: Sequence[Span], *, span_tiles: int = SPAN_TILES, video_tiles: int = VIDEO_TILES
) -> list[int]:
    """Ordinals to show, ascending: of each span at most `span_tiles`, of the video at most `video_tiles`.

    A span shows its first and its last frame, the worst by its main reason, and others evenly between;
    one that may show a single frame shows the worst. Where not all find room, every span shows fewer, and
    of more spans than `video_tiles` those with most frames are shown. `spans` are disjoint.
    """
    most_frames = sorted(spans, key=lambda span: (span.start - span.end, span.start))[:video_tiles]
    cap = span_tiles
    while cap > 1 and sum(min(cap, span.end - span.start) for span in most_frames) > video_tiles:
        cap -= 1
    chosen: list[int] = []
    for span in most_frames:
        chosen += _sampled(span, _worst(metrics, span), cap)
    return sorted(chosen)


def _worst(metrics: Metrics, span: Span) -> int:
    column = metrics[span.reasons[0].metric]
    return span.start + int(np.argmax(column[span.start : span.end]))


def _sampled(span: Span, worst: int, count: int) -> list[int]:
    length = span.end - span.start
    if length <= count:
        return list(range(span.start, span.end))
    if count == 1:
        return [worst]
    frames = np.linspace(span.start, span.end - 1, count).round().astype(int).tolist()
    if worst not in frames:
        # The ends stay where there is a frame between them that can give way.
        inner = range(1, count - 1) if count > 2 else range(count)
        frames[min(inner, key=lambda k: abs(frames[k] - worst))] = worst
    return sorted(frames)

"""Which frames of a video TSN looks at: one short stack in each of K equal segments.

Wang et al.: "Temporal Segment Networks" (ECCV 2016, arXiv 1608.00859), section 3.1, as in Xiong's
tsn-pytorch, with frames counted from 0 and not from 1. F is the number of frames, K that of segments and L
that of frames a segment: 1 of RGB, 5 of flow, 6 of RGB differences, which lie between frames. Known
deviations: where fewer than K starts are there, K are drawn (tsn-pytorch draws one, and fails), and a video
shorter than L starts at 0, to repeat its last frame. The middles are those of tsn-pytorch to the frame, whose
floats round otherwise than `training.ml.places.spread` for one video in twenty.
"""

import numpy as np

from training.ml.errors import TooLittle
from training.ml.places import Places


def drawn_starts(frames: int, segments: int, length: int, generator: np.random.Generator) -> Places:
    """A start at random in each segment, to learn from: (K,), ascending, each in 0..F-1.

    Raises TooLittle where there is no frame, no segment or no length.
    """
    _check(frames, segments, length)
    starts = max(frames - length + 1, 1)
    if (average := starts // segments) > 0:
        return np.arange(segments) * average + generator.integers(average, size=segments)
    if frames > segments:
        return np.sort(generator.integers(starts, size=segments))
    return np.zeros(segments, np.int64)


def centred_starts(frames: int, segments: int, length: int) -> Places:
    """The start in the middle of each segment, to be tested on: (K,), ascending, each in 0..F-1.

    Raises TooLittle where there is no frame, no segment or no length.
    """
    _check(frames, segments, length)
    tick = max(frames - length + 1, 1) / segments
    return np.array([int(tick / 2 + tick * k) for k in range(segments)], np.int64)


def frames_at(start_K: Places, frames: int, length: int) -> Places:
    """All frames of the stacks that start there, (K, L); past the end of the video its last comes again."""
    return np.minimum(start_K[:, None] + np.arange(length), frames - 1)


def _check(frames: int, segments: int, length: int) -> None:
    if min(frames, segments, length) < 1:
        raise TooLittle(
            f"A video of {frames} frames cannot be cut into {segments} segments with {length} frames each; "
            "all three must be at least 1."
        )
